"""Checks 6 to 8: the beacon with its BLS signature, the secrets, the seeds."""

from datetime import timedelta
from typing import Final

from doublerandom.dr1.beacon import beacon_text, has_drand
from doublerandom.dr1.canon import Record, parse_time
from doublerandom.dr1.errors import BadBeaconError
from doublerandom.dr1.inputs import check_keys, key_names
from doublerandom.dr1.members import PURPOSES
from doublerandom.dr1.seeds import check_secrets as check_opened
from doublerandom.dr1.seeds import secrets_of, seed
from doublerandom.dr1.verification.material import Material
from doublerandom.dr1.verification.report import Finding, failed, not_checkable, passed, refused

_LAST_ROUND: Final = timedelta(hours=72)


def check_beacon(material: Material) -> Finding:
    """Rounds by the rule, values of the right form, drand verified, and what the log says of all this."""
    plan = material.require_plan()
    if material.plan_fault is not None and material.plan_fault.check == 6:
        return refused(material.plan_fault, "plan.json")
    sources = plan["randomness"]
    values = material.value("beacon.json") if sources or "beacon.json" in material.bundle else []
    text = beacon_text(sources, values)
    if not plan["rehearsal"]:
        _check_observed(material, sources, values)
        _check_entry(material, text)
    material.beacon = text
    if not sources:
        return passed("无信标（C 级，只用各方秘密）", "no beacon (level C: the parties' secrets alone)")
    return passed("观测值属实，文本相符", "values hold, the text agrees", text)


def _check_observed(material: Material, sources: list[Record], values: list[Record]) -> None:
    """`observed` entries are beacon.json's values; beside drand, others are logged before `due`."""
    due = parse_time(material.require_plan()["due"])
    seen = {}
    for _, entry in material.entries("observed"):
        if entry["n"] >= len(sources) or entry["value"] != values[entry["n"]]:
            raise BadBeaconError(reason="observed differs", n=entry["n"])
        seen[entry["n"]] = parse_time(entry["at"])
    if not has_drand(sources):
        return
    for n, source in enumerate(sources):
        if source["kind"] != "drand" and (n not in seen or seen[n] >= due):
            material.end(
                failed(
                    "observed_late",
                    "与 drand 并用的来源须在 due 之前入日志",
                    "not logged before due beside drand",
                    n,
                )
            )


def _check_entry(material: Material, text: str) -> None:
    """The `beacon` entry has this text, follows all that was observed, and lies within 72 hours of `due`."""
    plan = material.require_plan()
    if not plan["randomness"] and not material.entries("beacon"):
        return
    index, entry = material.entry("beacon")
    if entry["beacon"] != text:
        material.end(
            failed("beacon_differs", "日志中的信标不符", "the log has another beacon", entry["beacon"])
        )
    numbers = {observed["n"] for _, observed in material.entries("observed")}
    if len(numbers) != len(plan["randomness"]):
        material.end(
            failed("not_observed", "日志中缺观测值", "a value that the log never observed", len(numbers))
        )
    if any(observed > index for observed, _ in material.entries("observed")):
        material.end(failed("observed_after", "观测晚于信标条目", "observed after the beacon entry", index))
    at, due = parse_time(entry["at"]), parse_time(plan["due"])
    if has_drand(plan["randomness"]) and not due <= at <= due + _LAST_ROUND:
        material.end(
            failed("beacon_time", "信标不在 due 后 72 小时之内", "not within 72 h after due", entry["at"])
        )


def check_secrets(material: Material) -> Finding:
    """Each secret gives its commitment, in plan order; keys and secrets are those of the `open` entry."""
    plan = material.require_plan()
    if material.plan_fault is not None and material.plan_fault.check == 7:
        return refused(material.plan_fault, "plan.json")
    promised = {entry["purpose"] for entry in plan["secrets"]}
    material.purposes = tuple(purpose for purpose in PURPOSES if purpose not in promised)
    secrets = material.value("secrets.json") if promised or "secrets.json" in material.bundle else []
    shown = ("inspector",) if "subjects" in material.withheld else PURPOSES
    check_opened(plan, secrets, shown)
    _check_keys(material)
    if not plan["rehearsal"] and {"keys.json", "secrets.json"} & material.bundle.names:
        _check_open(material, secrets)
    material.secrets = secrets
    material.purposes = tuple(purpose for purpose in PURPOSES if purpose in shown or purpose not in promised)
    if promised - set(shown):
        return not_checkable(
            "withheld", "已公开者相符；对象秘密不公开", "those open agree; subject secrets are closed"
        )
    return passed(
        f"{len(secrets)} 个秘密与承诺相符", f"{len(secrets)} secrets give their commitments", len(secrets)
    )


def _check_keys(material: Material) -> None:
    """keys.json holds the keys of the sealed pools and the tasks, less what is withheld."""
    if "keys.json" not in material.bundle:
        return
    wanted = key_names(material.require_plan()) - material.withheld
    if "subjects" in material.withheld:
        wanted -= {"tasks"}
    check_keys(material.require_plan(), material.value("keys.json"), wanted)


def _check_open(material: Material, secrets: list[Record]) -> None:
    """The log's `open` entry has the same secrets and keys, always without what `closed` withholds."""
    closed = set(material.require_plan().get("closed", []))
    hidden = {*closed, "tasks"} if "subjects" in closed else closed
    _, entry = material.entry("open")
    if entry["secrets"] != [
        one for one in secrets if "subjects" not in closed or one["purpose"] != "subject"
    ]:
        material.end(failed("open_differs", "日志公开的秘密不符", "the log opened other secrets"))
    keys = {name: key for name, key in material.value("keys.json").items() if name not in hidden}
    if entry["keys"] != keys:
        material.end(failed("open_differs", "日志公开的密钥不符", "the log opened other keys"))


def check_seeds(material: Material) -> Finding:
    """The seeds from plan hash, beacon text and secrets, as far as these are open."""
    plan = material.require_plan()
    if material.beacon is None:
        material.wait(6)
    for purpose in material.purposes:
        secrets = secrets_of(material.secrets, purpose)
        material.seeds[purpose] = seed(
            material.plan_hash, purpose, material.beacon, secrets, rehearsal=plan["rehearsal"]
        )
    value = ", ".join(f"{purpose} {found}" for purpose, found in material.seeds.items())
    if set(material.seeds) == set(PURPOSES):
        return passed("种子由方案、信标与秘密得出", "seeds follow from plan, beacon and secrets", value)
    if not material.seeds:
        material.wait(7)
    return not_checkable("absent", "另一用途的秘密未公开", "the other purpose's secrets are not open", value)
