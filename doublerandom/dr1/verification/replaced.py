"""Check 12: replacements are logged one by one, as committed to, and follow the order of section 9."""

from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import key_bytes
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
    for line, (_, entry) in zip(lines, logged, strict=True):
        _check_logged(material, line, entry)
    return passed(f"{len(lines)} 次替换均按次序", f"{len(lines)} replacements follow the order", len(lines))


def _check_numbers(material: Material, logged: list[tuple[int, Record]]) -> None:
    numbers = [entry["n"] for _, entry in logged]
    if numbers != list(range(1, len(logged) + 1)):
        material.end(failed("numbers_gap", "替换序号不连续", "the numbers have a gap", numbers))
    if logged and (not material.entries("result") or material.entry("result")[0] > logged[0][0]):
        material.end(failed("before_result", "替换先于结果", "a replacement before the result", logged[0][0]))


def _check_logged(material: Material, line: Record, entry: Record) -> None:
    """Number and reason, salt and commitments of one replacement are those of its entry."""
    n, task = line["n"], line["task"]
    if (n, line["reason"]) != (entry["n"], entry["reason"]):
        material.end(failed("entry_differs", "序号或理由与日志不符", "the log has another n or reason", n))
    salt = task_salt(key_bytes(material.value("keys.json")["tasks"]), task["subject"], n)
    if line["salt"] != salt or task_commitment(salt, task) != entry["commitment"]:
        material.end(failed("commitment_differs", "新任务的承诺不符", "the new task's commitment differs", n))
    replaced = line.get("old", "") if entry["what"] == "subject" else task["subject"]
    if material.latest.pop(replaced, "") != entry["old"]:
        material.end(failed("old_differs", "原任务的承诺不符", "the old task's commitment differs", n))
    material.latest[task["subject"]] = entry["commitment"]
