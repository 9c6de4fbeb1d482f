"""Check 12: replacements are logged one by one, as committed to, and follow the order of section 9."""

from collections.abc import Iterator, Sequence
from itertools import islice

from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import key_bytes
from doublerandom.dr1.replacement import AfterDeal, Replacement, next_inspector, replaced_subject, replay
from doublerandom.dr1.tasks import task_commitment, task_salt
from doublerandom.dr1.verification.material import Material
from doublerandom.dr1.verification.report import Finding, Status, failed, passed


def check_replacements(material: Material) -> Finding:
    """Numbers without gap after the result; old and new tasks are those logged; nobody else was next."""
    logged = [] if material.require_plan()["rehearsal"] else material.entries("replace")
    _check_numbers(material, logged)
    material.unless_withheld("subjects", "inspectors", "conflicts")
    if not logged and "replacements.jsonl" not in material.bundle:
        if material.deal is None:
            material.wait(10)
        return passed("无替换", "no replacements", 0)
    lines = material.value("replacements.jsonl")
    if len(lines) != len(logged):
        material.end(
            failed("number_differs", "替换条数与日志不符", "the log has another number", len(logged))
        )
    for number in (10, 11):
        if material.findings[number].status is not Status.PASSED:
            material.wait(number)
    after = _after_deal(material, lines)
    draw = material.require_plan()["draw"]
    for line, (_, entry) in zip(lines, logged, strict=True):
        _check_pairs(material, after, line)
        (replacement,) = replay(after, [line], draw)
        _check_logged(material, replacement, line, entry)
    return passed(f"{len(lines)} 次替换均按次序", f"{len(lines)} replacements follow the order", len(lines))


def _after_deal(material: Material, lines: Sequence[Record]) -> AfterDeal:
    """The draw just after its deal; of the reserves no more is read than these lines can use."""
    plan, pool, selection = material.require_plan(), material.subjects, material.selection
    assert pool is not None
    assert selection is not None
    assert material.inspectors is not None
    assert material.conflicts is not None
    assert material.deal is not None
    named = {line["task"]["subject"] for line in lines}

    def reserve(stratum: str) -> Iterator[Record]:
        return map(pool.deal_record, islice(selection.reserve(stratum), len(lines)))

    return AfterDeal(
        subjects=[pool.deal_record(subject) for subject in selection.drawn],
        seats=plan["team"],
        inspectors=material.inspectors.records,
        conflicts=material.conflicts.of(named.union(selection.drawn)),
        seed=material.seeds["inspector"],
        dealt=material.deal,
        reserve=reserve,
    )


def _check_pairs(material: Material, after: AfterDeal, line: Record) -> None:
    """
    Pairs known since stand where they matter: the one that made somebody leave, those that keep others out.

    Nothing else commits to them, so a pair that changes nothing could be slipped in or altered unseen.
    """
    pairs = line.get("conflicts", [])
    for pair in pairs:
        leaving = "seat" in line and pair == f"{line.get('old', '')}:{line['task']['subject']}"
        others = [other for other in pairs if other != pair]
        if not leaving and _who_comes(after, line, pairs) == _who_comes(after, line, others):
            material.end(
                failed("pair_without_effect", "新回避关系与替换无关", "a pair that changes nothing", pair)
            )


def _who_comes(after: AfterDeal, line: Record, pairs: Sequence[str]) -> tuple[str, ...]:
    """The outcome of a replacement if these pairs are known."""
    if "seat" in line:
        return (next_inspector(after, line["task"]["subject"], line["seat"], pairs),)
    return replaced_subject(after, line.get("old", ""), conflicts=pairs).team


def _check_numbers(material: Material, logged: list[tuple[int, Record]]) -> None:
    numbers = [entry["n"] for _, entry in logged]
    if numbers != list(range(1, len(logged) + 1)):
        material.end(failed("numbers_gap", "替换序号不连续", "the numbers have a gap", numbers))
    if logged and (not material.entries("result") or material.entry("result")[0] > logged[0][0]):
        material.end(failed("before_result", "替换先于结果", "a replacement before the result", logged[0][0]))


def _check_logged(material: Material, replacement: Replacement, line: Record, entry: Record) -> None:
    """Number, kind and reason, salt and commitments of one replacement are those of its entry."""
    n, task = line["n"], line["task"]
    if (n, replacement.what, line["reason"]) != (entry["n"], entry["what"], entry["reason"]):
        material.end(
            failed("entry_differs", "序号、种类或理由与日志不符", "the log has another kind or reason", n)
        )
    salt = task_salt(key_bytes(material.value("keys.json")["tasks"]), task["subject"], n)
    if line["salt"] != salt or task_commitment(salt, task) != entry["commitment"]:
        material.end(failed("commitment_differs", "新任务的承诺不符", "the new task's commitment differs", n))
    if material.latest.pop(replacement.task_subject) != entry["old"]:
        material.end(failed("old_differs", "原任务的承诺不符", "the old task's commitment differs", n))
    material.latest[task["subject"]] = entry["commitment"]
