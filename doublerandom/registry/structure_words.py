"""What a person read in ratios and frequencies, and other values of items and plan lines, in words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.registry import names
from doublerandom.registry.structuring import rate_text

QUOTA_NAMES = {
    "rate": _l("不低于（向上取整）"),
    "at_most": _l("不超过（向下取整）"),
    "fixed": _l("固定数量"),
    "all": _l("全部"),
}
PERIOD_NAMES = {
    "year": _l("年"),
    "half": _l("半年"),
    "quarter": _l("季度"),
    "month": _l("月"),
    "week": _l("周"),
    "day": _l("日"),
    "plan": _l("本计划"),
    "validity": _l("许可（备案）有效期"),
}
BOUND_NAMES = {"exactly": _l("等于"), "at_least": _l("不少于"), "at_most": _l("不超过")}
WHOM_NAMES = {"batch": _l("组织抽查的次数"), "subject": _l("对同一对象的次数")}


def quota_words(quota: Mapping[str, Any] | None) -> str:
    """A quota in words: 不低于 5%; the empty text for none."""
    if not quota:
        return ""
    match quota["kind"]:
        case "rate":
            return str(_("不低于 %(rate)s", rate=rate_text(quota["rate"])))
        case "at_most":
            return str(_("不超过 %(rate)s", rate=rate_text(quota["rate"])))
        case "fixed":
            return str(_("固定 %(number)s 户", number=quota["number"]))
        case _:
            return str(_("全部"))


def times_words(times: Mapping[str, Any] | None) -> str:
    """A frequency in words: 每年不超过 2 次（对同一对象）; the empty text for none."""
    if not times:
        return ""
    period = str(PERIOD_NAMES[times["per"]])
    if times.get("every", 1) > 1:
        period = f"{times['every']} {period}"
    bound = "" if times["bound"] == "exactly" else str(BOUND_NAMES[times["bound"]])
    said = _("每%(period)s%(bound)s %(times)s 次", period=period, bound=bound, times=times["times"])
    return str(_("%(said)s（对同一对象）", said=said) if times["of"] == "subject" else said)


def value_words(field: str, value: Any) -> str:
    """The value of a field of an item or a plan line as people read it; empty for nothing."""
    if value is None or not (value or isinstance(value, bool | int)):
        return ""
    if known := _WORDS.get(field):
        return known(value)
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return "；".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _points_words(points: list[dict[str, Any]]) -> str:
    return "；".join(f"{point['name']}（{_('重点')}）" if point["key"] else point["name"] for point in points)


_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "quota": quota_words,
    "times": times_words,
    "points": _points_words,
    "unit": names.line_name,
    "class_ratios": lambda ratios: "，".join(f"{name} {ratio}" for name, ratio in ratios.items()),
    "partners": lambda lines: "、".join(names.line_name(one) for one in lines),
}
