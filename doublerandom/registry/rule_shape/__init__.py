"""
What a rule set object must look like before it can be approved: every number that decides a draw is in it.

The object is closed: unknown members are refused, so that a misspelt rule is not silently no rule. A stored
one may leave sections to the bodies above; what a draw uses (`check_complete`) has all that a draw needs.
"""

from collections.abc import Mapping
from typing import Any, Final

from doublerandom.dr1.canon import canon
from doublerandom.dr1.errors import ProtocolError
from doublerandom.registry.rule_shape.checks import closed, day, fail, token, whole
from doublerandom.registry.rule_shape.sections import SECTIONS

__all__ = ["DRAW_NEEDS", "EXPERT", "HEAD", "SECTIONS", "check_complete", "check_rules", "check_section"]

HEAD: Final = ("body", "domain", "version", "valid_from")
DRAW_NEEDS: Final = ("strata", "caps", "conflicts", "team", "capacity", "deadlines")
EXPERT: Final = "expert"  # the seat that never counts towards the quorum

_RULES: Final = closed(
    {"body": token, "domain": token, "version": whole(1), "valid_from": day},
    SECTIONS,
)


def check_rules(rules: Any) -> None:
    """
    Check a rule set object against its schema; sections that it leaves out are not missed.

    Raises:
        InvalidRuleSetError: `where` is the path to the member, `value` what stands there, `reason` the rule.
    """
    _RULES(rules, "rules")
    _check_form(rules)
    _check_quorum(rules)


def check_section(name: str, value: Any) -> None:
    """Check one section alone, as it is saved; raises InvalidRuleSetError as `check_rules` does."""
    closed({}, SECTIONS)({name: value}, "rules")
    _check_form({name: value})


def check_complete(rules: Mapping[str, Any]) -> None:
    """
    Check that the rules of a draw, put together from several sets, leave nothing open.

    Raises:
        InvalidRuleSetError: `where` names the first section that a draw needs and that nobody has, or the
            team, where it has fewer seats for inspectors than the quorum asks for.
    """
    for name in DRAW_NEEDS:
        if name not in rules:
            fail(f"rules.{name}", "", "没有一级机关的细则作出规定", "is left open by every rule set")
    _check_quorum(rules)


def _check_form(rules: Any) -> None:
    try:
        canon(rules)
    except ProtocolError as error:
        fail("rules", str(error), "含有不能规范化的字符或数", "has no canonical form")


def _check_quorum(rules: Mapping[str, Any]) -> None:
    """Experts are no inspectors: a team has seats enough without them."""
    if "team" not in rules or "quorum" not in rules:
        return
    seats = sum(seat["seat"] != EXPERT for seat in rules["team"])
    least = rules["quorum"]["persons"]
    if seats < least:
        fail(
            "rules.team",
            seats,
            f"除专家外至少要有 {least} 个席位",
            f"needs at least {least} seats beside those of experts",
        )
