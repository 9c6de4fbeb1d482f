"""Checks 9 to 11: the drawn list, the deal with the proofs of empty seats, the result root and its time."""

from itertools import zip_longest

from doublerandom.dr1.canon import H, Record, canon, parse_time
from doublerandom.dr1.compute import deal_inspectors, tasks_of
from doublerandom.dr1.deal import Deal
from doublerandom.dr1.pools import key_bytes
from doublerandom.dr1.tasks import result_root, task_commitments
from doublerandom.dr1.tickets import select
from doublerandom.dr1.verification.material import Material
from doublerandom.dr1.verification.report import Finding, failed, passed


def check_drawn(material: Material) -> Finding:
    """In every stratum those carried, then the lowest tickets, are what result.json lists, by ticket."""
    plan = material.require_plan()
    material.unless_withheld("subjects")
    if "subject" not in material.seeds:
        material.wait(8)
    material.value("subjects.jsonl")
    if material.has_failed(5) or material.subjects is None:
        material.wait(5)
    material.selection = select(
        material.seeds["subject"], material.subjects, plan["strata"], plan.get("carried", ())
    )
    drawn = material.selection.drawn
    listed = material.value("result.json")["drawn"]
    digest = H(canon(drawn).decode())
    if listed != drawn:
        material.end(
            failed("drawn_differ", "抽中名单与签号不符", "not the list that the tickets give", digest)
        )
    return passed(f"{len(drawn)} 户均为签号最小者", f"the {len(drawn)} drawn have the lowest tickets", digest)


def check_deal(material: Material) -> Finding:
    """The deal gives the teams of tasks.jsonl, and the empty seats of result.json with their proofs."""
    plan = material.require_plan()
    material.unless_withheld("subjects", "inspectors", "conflicts")
    for pool in ("inspectors", "conflicts"):
        material.value(f"{pool}.jsonl")
    if material.has_failed(5) or material.subjects is None:
        material.wait(5)
    if "inspector" not in material.seeds:
        material.wait(8)
    if material.selection is None:
        material.wait(9)
    drawn = material.selection.drawn
    assert material.inspectors is not None
    assert material.conflicts is not None
    subjects = [material.subjects.deal_record(subject) for subject in drawn]
    seed = material.seeds["inspector"]
    dealt = deal_inspectors(plan, subjects, material.inspectors, material.conflicts, seed)
    material.deal = dealt
    _check_empty_seats(material, dealt)
    _check_tasks(material, tasks_of(plan, drawn, dealt.teams))
    empty = len(dealt.proofs)
    return passed(
        f"{len(drawn)} 个任务、{empty} 个空席相符", f"{len(drawn)} tasks, {empty} empty seats agree", empty
    )


def _check_empty_seats(material: Material, dealt: Deal) -> None:
    given = material.value("result.json").get("empty_seats", [])
    for listed, proof in zip_longest(given, dealt.iter_empty_seats()):
        if listed != proof:
            seat = proof or listed
            where = f"{seat['subject']} {seat['seat']}"
            material.end(
                failed("empty_seats_differ", "空席或其证明不符", "another empty seat, or proof", where)
            )


def _check_tasks(material: Material, tasks: list[Record]) -> None:
    given = material.value("tasks.jsonl")
    for listed, task in zip_longest(given, sorted(tasks, key=lambda task: str(task["subject"]))):
        if listed != task:
            where = (task or listed)["subject"]
            material.end(
                failed("task_differs", "任务与匹配结果不符", "not the task that the deal gives", where)
            )


def check_result(material: Material) -> Finding:
    """The commitments of tasks.jsonl give the root of result.json and of the log, which had it in time."""
    plan = material.require_plan()
    fixed = None if plan["rehearsal"] else _result_entry(material)
    material.unless_withheld("subjects")
    tasks, keys, result = (material.value(name) for name in ("tasks.jsonl", "keys.json", "result.json"))
    if "tasks" not in keys:
        material.wait(7)
    commitments = task_commitments(key_bytes(keys["tasks"]), tasks)
    root = result_root(commitments)
    material.commitments = {task["subject"]: found for task, found in zip(tasks, commitments, strict=True)}
    material.latest = dict(material.commitments)
    if result["result_root"] != root or len(material.commitments) != len(tasks):
        material.end(failed("root_differs", "结果根不符", "the commitments give another root", root))
    if not plan["rehearsal"]:
        _check_fixed(material, fixed, root)
    return passed("任务承诺得出结果根，按时入日志", "commitments give the result root, logged in time", root)


def _result_entry(material: Material) -> Record | None:
    """The `result` entry, in time and in its place; None where a void tells the root instead."""
    voids = material.entries("void")
    if not material.entries("result"):
        material.value("log.json")
        if not any("would_be_root" in void for _, void in voids):
            material.absent("log: result")
        return None
    index, entry = material.entry("result")
    if not voids or voids[0][0] > index:  # after a void the result is only what would have been
        _check_in_time(material, index, entry)
    if any(beacon > index for beacon, _ in material.entries("beacon")):
        material.end(failed("result_before_beacon", "结果先于信标", "the result precedes the beacon", index))
    if entry["count"] != sum(stratum["take"] for stratum in material.require_plan()["strata"]):
        material.end(
            failed(
                "count_differs", "任务数与抽取数不符", "not as many tasks as the plan takes", entry["count"]
            )
        )
    return entry


def _check_in_time(material: Material, index: int, entry: Record) -> None:
    if parse_time(entry["at"]) > material.deadline():
        material.end(failed("result_late", "结果入日志超时", "the result was logged too late", entry["at"]))
    if any(opened < index for opened, _ in material.entries("open")):
        material.end(
            failed("opened_early", "结果固定之前已公开秘密", "opened before the result was fixed", index)
        )


def _check_fixed(material: Material, fixed: Record | None, root: str) -> None:
    result = material.value("result.json")
    if fixed is not None:
        counts = (len(material.commitments), len(result.get("empty_seats", [])))
        if fixed["result_root"] != root or (fixed["count"], fixed["empty_seats"]) != counts:
            material.end(
                failed("log_differs", "日志中的结果不符", "the log has another result", fixed["result_root"])
            )
    for _, void in material.entries("void"):
        if void.get("would_be_root", root) != root:
            material.end(failed("void_differs", "作废条目的结果根不符", "the void names another root", root))
