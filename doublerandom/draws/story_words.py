"""The story and the figures of a draw in words, for public pages and the desk; no database here."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.draws.exclusions import SUBJECT_REASONS
from doublerandom.draws.queries import Event
from doublerandom.draws.reasons import ALL_REASONS, KIND_NAMES
from doublerandom.registry.names import INSPECTOR_REASONS

EVENT_TITLES = {
    "committed": _l("提交抽取承诺：计划摘要写入存证日志"),
    "signed": _l("两人签署计划（演练，不写入存证日志）"),
    "due": _l("约定的取随机数时刻"),
    "observed": _l("取得一项随机数"),
    "beacon": _l("随机数齐备"),
    "result": _l("完成抽取，结果已锁定"),
    "open": _l("揭示结果：公开秘密值、名录密钥与任务"),
    "outcome": _l("公示一户的检查结果"),
    "replace": _l("更换"),
    "void": _l("作废"),
    "failed": _l("未能按期完成"),
    "reveal": _l("最迟揭示时间"),
}
EXCLUSION_NAMES = {
    **SUBJECT_REASONS,
    **INSPECTOR_REASONS,
}
VOID_REASONS = {
    "wrong-scope": _l("抽查范围有误"),
    "wrong-rules": _l("适用细则有误"),
    "pool-error": _l("名录库有误"),
    "duplicate-plan": _l("与其他抽取重复"),
    "legal-change": _l("法律依据变化"),
    "emergency": _l("突发事件"),
    "leak": _l("名单泄露"),
    "technical": _l("技术故障"),
    "no-result": _l("未在期限内得出结果"),
    "not-opened": _l("未在期限内揭示"),
}


def exclusion_rows(excluded: Mapping[str, int]) -> list[tuple[str, int]]:
    """Exclusion reasons in words with their counts, the largest first."""
    rows = [(str(EXCLUSION_NAMES.get(code, code)), count) for code, count in excluded.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def timeline(events: Iterable[Event], *, office: str, log_url: Callable[[int], str]) -> list[dict[str, Any]]:
    """The events of a draw as the timeline component takes them; outcomes are counted where the last is."""
    told = list(events)
    outcomes = [event for event in told if event.kind == "outcome"]
    rows = []
    for event in told:
        row = _row(event, office=office, log_url=log_url)
        if event.kind != "outcome":
            rows.append(row)
        elif event is outcomes[-1]:
            rows.append(row | {"title": _("已公示 %(n)s 户的检查结果", n=len(outcomes))})
    ahead = next((row for row in rows if row["state"] == "todo"), None)
    if ahead is not None:
        ahead["state"] = "now"
    return rows


def _row(event: Event, *, office: str, log_url: Callable[[int], str]) -> dict[str, Any]:
    """One event."""
    row: dict[str, Any] = {
        "title": EVENT_TITLES["signed" if event.kind == "committed" and event.index < 0 else event.kind],
        "at": event.at,
        "office": office if event.kind not in {"due", "beacon"} else "",
        "state": "bad" if event.kind in {"void", "failed"} else "done" if event.done else "todo",
    }
    entry = event.entry or {}
    if event.kind == "committed" and entry:
        row |= {"hash": entry["plan_hash"], "hash_label": _("计划摘要")}
    if event.kind == "result" and entry:
        row |= {
            "hash": entry["result_root"],
            "hash_label": _("结果根"),
            "text": _(
                "共 %(tasks)s 项任务，空缺 %(empty)s 个席位。",
                tasks=entry["count"],
                empty=entry["empty_seats"],
            ),
        }
    if event.kind == "beacon" and entry:
        if entry["beacon"]:
            row["code"] = entry["beacon"]
        else:
            row["text"] = _("没有外部随机数，由各方秘密值决定。")
    if event.kind == "replace" and entry:
        row["title"] = KIND_NAMES[entry["what"]]
        reason = ALL_REASONS.get(entry["reason"], entry["reason"])
        row["text"] = _("第 %(n)s 次更换：%(reason)s。", n=entry["n"], reason=reason)
    if event.kind == "void" and entry:
        row["text"] = str(VOID_REASONS.get(entry["reason"], entry["reason"]))
        if root := entry.get("would_be_root"):
            row |= {"hash": root, "hash_label": _("本应得出的结果根")}
    if event.index >= 0:
        row |= {"url": log_url(event.index), "link": _("日志第 %(n)s 条", n=event.index)}
    return row
