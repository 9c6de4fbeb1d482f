"""The small checks of which the shape of a rule set is made; each says in both languages what it expects."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NoReturn

from doublerandom.dr1.canon import is_token
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.quotas import parse_rate
from doublerandom.registry.errors import InvalidRuleSetError

Check = Callable[[Any, str], None]


def fail(where: str, value: Any, reason_zh: str, reason_en: str) -> NoReturn:
    """Raise InvalidRuleSetError: the path to the member, what stands there, and the rule in two languages."""
    raise InvalidRuleSetError(
        where=where, value=value, reason=reason_en, reason_zh=reason_zh, reason_en=reason_en
    )


def token(value: Any, where: str) -> None:
    """A token of the protocol."""
    if not is_token(value):
        fail(where, value, "应为代号（小写字母、数字、连字符等）", "expected a token")


def text(value: Any, where: str) -> None:
    """A text."""
    if type(value) is not str:
        fail(where, value, "应为文字", "expected a text")


def words(value: Any, where: str) -> None:
    """A text that says something."""
    text(value, where)
    if not value.strip():
        fail(where, value, "不能为空", "expected words")


def flag(value: Any, where: str) -> None:
    """True or false."""
    if type(value) is not bool:
        fail(where, value, "应为“是”或“否”", "expected true or false")


def day(value: Any, where: str) -> None:
    """A day, YYYY-MM-DD."""
    text(value, where)
    try:
        known = date.fromisoformat(value).isoformat() == value
    except ValueError:
        known = False
    if not known:
        fail(where, value, "应为日期，如 2026-01-01", "expected a day, YYYY-MM-DD")


def whole(lowest: int) -> Check:
    """An integer that is not below `lowest`."""

    def check(value: Any, where: str) -> None:
        if type(value) is not int or value < lowest:
            fail(where, value, f"应为不小于 {lowest} 的整数", f"expected an integer of at least {lowest}")

    return check


def rate(value: Any, where: str) -> None:
    """A share `a/b`, at most 1."""
    try:
        parse_rate(value)
    except ProtocolError:
        fail(where, value, "应为不大于 1 的比例，如 1/20", "expected a rate like 1/20, at most 1")


def per_head(value: Any, where: str) -> None:
    """How many for each inspector, `a/b`; it may be above 1."""
    left, _, right = value.partition("/") if type(value) is str else ("", "", "")
    for part in (left, right):
        if not (part.isascii() and part.isdigit() and part[0] != "0" and len(part) <= 9):
            fail(
                where, value, "应为每名检查人员几户，如 5/1", "expected so many for each inspector, like 5/1"
            )


def one_of(values: Iterable[str]) -> Check:
    """One of some texts."""
    known = tuple(values)

    def check(value: Any, where: str) -> None:
        if type(value) is not str or value not in known:
            listed = ", ".join(known)
            fail(where, value, f"只能是 {listed} 之一", f"expected one of {listed}")

    return check


def list_of(check_each: Check, *, least: int = 0, distinct: bool = False) -> Check:
    """A list of so many at least, each of which holds."""

    def check(value: Any, where: str) -> None:
        if type(value) is not list or len(value) < least:
            fail(where, value, f"应至少列出 {least} 项", f"expected a list of at least {least}")
        for n, each in enumerate(value):
            check_each(each, f"{where}[{n}]")
        if distinct and len(set(value)) < len(value):
            fail(where, value, "不能重复", "expected distinct values")

    return check


def closed(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object that has these members and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str) -> None:
        if type(value) is not dict:
            fail(where, value, "应为一个对象", "expected an object")
        if missing := sorted(required.keys() - value.keys()):
            fail(f"{where}.{missing[0]}", "", "不能缺少", "is missing")
        if unknown := sorted(value.keys() - known.keys()):
            name = unknown[0]
            fail(f"{where}.{name}", value[name], "这里没有这一项", "is no member")
        for name, each in value.items():
            known[name](each, f"{where}.{name}")

    return check


def in_order(lower: str, upper: str) -> Check:
    """Where both members stand, the second is not below the first."""

    def check(value: Any, where: str) -> None:
        if lower in value and upper in value and value[upper] < value[lower]:
            fail(
                f"{where}.{upper}",
                value[upper],
                f"不能小于 {value[lower]}",
                f"cannot be below {value[lower]}",
            )

    return check


def both(*checks: Check) -> Check:
    """All of some checks, in their order."""

    def check(value: Any, where: str) -> None:
        for each in checks:
            each(value, where)

    return check
