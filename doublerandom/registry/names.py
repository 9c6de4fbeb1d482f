"""What the registry's tokens are called on pages: lines of work, qualifications, seats; a scope in words."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

LINE_NAMES = {
    "scjg": _l("市场监管"),
    "fire": _l("消防救援"),
    "eco": _l("生态环境"),
    "hrss": _l("人力资源和社会保障"),
    "housing": _l("住房和城乡建设"),
    "culture": _l("文化和旅游"),
}
SKILL_NAMES = {
    "lead": _l("可任组长"),
    "food": _l("食品安全"),
    "special-equipment": _l("特种设备"),
    "drug": _l("药品"),
    "metrology": _l("计量"),
    "fire": _l("消防"),
}
SEAT_NAMES = {"lead": _l("组长"), "member": _l("组员"), "joint": _l("联合部门人员")}
_SCOPE_WORDS = {
    "region": _l("区划"),
    "industry": _l("行业"),
    "kind": _l("主体类型"),
    "status": _l("登记状态"),
    "class": _l("信用风险分类"),
    "grade": _l("行业等级"),
    "tag": _l("标签"),
    "name": _l("名称"),
    "and": _l("且"),
    "or": _l("或"),
    "not": _l("不是"),
    "in": _l("属于"),
}
_PART = re.compile(r"'(?:[^']|'')*'|[^\s'(),]+")


def line_name(token: str) -> str:
    """A line of work in words; one that is not known is shown as it stands."""
    return str(LINE_NAMES.get(token, token))


def seat_name(token: str) -> str:
    """A seat in words; one that is not known is shown as it stands."""
    return str(SEAT_NAMES.get(token, token))


def seat_words(seat: Mapping[str, Any]) -> str:
    """One seat of a team: its name, and who may hold it."""
    limits = [line_name(seat["department"])] if "department" in seat else []
    limits += [str(SKILL_NAMES.get(skill, skill)) for skill in seat.get("skills", [])]
    if not limits:
        return seat_name(seat["seat"])
    return str(_("%(seat)s（%(limits)s）", seat=seat_name(seat["seat"]), limits=_("、").join(limits)))


def regions_of_scope(scope: str) -> set[str]:
    """The region codes that a scope's text names."""
    return set(re.findall(r"\b\d{6}\b", scope))


def scope_words(scope: str, region_names: Mapping[str, str]) -> str:
    """A scope's text (registry/filters.py) in words: fields, joints and regions by their names."""

    def word(part: re.Match[str]) -> str:
        token = part[0]
        if token in region_names:
            return f"{region_names[token]} {token}"
        return str(_SCOPE_WORDS.get(token, token))

    return _PART.sub(word, scope)
