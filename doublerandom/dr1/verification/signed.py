"""Check 2: the plan is signed by two, at level C each commitment by its party, all by listed keys."""

from typing import Final

from doublerandom.dr1.canon import Record, parse_time
from doublerandom.dr1.plan import signing_text
from doublerandom.dr1.signatures import verify_signature
from doublerandom.dr1.verification.logged import check_tree
from doublerandom.dr1.verification.material import Material
from doublerandom.dr1.verification.report import Finding, failed, not_checkable, passed

_SIGNERS: Final = ("operator", "supervisor")


def check_signatures(material: Material) -> Finding:
    """Roles in order, signatures by the keys given, persons and keys differ, the log lists those keys."""
    signatures = material.value("signatures.json")
    wanted = _wanted(material.require_plan())
    roles = [(signature["role"], signature["person"]) for signature in signatures]
    named = [
        (role, party["party"] if party else signature["person"])
        for (role, party, _), signature in zip(wanted, signatures, strict=False)
    ]
    if len(roles) != len(wanted) or roles != named:
        material.end(
            failed("signers_differ", "签名人与应签人不符", "other signers than the plan wants", roles)
        )
    for signature, (_, _, text) in zip(signatures, wanted, strict=True):
        verify_signature(signature["key"], signature["signature"], text)
    _check_separate(material, signatures)
    for signature, (_, party, _) in zip(signatures, wanted, strict=True):
        _check_listed(material, signature, party)
    people = ", ".join(f"{signature['role']} {signature['person']}" for signature in signatures)
    return passed("签名有效，密钥在册且各不相同", "signatures verify, keys are listed and differ", people)


def _wanted(plan: Record) -> list[tuple[str, Record | None, bytes]]:
    """Role, party of the plan (for `party` alone) and signed text of every signature, in order."""
    wanted: list[tuple[str, Record | None, bytes]] = [(role, None, signing_text(plan)) for role in _SIGNERS]
    if not plan["randomness"]:
        wanted += [
            ("party", entry, f"dr1|commit|{entry['commitment']}".encode()) for entry in plan["secrets"]
        ]
    return wanted


def _check_separate(material: Material, signatures: list[Record]) -> None:
    """Operator and supervisor are two persons; nobody has two keys and no key two persons."""
    pairs = {(signature["person"], signature["key"]) for signature in signatures}
    people, keys = {person for person, _ in pairs}, {key for _, key in pairs}
    if signatures[0]["person"] == signatures[1]["person"]:
        material.end(
            failed("signed_twice", "同一人签了两次", "one person signed twice", signatures[0]["person"])
        )
    if not len(pairs) == len(people) == len(keys):
        material.end(
            failed("key_shared", "密钥与签名人并非一一对应", "a key of two persons, or two keys of one")
        )


def _check_listed(material: Material, signature: Record, party: Record | None) -> None:
    """The log lists this key for this person and role, before the plan, and not ended at `committed_at`."""
    plan = material.require_plan()
    if plan["rehearsal"]:
        if "log.json" not in material.bundle:
            material.end(
                not_checkable(
                    "no_key_list", "签名有效；演练未附密钥登记", "signatures verify; no list of keys here"
                )
            )
        material.value("log.json")
        check_tree(material)
        before = None
    else:
        before, _ = material.entry("plan")
    for item in material.log_items():
        entry = item["entry"]
        if (
            entry["type"] == "key"
            and (before is None or item["index"] < before)
            and _fits(entry, signature, party, plan)
        ):
            return
    who = f"{signature['role']} {signature['person']}"
    material.end(
        failed("key_not_listed", "日志未登记该签名人的有效密钥", "no such valid key in the log", who)
    )


def _fits(entry: Record, signature: Record, party: Record | None, plan: Record) -> bool:
    same = all(entry[member] == signature[member] for member in ("person", "role", "key"))
    of_body = party is None or entry["body"] == party["body"]
    in_force = "until" not in entry or parse_time(entry["until"]) > parse_time(plan["committed_at"])
    return same and of_body and in_force
