"""Closed objects: which members an object has, and what each may hold; used for log entries and bundle files."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from doublerandom.dr1.canon import is_id, is_token, parse_time
from doublerandom.dr1.errors import ProtocolError

Predicate = Callable[[Any], bool]

_HEX_64: Final = re.compile(r"[0-9a-f]{64}")
_HEX_96: Final = re.compile(r"[0-9a-f]{96}")
_HEX_128: Final = re.compile(r"[0-9a-f]{128}")
POOLS: Final = ("subjects", "inspectors", "conflicts")
PURPOSES: Final = ("subject", "inspector")


class BadShapeError(ProtocolError):
    """An object lacks a member, has one that the protocol does not name, or a member holds another kind of value."""

    code = "bad_shape"
    check = 1


def is_text(value: Any) -> bool:
    """Whether the value is a string; which characters it may hold is canon's business."""
    return type(value) is str


def is_count(value: Any) -> bool:
    """Whether the value is an integer of at least 0; a boolean is not."""
    return type(value) is int and value >= 0


def is_number(value: Any) -> bool:
    """Whether the value is an integer of at least 1; a boolean is not."""
    return type(value) is int and value >= 1


def is_hex_64(value: Any) -> bool:
    """Whether the value is 64 lower-case hex digits: a hash, a key, a salt, a secret."""
    return type(value) is str and _HEX_64.fullmatch(value) is not None


def is_hex_128(value: Any) -> bool:
    """Whether the value is 128 lower-case hex digits: an Ed25519 signature."""
    return type(value) is str and _HEX_128.fullmatch(value) is not None


def token(value: Any) -> bool:
    """Whether the value is a token of section 1."""
    return type(value) is str and is_token(value)


def identifier(value: Any) -> bool:
    """Whether the value is an id of section 1."""
    return type(value) is str and is_id(value)


def is_time(value: Any) -> bool:
    """Whether the value is a real UTC time in the protocol's form."""
    if type(value) is not str:
        return False
    try:
        parse_time(value)
    except ValueError:
        return False
    return True


def one_of(*choices: str) -> Predicate:
    """A predicate that holds for these strings alone."""
    return lambda value: type(value) is str and value in choices


def list_of(element: Predicate) -> Predicate:
    """A predicate that holds for a list whose every element satisfies `element`."""
    return lambda value: type(value) is list and all(element(item) for item in value)


def closed(members: Mapping[str, Predicate]) -> Predicate:
    """A predicate that holds for an object of exactly these members; a name ending in `?` may be absent."""
    return lambda value: fault(value, members) is None


def fault(value: Any, members: Mapping[str, Predicate]) -> str | None:
    """The first member by name that is missing, unknown or wrong; "" where `value` is no object, None where it is fine."""
    if type(value) is not dict:
        return ""
    known = {name.removesuffix("?"): (name.endswith("?"), holds) for name, holds in members.items()}
    for name in sorted(known.keys() | value.keys()):
        if name not in known:
            return name
        optional, holds = known[name]
        if name not in value:
            if not optional:
                return name
        elif not holds(value[name]):
            return name
    return None


def check_object(value: Any, members: Mapping[str, Predicate], *, what: str) -> None:
    """
    Check that `value` is an object of exactly these members.

    Raises:
        BadShapeError: `member` names the first that is missing, unknown or wrong.
    """
    member = fault(value, members)
    if member is not None:
        raise BadShapeError(what=what, member=member)


def check_list(value: Any, members: Mapping[str, Predicate], *, what: str) -> None:
    """Check that `value` is a list of such objects, or raise BadShapeError."""
    if type(value) is not list:
        raise BadShapeError(what=what, member="")
    for position, item in enumerate(value):
        check_object(item, members, what=f"{what}[{position}]")


def is_observed_value(value: Any) -> bool:
    """Whether the value has the shape of one observed value of section 4: a signature, groups or rolls."""
    return (
        fault(value, {"signature": lambda v: type(v) is str and _HEX_96.fullmatch(v) is not None}) is None
        or fault(value, {"groups": list_of(list_of(is_count))}) is None
        or fault(value, {"rolls": list_of(is_count)}) is None
    )


SECRET: Final[Mapping[str, Predicate]] = {"party": token, "purpose": one_of(*PURPOSES), "secret": is_hex_64}
KEYS: Final[Mapping[str, Predicate]] = {f"{name}?": is_hex_64 for name in (*POOLS, "tasks")}
