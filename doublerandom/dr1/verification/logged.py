"""Checks 3 and 4: the entries are in the log that its key signed, and the plan was there before `due`."""

from typing import Final

import orjson

from doublerandom.dr1.bundle import note_text
from doublerandom.dr1.canon import Record, canon, parse_time
from doublerandom.dr1.checkpoints import BadCheckpointError, Checkpoint, cosigned_at, verify_checkpoint
from doublerandom.dr1.members import Check, closed, digest, list_of, text
from doublerandom.dr1.merkle import leaf_hash, verify_consistency, verify_inclusion
from doublerandom.dr1.verification.material import Material
from doublerandom.dr1.verification.report import Finding, failed, not_applicable, not_checkable, passed

_PROOF: Final[Check] = closed({"proof": list_of(digest)})


def _note(value: object, where: str) -> None:
    if type(value) is not str:
        list_of(text)(value, where)


_WITNESS: Final[Check] = closed({"checkpoint": _note}, {"proof": list_of(digest), "stamp": text})


def check_inclusion(material: Material) -> Finding:
    """Every entry is in the signed tree, the plan's with its facts; one's own checkpoint agrees."""
    plan = material.require_plan()
    if plan["rehearsal"]:
        return not_applicable("演练不入日志", "a rehearsal is never logged")
    checkpoint = check_tree(material)
    for item in material.log_items():
        entry = item["entry"]
        if entry.get("plan_hash") == material.plan_hash and entry["draw"] != plan["draw"]:
            material.end(
                failed("draw_differs", "条目的抽取号不符", "an entry names another draw", item["index"])
            )
    index, entry = _plan_entry(material)
    if (entry["issuer"], entry["seq"]) != (plan["issuer"], plan["seq"]):
        material.end(
            failed("entry_differs", "日志条目与方案不符", "the entry is not the plan's", entry["seq"])
        )
    zh, en = _compare_own(material, checkpoint)
    number = len(material.log_items())
    return passed(
        f"{number} 条均已收录；{zh}", f"{number} entries included; {en}", f"{index}/{checkpoint.size}"
    )


def _plan_entry(material: Material) -> tuple[int, Record]:
    """The plan's entry, which is the first of all that name the plan."""
    named = [item for item in material.log_items() if item["entry"].get("plan_hash") == material.plan_hash]
    if named and named[0]["entry"]["type"] != "plan":
        index = named[0]["index"]
        material.end(
            failed("before_plan", "方案条目之前已有其条目", "entries of the plan before its own", index)
        )
    return material.entry("plan")


def check_tree(material: Material) -> Checkpoint:
    """The checkpoint is of the plan's log and signed by its key; every inclusion proof leads to its root."""
    log = material.value("log.json")
    if log["origin"] != material.require_plan()["log"]:
        material.end(
            failed("another_log", "不是方案所说的日志", "another log than the plan's", log["origin"])
        )
    checkpoint = verify_checkpoint(
        note_text(log["checkpoint"]), origin=log["origin"], public_key=bytes.fromhex(log["key"])
    )
    indices = [item["index"] for item in log["entries"]]
    if indices != sorted(set(indices)):
        material.end(failed("entries_unordered", "条目未按序", "entries out of order", indices))
    for item in log["entries"]:
        proof = [bytes.fromhex(step) for step in item["proof"]]
        leaf = leaf_hash(canon(item["entry"]))
        if not verify_inclusion(leaf, item["index"], checkpoint.size, proof, checkpoint.root):
            material.end(failed("not_included", "收录证明不成立", "an inclusion proof fails", item["index"]))
    material.checkpoint = checkpoint
    return checkpoint


def check_commitment_time(material: Material) -> Finding:
    """The plan's entry is earlier than `due`; that somebody outside saw it then, witness.json must show."""
    plan = material.require_plan()
    if plan["rehearsal"]:
        return not_applicable("演练不入日志", "a rehearsal is never logged")
    index, entry = material.entry("plan")
    if parse_time(entry["at"]) >= parse_time(plan["due"]):
        material.end(failed("logged_late", "方案入日志不早于 due", "logged no earlier than due", entry["at"]))
    own = not_checkable(
        "own_clock", "尚不可查：仅有本机关自己的时钟", "not checkable: the office's own clock", entry["at"]
    )
    if "witness.json" not in material.bundle:
        return own
    witness = material.value("witness.json")
    if "checkpoint" not in witness:
        return own  # evidence of another kind, to be looked at by hand
    _WITNESS(witness, "witness.json")
    return _check_witness(material, witness, index)


def _check_witness(material: Material, witness: Record, index: int) -> Finding:
    """A checkpoint that covers the plan, fits the bundle's, cosigned before `due` by a trusted key."""
    if material.checkpoint is None:
        material.wait(3)
    log = material.value("log.json")
    note = note_text(witness["checkpoint"])
    seen = verify_checkpoint(note, origin=log["origin"], public_key=bytes.fromhex(log["key"]))
    if seen.size <= index:
        material.end(
            failed("witness_too_small", "见证的检查点不含方案", "the witnessed one lacks the plan", seen.size)
        )
    if seen.size != material.checkpoint.size and "proof" not in witness:
        material.end(
            not_checkable("no_proof", "见证缺一致性证明", "the witness has no consistency proof", seen.size)
        )
    _check_consistent(material, seen, material.checkpoint, witness.get("proof", []))
    times = [at for at in (cosigned_at(note, key) for key in material.outside.witnesses) if at is not None]
    if not times:
        return not_checkable(
            "witness_unknown",
            "见证人的密钥须自备（--witness）",
            "bring a witness's key (--witness)",
            seen.size,
        )
    if min(times) >= parse_time(material.require_plan()["due"]):
        material.end(failed("witnessed_late", "见证不早于 due", "witnessed no earlier than due", min(times)))
    return passed("外部见证早于 due", "witnessed outside the office before due", min(times))


def _compare_own(material: Material, checkpoint: Checkpoint) -> tuple[str, str]:
    """The asker's own checkpoint is of the same log and consistent with the bundle's."""
    if material.outside.checkpoint is None:
        return "未与自存检查点比对（--checkpoint）", "not compared with one's own checkpoint (--checkpoint)"
    log = material.value("log.json")
    own = verify_checkpoint(
        material.outside.checkpoint, origin=log["origin"], public_key=bytes.fromhex(log["key"])
    )
    proof: list[str] = []
    if own.size != checkpoint.size:
        if material.outside.proof is None:
            first, second = sorted((own.size, checkpoint.size))
            where = f"/log/proof/consistency?first={first}&second={second}"
            material.end(
                not_checkable(
                    "no_proof", "比对需一致性证明（--proof）", "needs a consistency proof (--proof)", where
                )
            )
        proof = _own_proof(material.outside.proof)
    _check_consistent(material, own, checkpoint, proof)
    return "与自存检查点一致", "consistent with one's own checkpoint"


def _own_proof(data: str) -> list[str]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadCheckpointError(reason="the proof is no JSON") from error
    _PROOF(value, "--proof")
    return list(value["proof"])


def _check_consistent(material: Material, one: Checkpoint, other: Checkpoint, proof: list[str]) -> None:
    """The larger tree extends the smaller one; trees of one size are the same."""
    first, second = sorted((one, other), key=lambda checkpoint: checkpoint.size)
    steps = [bytes.fromhex(step) for step in proof]
    if first.size == 0:
        return  # every log extends the empty one
    if not verify_consistency(first.size, second.size, first.root, second.root, steps):
        material.end(
            failed(
                "inconsistent",
                "检查点互不一致：日志被改写",
                "checkpoints disagree: the log was rewritten",
                first.size,
            )
        )
