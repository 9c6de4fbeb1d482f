"""A plan in plain words: its sources of randomness, its parties, its scope, its seats; no database here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.registry import names

LEVELS = {
    "A": _l("A 级：公共随机信标，无人可以选择"),
    "B": _l("B 级：彩票号码或当众掷骰"),
    "C": _l("C 级：三方以上各出秘密值"),
}
PARTIES = {"operator": _l("经办方"), "supervisor": _l("监督方")}


def source_words(source: Mapping[str, Any]) -> str:
    """One source of randomness in plain words."""
    if source["kind"] == "drand":
        return str(_("公共随机信标 drand quicknet 第 %(round)s 轮", round=f"{source['round']:,}"))
    if source["kind"] == "dice":
        return str(_("当众掷 %(count)s 次 %(sides)s 面骰", count=source["count"], sides=source["sides"]))
    lotteries = {"cn-ssq": _("双色球"), "cn-kl8": _("快乐8")}
    name = lotteries.get(source["name"], source["name"])
    return str(_("%(name)s第 %(issue)s 期开奖号码", name=name, issue=source["issue"]))


def plan_rows(
    plan: Mapping[str, Any],
    *,
    items: Mapping[str, str],
    bodies: Mapping[str, str],
    regions: Mapping[str, str],
    people: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """
    The plan in plain words, for the record list.

    Args:
        plan: The plan object (docs/protocol.md).
        items: Names of its items by code.
        bodies: Names of bodies by token.
        regions: Names of the regions its scope names, by code.
        people: Names of parties at level C, by token.
    """
    comma = _("、")
    sources = comma.join(source_words(source) for source in plan["randomness"]) or _("不用外部随机数")
    parties = dict.fromkeys((secret["party"], secret["body"]) for secret in plan["secrets"])
    named = {**PARTIES, **(people or {})}
    closed = "subjects" in plan.get("closed", [])
    return [
        (_("年度计划项"), plan["annual_item"]),
        (_("检查事项"), comma.join(f"{code} {items.get(code, '')}".strip() for code in plan["items"])),
        (_("对象范围"), names.scope_words(plan["filter"], regions) or _("辖区内全部检查对象")),
        (_("每组席位"), comma.join(names.seat_words(seat) for seat in plan["team"])),
        (_("随机数来源"), sources),
        (
            _("秘密值提供方"),
            comma.join(_party_words(*each, named, bodies) for each in sorted(parties)) or _("无"),
        ),
        (_("名录"), _("不公开对象名录（按信用风险分类分层）") if closed else _("对象名录公开")),
        (_("本机关第几次承诺"), str(plan["seq"]) if plan["seq"] else _("演练，不计序号")),
    ]


def _party_words(party: str, body: str, people: Mapping[str, Any], bodies: Mapping[str, str]) -> str:
    """Who makes a secret: its part in the draw, and its body."""
    name = people.get(party, party)
    return str(_("%(seat)s（%(limits)s）", seat=name, limits=bodies.get(body, body)))


def stratum_in_words(token: str) -> str:
    """A stratum as people call it, where its token is of the usual form; else the token itself."""
    kind, _dash, letter = token.partition("-")
    if len(letter) == 1 and kind in {"grade", "class"}:
        named = letter.upper()
        return str(_("%(grade)s 级", grade=named) if kind == "grade" else _("%(grade)s 类", grade=named))
    usual = {"all": _("全部对象"), "no-grade": _("未分级"), "no-class": _("未分类"), "rest": _("其余")}
    return str(usual.get(token, token))
