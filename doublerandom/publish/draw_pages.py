"""What the public page of a draw says: its story, its figures and its plan, from values to words; no database here."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.draws.queries import Event

EVENT_TITLES = {
    "committed": _l("提交抽取承诺：计划摘要写入存证日志"),
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
    "status-deregistered": _l("已注销"),
    "status-revoked": _l("已吊销"),
    "status-moved-out": _l("已迁出"),
    "cap-per-year": _l("本年度检查已达频次上限"),
    "cool-down": _l("近期已检查，冷却期内"),
    "exempt-by-measure": _l("守信激励：免于抽取"),
    "stratum-excluded": _l("该层不参加抽取"),
    "leave": _l("请假"),
    "training": _l("培训"),
    "certificate-expired": _l("执法证件过期"),
}
LEVELS = {
    "A": _l("A 级：公共随机信标，无人可以选择"),
    "B": _l("B 级：彩票号码或当众掷骰"),
    "C": _l("C 级：三方以上各出秘密值"),
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


def level_of(randomness: Iterable[Mapping[str, Any]]) -> str:
    """The level of randomness: A with a drand source, B with a lottery or dice, C with secrets alone."""
    kinds = {source["kind"] for source in randomness}
    return "A" if "drand" in kinds else "B" if kinds else "C"


def source_words(source: Mapping[str, Any]) -> str:
    """One source of randomness in plain words."""
    if source["kind"] == "drand":
        return _("公共随机信标 drand quicknet 第 %(round)s 轮", round=f"{source['round']:,}")
    if source["kind"] == "dice":
        return _("当众掷 %(count)s 次 %(sides)s 面骰", count=source["count"], sides=source["sides"])
    names = {"cn-ssq": _("双色球"), "cn-kl8": _("快乐8")}
    return _("%(name)s第 %(issue)s 期开奖号码", name=names.get(source["name"], source["name"]), issue=source["issue"])


def exclusion_rows(excluded: Mapping[str, int]) -> list[tuple[str, int]]:
    """Exclusion reasons in words with their counts, the largest first."""
    rows = [(str(EXCLUSION_NAMES.get(code, code)), count) for code, count in excluded.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def timeline(events: Iterable[Event], *, office: str, log_url: Callable[[int], str]) -> list[dict[str, Any]]:
    """The events of a draw as the timeline component takes them; outcomes are counted, not listed."""
    rows, outcomes, last = [], 0, None
    for event in events:
        if event.kind == "outcome":
            outcomes, last = outcomes + 1, event
            continue
        rows.append(_row(event, office=office, log_url=log_url))
    if last is not None:
        row = _row(last, office=office, log_url=log_url)
        rows.append(row | {"title": _("已公示 %(n)s 户的检查结果", n=outcomes)})
    ahead = next((row for row in rows if row["state"] == "todo"), None)
    if ahead is not None:
        ahead["state"] = "now"
    return rows


def _row(event: Event, *, office: str, log_url: Callable[[int], str]) -> dict[str, Any]:
    """One event."""
    row: dict[str, Any] = {
        "title": EVENT_TITLES[event.kind],
        "at": event.at,
        "office": office if event.kind not in {"due", "beacon"} else "",
        "state": "bad" if event.kind in {"void", "failed"} else "done" if event.done else "todo",
    }
    entry = event.entry or {}
    if event.kind == "committed" and entry:
        row |= {"hash": entry["plan_hash"], "hash_label": _("计划摘要")}
    if event.kind == "result" and entry:
        row |= {
            "hash": entry["result_root"], "hash_label": _("结果根"),
            "text": _("共 %(tasks)s 项任务，空缺 %(empty)s 个席位。", tasks=entry["count"], empty=entry["empty_seats"]),
        }
    if event.kind == "beacon" and entry:
        row["text"] = entry["beacon"] or _("没有外部随机数，由各方秘密值决定。")
    if event.kind == "void" and entry:
        row["text"] = str(VOID_REASONS.get(entry["reason"], entry["reason"]))
        if root := entry.get("would_be_root"):
            row |= {"hash": root, "hash_label": _("本应得出的结果根")}
    if event.index >= 0:
        row |= {"url": log_url(event.index), "link": _("日志第 %(n)s 条", n=event.index)}
    return row


def plan_rows(plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The plan in plain words, for the record list."""
    sources = "；".join(source_words(source) for source in plan["randomness"]) or _("不用外部随机数")
    parties = sorted({f"{secret['party']} / {secret['body']}" for secret in plan["secrets"]})
    closed = _("不公开对象名录（按信用风险分类分层）") if "subjects" in plan.get("closed", []) else _("对象名录公开")
    return [
        (_("年度计划项"), plan["annual_item"]),
        (_("检查事项"), "、".join(plan["items"])),
        (_("对象范围"), plan["filter"] or _("辖区内全部检查对象")),
        (_("每组席位"), "、".join(_seat_words(seat) for seat in plan["team"])),
        (_("随机数来源"), sources),
        (_("秘密值提供方"), "、".join(parties) or _("无")),
        (_("名录"), closed),
        (_("本机关第几次承诺"), str(plan["seq"]) if plan["seq"] else _("演练，不计序号")),
    ]


def _seat_words(seat: Mapping[str, Any]) -> str:
    """One seat: its name, department and skills."""
    limits = [seat[name] for name in ("department",) if name in seat] + list(seat.get("skills", []))
    return f"{seat['seat']}（{'、'.join(limits)}）" if limits else str(seat["seat"])
