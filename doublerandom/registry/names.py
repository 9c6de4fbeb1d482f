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
    "eco": _l("生态环境"),
    "labour": _l("劳动保障"),
    "construction": _l("建设工程"),
    "heritage": _l("文物保护"),
}
SEAT_NAMES = {
    "lead": _l("组长"),
    "member": _l("组员"),
    "joint": _l("联合部门人员"),
    "team": _l("检查组"),
    "expert": _l("专家"),
}
AWAY_NAMES = {"leave": _l("请假"), "training": _l("培训"), "duty": _l("其他公务")}
CERTIFICATE_NAMES = {
    "enforcement": _l("行政执法证"),
    "professional": _l("专业执法证"),
    "supervision": _l("执法监督证"),
}
EXPERT_NAMES = {
    "food": _l("食品安全"),
    "special-equipment": _l("特种设备"),
    "fire": _l("消防"),
    "environment": _l("环境监测"),
    "accounting": _l("财务审计"),
    "law": _l("法律"),
}
INSPECTOR_REASONS = {
    **AWAY_NAMES,
    "not-enough-days": _l("检查期内可用工作日不足"),
    "certificate-ends": _l("执法证件在检查期内到期"),
    "not-needed": _l("邻近地区人员，本地区人员充足，不借用"),
    "certificate-expired": _l("执法证件过期"),
    "certificate-suspended": _l("执法证件暂扣"),
    "certificate-revoked": _l("执法证件吊销"),
    "inactive": _l("已离库"),
    "expert": _l("专家，不计入执法检查人员"),
    "item-range": _l("事项不在可检查范围内"),
    "too-few-members": _l("检查组不足两人"),
    "no-common-region": _l("检查组成员没有共同的执法区域"),
}
"""Why an inspector or a standing team stays in the pool without being dealt."""
_SCOPE_WORDS = {
    "region": _l("区划"),
    "industry": _l("行业"),
    "kind": _l("主体类型"),
    "status": _l("登记状态"),
    "class": _l("信用风险分类"),
    "grade": _l("行业等级"),
    "tag": _l("标签"),
    "name": _l("名称"),
    "code": _l("统一社会信用代码"),
    "address": _l("住所"),
    "office": _l("监管所"),
    "special": _l("专项库"),
    "listing": _l("名单"),
    "licence": _l("许可"),
    "supervisor": _l("日常监管人员"),
    "member": _l("名录库"),
    "established": _l("成立日期"),
    "class_on": _l("分类日期"),
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
    """A scope's text (registry/filters) in words: fields, joints and regions by their names."""

    def word(part: re.Match[str]) -> str:
        token = part[0]
        if token in region_names:
            return f"{region_names[token]} {token}"
        return str(_SCOPE_WORDS.get(token, token))

    return _PART.sub(word, scope)
