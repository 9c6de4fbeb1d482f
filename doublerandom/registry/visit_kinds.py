"""Kinds of visits and grounds of exemption as tokens with their names, and whether a visit counts: pure."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

KINDS: Final[dict[str, Any]] = {
    "random": _l("双随机抽查"),
    "joint": _l("部门联合抽查"),
    "special": _l("专项检查"),
    "routine": _l("日常检查"),
    "complaint": _l("投诉举报核查"),
    "assigned": _l("上级交办检查"),
    "licence-check": _l("许可现场核查"),
    "re-check": _l("整改复查"),
    "case": _l("案件调查"),
    "emergency": _l("应急检查"),
    "other": _l("其他检查"),
}
EXEMPT_GROUNDS: Final[dict[str, Any]] = {
    "complaint": _l("投诉举报"),
    "assigned": _l("上级交办"),
    "co-operation": _l("配合上级检查"),
    "audit": _l("审计监督"),
    "clue": _l("外地或其他部门移送线索"),
    "media": _l("媒体曝光"),
    "re-check": _l("整改复查"),
    "own-request": _l("企业主动申请"),
    "licence-check": _l("许可现场核查"),
    "emergency": _l("突发事件应急处置"),
}
"""The ten grounds on which a visit uses up no frequency cap, each with evidence (国办发〔2024〕54号)."""

LEVELS: Final = ("province", "city", "county")
"""Levels of bodies from the top; one before another is above it."""


def levels_above(level: str) -> tuple[str, ...]:
    """The levels above this one; none for one that is not known."""
    return LEVELS[: LEVELS.index(level)] if level in LEVELS else ()


def counting_kinds(caps: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The kinds that count against the caps by these rules; None: every kind."""
    kinds = caps.get("counting_kinds")
    return None if kinds is None else tuple(kinds)


def exempt_grounds(caps: Mapping[str, Any]) -> tuple[str, ...]:
    """The grounds that exempt by these rules; where they say nothing, all that there are."""
    return tuple(caps.get("exempt_grounds", EXEMPT_GROUNDS))


def counts(caps: Mapping[str, Any], visit: Any) -> bool:
    """
    Whether a visit uses up the caps of these rules: by its kind, unless it is exempt, corrected or ruled out.

    Args:
        caps: The `caps` section; an empty one takes every kind and every ground of exemption.
        visit: A `Visit`, or anything with its `kind`, `exempt`, `counts` and `superseded`.
    """
    kinds = counting_kinds(caps)
    return bool(
        visit.counts
        and not visit.superseded
        and (kinds is None or visit.kind in kinds)
        and not (visit.exempt and visit.exempt in exempt_grounds(caps))
    )
