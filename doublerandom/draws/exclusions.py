"""Why people keep a subject out of draws: a closed list of codes, as they stand in pools."""

from typing import Final

from flask_babel import lazy_gettext as _l

MANUAL_REASONS: Final = {
    "manual-not-operating": _l("人工排除：停业、歇业"),
    "manual-insolvent": _l("人工排除：破产清算"),
    "manual-duplicate": _l("人工排除：与另一主体重复"),
    "manual-not-in-scope": _l("人工排除：经核实不属本次抽查范围"),
    "manual-disaster": _l("人工排除：自然灾害等不可抗力"),
    "manual-joint": _l("人工排除：已列入同期联合检查"),
    "manual-unsafe": _l("人工排除：现场不具备检查条件"),
}
"""
Names of the codes. In an open pool everybody reads them, so none of them tells a secret (say, an
investigation under way).
"""
RULE_REASONS: Final = {
    "status-deregistered": _l("已注销"),
    "status-revoked": _l("已吊销"),
    "status-moved-out": _l("已迁出"),
    "status-withdrawn": _l("录入已撤回"),
    "no-disturbance": _l("列入无事不扰名单"),
    "exempt-by-measure": _l("守信激励：免于抽取"),
    "cap-per-year": _l("本年度检查已达频次上限"),
    "cap-per-level": _l("本年度同级机关检查已达上限"),
    "cap-per-agency": _l("本年度本机关检查已达上限"),
    "cap-low-risk": _l("低风险：本年度检查已达上限"),
    "cool-down": _l("近期已检查，冷却期内"),
    "drawn-recently": _l("近年已抽中过"),
    "upper-level-recently": _l("上级机关近期已就同一事项检查"),
    "stratum-excluded": _l("该层不参加抽取"),
}
SUBJECT_REASONS: Final = {**RULE_REASONS, **MANUAL_REASONS}
"""Every code of `rules.exclusion_of` and of manual exclusions; a body's own word may be any other token."""
LONGEST_DAYS: Final = 366
"""How long a manual exclusion lasts at most, in days."""


def reason_name(code: str) -> str:
    """A code in words; a body's own word as it stands."""
    return str(SUBJECT_REASONS.get(code, code))
