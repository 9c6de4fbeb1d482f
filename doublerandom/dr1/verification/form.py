"""Check 1: every file is read strictly, the set of files is closed, the plan and its hash hold."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from doublerandom.dr1.bundle import JSON_FILES, check_file
from doublerandom.dr1.canon import H, parse
from doublerandom.dr1.errors import BadRoundError, DuplicatePartyError, ProtocolError, WeakRandomnessError
from doublerandom.dr1.inputs import load_conflicts, load_inspectors
from doublerandom.dr1.lines import Source
from doublerandom.dr1.log import check_entry
from doublerandom.dr1.members import POOLS
from doublerandom.dr1.plan import check_plan, plan_hash
from doublerandom.dr1.pools import key_bytes, load_subjects, root_of_leaves
from doublerandom.dr1.verification.material import Material, is_of_pools
from doublerandom.dr1.verification.report import Finding, failed, passed, refused

# Rules that a plan of the right shape can break: they belong to checks 6 and 7, and the others can go on.
_OF_LATER_CHECKS: Final = (BadRoundError, WeakRandomnessError, DuplicatePartyError)
_WITH_SUBJECTS: Final = ("tasks.jsonl", "result.json", "replacements.jsonl")
_BEFORE_PLAN: Final = {"key"}


def read_files(material: Material) -> None:
    """Read whatever the bundle holds; what cannot be read is kept as a fault of that file."""
    for name in JSON_FILES:
        _read(material, name, material.bundle.json)
    for name in ("tasks.jsonl", "replacements.jsonl"):
        _read(material, name, lambda name: list(_records(material, name)))
    _read_plan(material)
    _read_log(material)
    if material.plan is not None:
        _read_pools(material)


def check_form(material: Material) -> Finding:
    """Canonical bytes, closed and typed objects, a closed set of files; rules.json and the plan's hash."""
    for name, error in material.faults.items():
        if not is_of_pools(name, error):
            material.end(refused(error, name))
    if "plan.json" not in material.bundle:
        material.end(failed("absent", "缺 plan.json", "plan.json is missing", "plan.json"))
    plan = material.require_plan()
    _check_names(material)
    material.value("rules.json")
    digest = H(material.bundle.read("rules.json")[:-1].decode())
    if digest != plan["rules"]:
        material.end(failed("rules_differ", "rules.json 与方案不符", "rules.json is not the plan's", digest))
    for item in material.log_items():
        entry = item["entry"]
        same_draw = entry["type"] == "plan" and (entry["issuer"], entry["draw"]) == (
            plan["issuer"],
            plan["draw"],
        )
        if same_draw and entry["plan_hash"] != material.plan_hash:
            material.end(
                failed(
                    "plan_hash_differs",
                    "方案哈希与日志不符",
                    "the log has another plan hash",
                    material.plan_hash,
                )
            )
    return passed(
        "文件均为规范字节；方案哈希", "all files canonical and closed; plan hash", material.plan_hash
    )


def _read(material: Material, name: str, reader: Callable[[str], Any]) -> None:
    if name not in material.bundle:
        return
    try:
        material.values[name] = reader(name)
    except ProtocolError as error:
        material.faults[name] = error.with_traceback(None)  # its frames would hold the file open


def _records(material: Material, name: str) -> Iterator[Any]:
    for line in material.bundle.lines(name):
        record = parse(line)
        check_file(name, record)
        yield record


def _read_plan(material: Material) -> None:
    if "plan.json" not in material.values:
        return
    try:
        check_plan(material.values["plan.json"])
    except _OF_LATER_CHECKS as error:
        material.plan_fault = error
    except ProtocolError as error:
        material.faults["plan.json"] = error
        return
    material.plan = material.values["plan.json"]
    material.plan_hash = plan_hash(material.values["plan.json"])


def _read_log(material: Material) -> None:
    try:
        for item in material.log_items():
            check_entry(item["entry"])
    except ProtocolError as error:
        del material.values["log.json"]
        material.faults["log.json"] = error


def _read_pools(material: Material) -> None:
    """Read the pools with their keys; a sealed pool whose key is not there yet is left for check 5."""
    readers: dict[str, Callable[[Source, bytes | None], Any]] = {
        "subjects": load_subjects,
        "inspectors": load_inspectors,
        "conflicts": load_conflicts,
    }
    for pool in POOLS:
        _read(material, f"{pool}.leaves", lambda name: root_of_leaves(_leaves(material, name)))
        _read_pool(material, pool, readers[pool])


def _read_pool(material: Material, pool: str, reader: Callable[[Source, bytes | None], Any]) -> None:
    sealed, keys = material.require_plan()[pool]["sealed"], material.values.get("keys.json", {})
    if sealed and pool not in keys:
        return
    key = key_bytes(keys[pool]) if sealed else None

    def read(name: str) -> Any:
        with material.bundle.open(name) as file:
            return reader(file, key)

    _read(material, f"{pool}.jsonl", read)
    setattr(material, pool, material.values.get(f"{pool}.jsonl"))


def _leaves(material: Material, name: str) -> Iterator[str]:
    for line in material.bundle.lines(name):
        yield line.decode("ascii", "replace")


def _check_names(material: Material) -> None:
    """Which of the named files may stand beside which."""
    plan, names = material.require_plan(), material.bundle.names
    wrong = {f"{pool}.leaves" for pool in POOLS if pool not in material.withheld}
    if material.withheld and material.withheld != set(plan["closed"]):
        wrong |= {f"{pool}.jsonl" for pool in plan["closed"]}
    if "subjects" in material.withheld:
        wrong |= set(_WITH_SUBJECTS)
    if plan["rehearsal"]:
        wrong.add("replacements.jsonl")
        kinds = {item["entry"]["type"] for item in material.log_items()}
        if not kinds <= _BEFORE_PLAN:
            material.end(
                failed("rehearsal_logged", "演练不入日志", "a rehearsal is never logged", sorted(kinds))
            )
    if wrong & names:
        material.end(
            failed(
                "file_out_of_place", "不应有的文件", "files that have no place here", sorted(wrong & names)
            )
        )
