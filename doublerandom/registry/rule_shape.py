"""
What a rule set object must look like before it can be approved: every number that decides a draw is in it.

The object is closed: unknown members are refused, so that a misspelt rule is not silently no rule.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from doublerandom.dr1.canon import canon, is_token
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.quotas import parse_rate
from doublerandom.registry.errors import InvalidRuleSetError

Check = Callable[[Any, str], None]
QUOTA_KINDS: Final = ("rate", "at_most", "fixed", "all", "excluded")
EFFECTS: Final = ("raise", "lower", "exempt", "none")


def check_rules(rules: Any) -> None:
    """
    Check a rule set object against its schema.

    Raises:
        InvalidRuleSetError: `where` is the path to the member, `value` what stands there, `reason` the rule.
    """
    RULES(rules, "rules")
    try:
        canon(rules)
    except ProtocolError as error:
        raise InvalidRuleSetError(where="rules", value=str(error), reason="has no canonical form") from error
    _check_strata(rules["strata"])


def _fail(where: str, value: Any, reason: str) -> None:
    raise InvalidRuleSetError(where=where, value=value, reason=reason)


def _token(value: Any, where: str) -> None:
    if not is_token(value):
        _fail(where, value, "expected a token")


def _text(value: Any, where: str) -> None:
    if type(value) is not str:
        _fail(where, value, "expected a text")


def _flag(value: Any, where: str) -> None:
    if type(value) is not bool:
        _fail(where, value, "expected true or false")


def _day(value: Any, where: str) -> None:
    _text(value, where)
    try:
        if date.fromisoformat(value).isoformat() != value:
            raise ValueError  # noqa: TRY301 - one place says what is wrong
    except ValueError:
        _fail(where, value, "expected a day, YYYY-MM-DD")


def _whole(lowest: int) -> Check:
    def check(value: Any, where: str) -> None:
        if type(value) is not int or value < lowest:
            _fail(where, value, f"expected an integer of at least {lowest}")

    return check


def _rate(value: Any, where: str) -> None:
    try:
        parse_rate(value)
    except ProtocolError:
        _fail(where, value, "expected a rate like 1/20, at most 1")


def _one_of(values: Iterable[str]) -> Check:
    known = tuple(values)

    def check(value: Any, where: str) -> None:
        if type(value) is not str or value not in known:
            _fail(where, value, f"expected one of {', '.join(known)}")

    return check


def _list_of(check_each: Check, *, least: int = 0, distinct: bool = False) -> Check:
    def check(value: Any, where: str) -> None:
        if type(value) is not list or len(value) < least:
            _fail(where, value, f"expected a list of at least {least}")
        for n, each in enumerate(value):
            check_each(each, f"{where}[{n}]")
        if distinct and len(set(value)) < len(value):
            _fail(where, value, "expected distinct values")

    return check


def _closed(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}

    def check(value: Any, where: str) -> None:
        if type(value) is not dict:
            _fail(where, value, "expected an object")
        if missing := sorted(required.keys() - value.keys()):
            _fail(f"{where}.{missing[0]}", "", "is missing")
        if unknown := sorted(value.keys() - known.keys()):
            _fail(f"{where}.{unknown[0]}", value[unknown[0]], "is no member")
        for name, each in value.items():
            known[name](each, f"{where}.{name}")

    return check


_QUOTAS: Final[Mapping[str, Check]] = {
    "rate": _closed({"kind": _text, "rate": _rate}),
    "at_most": _closed({"kind": _text, "rate": _rate}),
    "fixed": _closed({"kind": _text, "number": _whole(0)}),
    "all": _closed({"kind": _text}),
    "excluded": _closed({"kind": _text}),
}


def _quota(value: Any, where: str) -> None:
    if type(value) is not dict or "kind" not in value:
        _fail(where, value, "expected an object with a kind")
    _one_of(QUOTA_KINDS)(value["kind"], f"{where}.kind")
    _QUOTAS[value["kind"]](value, where)


STRATA: Final = _closed(
    {
        "by": _one_of(("grade", "class")),
        "quotas": _list_of(
            _closed({"stratum": _token, "when": _list_of(_text, distinct=True), "quota": _quota}),
            least=1,
        ),
        "otherwise": _token,
    }
)
CAPS: Final = _closed({"per_year": _whole(1), "cool_down_days": _whole(0), "exempt_measures": _flag})
CONFLICTS: Final = _closed(
    {
        "hard": _list_of(_token, distinct=True),
        "soft": _list_of(_token, distinct=True),
        "soft_needs": _whole(0),
        "rotation": _flag,
        "former_years": _whole(0),
    }
)
SEAT: Final = _closed({"seat": _token}, {"department": _token, "skills": _list_of(_token, distinct=True)})
DEADLINES: Final = _closed(
    {
        "publish_working_days": _whole(1),
        "result_minutes": _whole(1),
        "reveal_days": _whole(1),
    }
)
CREDIT: Final = _closed(
    {
        "when": _closed({"categories": _list_of(_text, least=1, distinct=True)}, {"clean_visits": _whole(1)}),
        "kind": _one_of(("reward", "penalty")),
        "level": _one_of(("minor", "ordinary", "serious")),
        "effect": _one_of(EFFECTS),
        "days": _whole(0),
    },
    {"display_min_days": _whole(0), "display_max_days": _whole(0), "measure": _text, "basis": _text},
)
RULES: Final = _closed(
    {
        "body": _token,
        "domain": _token,
        "version": _whole(1),
        "valid_from": _day,
        "strata": STRATA,
        "caps": CAPS,
        "conflicts": CONFLICTS,
        "team": _list_of(SEAT, least=1),
        "capacity": _whole(1),
        "deadlines": DEADLINES,
        "credit": _list_of(CREDIT),
    }
)


def _check_strata(strata: Mapping[str, Any]) -> None:
    """A stratum has one quota, a value one stratum, and those that fit nowhere have a stratum too."""
    names = [quota["stratum"] for quota in strata["quotas"]]
    values = [value for quota in strata["quotas"] for value in quota["when"]]
    if len(set(names)) < len(names):
        _fail("rules.strata.quotas", names, "a stratum stands twice")
    if len(set(values)) < len(values):
        _fail("rules.strata.quotas", values, "a value belongs to two strata")
    if strata["otherwise"] not in names:
        _fail("rules.strata.otherwise", strata["otherwise"], "names a stratum without a quota")
