"""Checks 13 and 14: what the bundle's entries tell of the log and of the draw's fate; level and warnings."""

from collections.abc import Iterator
from typing import Final

from doublerandom.dr1.beacon import level
from doublerandom.dr1.canon import parse_time
from doublerandom.dr1.log import check_log as check_entries
from doublerandom.dr1.verification.material import Material
from doublerandom.dr1.verification.report import (
    Finding,
    Status,
    failed,
    not_applicable,
    not_checkable,
    passed,
)

_SMALL: Final = 10
_SHOWN: Final = 8


def check_log(material: Material) -> Finding:
    """Nothing stands twice, `previous` is the plan before, every drawn subject came to something in time.

    Whether numbers have gaps, other plans are live, the annual plan has this line: only the whole log tells.
    """
    plan = material.require_plan()
    if plan["rehearsal"]:
        return not_applicable("演练不入日志", "a rehearsal is never logged")
    index, _ = material.entry("plan")
    check_entries(item["entry"] for item in material.log_items())
    _check_others(material, index)
    fate = _fate(material)
    _check_outcomes(material)
    return not_checkable(
        "needs_whole_log",
        "本次抽取的条目相符；序号连续与年度计划须凭整个日志核验",
        "this draw's entries agree; gapless numbers and the annual plan need the whole log",
        fate,
    )


def _check_others(material: Material, index: int) -> None:
    """The plan before is the one this plan names; an annual plan's entry precedes the plan's."""
    plan = material.require_plan()
    for item in material.log_items():
        entry = item["entry"]
        before = entry["type"] == "plan" and (entry["issuer"], entry["seq"]) == (
            plan["issuer"],
            plan["seq"] - 1,
        )
        if before and entry["plan_hash"] != plan["previous"]:
            material.end(
                failed(
                    "previous_differs",
                    "previous 不是前一方案",
                    "previous is not the plan before",
                    entry["plan_hash"],
                )
            )
    lists = [
        item["index"]
        for item in material.log_items()
        if item["entry"]["type"] == "list" and item["entry"]["what"] == "annual_plan"
    ]
    if lists and min(lists) > index:
        material.end(
            failed(
                "annual_plan_late", "年度计划晚于方案", "the annual plan is later than the plan", min(lists)
            )
        )


def _fate(material: Material) -> str:
    """What became of the plan: void, result, failed or live; nothing is voided once a visit was made."""
    voids, outcomes = material.entries("void"), material.entries("outcome")
    if voids and outcomes:
        material.end(
            failed("void_after_visit", "已有检查结果，不得作废", "a void although something was inspected")
        )
    if voids:
        return f"void: {voids[0][1]['reason']}"
    if material.entries("result"):
        return "result"
    return "failed" if material.outside.now > material.deadline() else "live"


def _check_outcomes(material: Material) -> None:
    """Outcomes are of drawn subjects; past `reveal_by` each has one in time, or was replaced."""
    if not material.entries("result") or material.entries("void") or not material.commitments:
        return
    if material.findings[12].status is not Status.PASSED:
        return  # who has a task now is not known
    last = parse_time(material.require_plan()["reveal_by"])
    names = {subject: subject for subject in material.latest}
    if "subjects" in material.require_plan().get("closed", []):
        for commitments in (material.commitments, material.latest):
            names |= {commitment: subject for subject, commitment in commitments.items()}
    done = set()
    for _, entry in material.entries("outcome"):
        if entry["subject"] not in names and entry["subject"] not in material.commitments:
            material.end(
                failed(
                    "outcome_of_nobody", "未抽中者有检查结果", "an outcome of nobody drawn", entry["subject"]
                )
            )
        if parse_time(entry["at"]) <= last:
            done.add(names.get(entry["subject"]))
    missing = sorted(material.latest.keys() - done)
    if missing and material.outside.now > last:
        material.end(
            failed(
                "no_outcome",
                "抽中对象逾期无结果",
                "drawn subjects without outcome",
                ", ".join(missing[:_SHOWN]),
            )
        )


def check_level(material: Material) -> Finding:
    """The level of the randomness, and what a reader should know."""
    found = level(material.require_plan()["randomness"])
    warnings = list(_warnings(material))
    zh = "；".join([f"随机级别 {found}", *(warning[0] for warning in warnings)])
    en = "; ".join([f"level {found}", *(warning[1] for warning in warnings)])
    return passed(zh, en, found, code="warnings" if warnings else "passed")


def _warnings(material: Material) -> Iterator[tuple[str, str]]:
    plan = material.require_plan()
    if plan["rehearsal"]:
        yield "这是演练", "this is a rehearsal"
    for stratum in plan["strata"]:
        left = stratum["size"] - stratum["excluded"]
        if 0 < stratum["take"] < left < _SMALL:
            yield (
                f"小库：{stratum['id']} 层只有 {left} 户可抽",
                f"small pool: {left} in stratum {stratum['id']}",
            )
    if material.inspectors is not None:
        able = sum("excluded" not in record for record in material.inspectors.records)
        if able < 2 * len(plan["team"]):
            yield f"小库：可派人员只有 {able} 名", f"small pool: {able} inspectors"
    if all(entry["purpose"] != "inspector" for entry in plan["secrets"]):
        yield "人员匹配不含秘密", "the deal has no secrets"
    last = parse_time(plan["reveal_by"])
    opened = [parse_time(entry["at"]) for _, entry in material.entries("open")]
    if not plan["rehearsal"] and (min(opened) if opened else material.outside.now) > last:
        yield "公开逾期", "late reveal"
    if material.entries("void"):
        yield "本次抽取已作废", "this draw is void"
    if "supersedes" in plan:
        yield f"替代已作废或失败的 {plan['supersedes']}", f"replaces the void or failed {plan['supersedes']}"
