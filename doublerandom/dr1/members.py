"""Closed and typed objects: what a member may hold, refused by an error that names the rule and the place."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from doublerandom.dr1.canon import HEX64, check_id, check_token, parse_time
from doublerandom.dr1.errors import (
    BadConstantError,
    BadCountError,
    BadHexError,
    MissingMemberError,
    UnknownMemberError,
    WrongTypeError,
)

Check = Callable[[Any, str], None]
"""Raises a ProtocolError unless the value, standing at the place named, is as it must be."""

POOLS: Final = ("subjects", "inspectors", "conflicts")
PURPOSES: Final = ("subject", "inspector")


def check_type(value: Any, kind: type, where: str) -> None:
    """Raise WrongTypeError unless `value` is exactly of this type: a boolean is not an integer."""
    if type(value) is not kind:
        raise WrongTypeError(where=where, wanted=kind.__name__, found=type(value).__name__)


def text(value: Any, where: str) -> None:
    """A string; which characters it may hold is canon's business."""
    check_type(value, str, where)


def flag(value: Any, where: str) -> None:
    """True or false."""
    check_type(value, bool, where)


def count(value: Any, where: str) -> None:
    """An integer of at least 0."""
    check_type(value, int, where)
    if value < 0:
        raise BadCountError(where=where, value=value)


def digest(value: Any, where: str) -> None:
    """64 lower-case hex digits: a hash, a key, a secret."""
    check_type(value, str, where)
    if not HEX64.fullmatch(value):
        raise BadHexError(where=where, value=value)


def moment(value: Any, where: str) -> None:
    """A real UTC time in the protocol's form."""
    parse_time(value, where)


def attribute(value: Any, where: str) -> None:
    """A string or an integer: a further attribute of a pool record."""
    if type(value) is not int:
        check_type(value, str, where)


token: Final[Check] = check_token
ident: Final[Check] = check_id


def one_of(*choices: str) -> Check:
    """One of these strings."""

    def check(value: Any, where: str) -> None:
        check_type(value, str, where)
        if value not in choices:
            raise BadConstantError(where=where, value=value, choices=list(choices))

    return check


def list_of(element: Check, least: int = 0, most: int | None = None) -> Check:
    """A list of so many elements, each passing `element`."""

    def check(value: Any, where: str) -> None:
        check_type(value, list, where)
        if len(value) < least or (most is not None and len(value) > most):
            raise BadCountError(where=where, value=len(value), least=least, most=most)
        for position, item in enumerate(value):
            element(item, f"{where}[{position}]")

    return check


def closed(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    further: Check | None = None,
) -> Check:
    """An object of all `required`, perhaps some `optional` members; others only if they pass `further`."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str) -> None:
        check_type(value, dict, where)
        for name in required:
            if name not in value:
                raise MissingMemberError(where=where, member=name)
        for name, held in value.items():
            member_check = known.get(name, further)
            if member_check is None:
                raise UnknownMemberError(where=where, member=name)
            member_check(held, f"{where}.{name}")

    return check
