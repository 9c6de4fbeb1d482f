"""Sources of public randomness, what was observed of them, and the beacon text (section 4)."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from doublerandom.dr1 import drand
from doublerandom.dr1.canon import Record
from doublerandom.dr1.errors import (
    BadBeaconError,
    BadDiceError,
    BadDrandError,
    BadLotteryError,
    BadRoundError,
    BadSourceError,
    WeakRandomnessError,
)
from doublerandom.dr1.members import Check, closed, count, digest, one_of, token

GAMES: Final[Mapping[str, tuple[tuple[int, int], ...]]] = MappingProxyType(
    {"cn-ssq": ((6, 33), (1, 16)), "cn-kl8": ((20, 80),)},
)
"""For each lottery its groups: so many distinct numbers from 1 to so much."""

_SOURCES: Final[dict[str, Check]] = {
    "drand": closed({"kind": one_of("drand"), "chain": digest, "round": count}),
    "lottery": closed({"kind": one_of("lottery"), "name": one_of(*GAMES), "issue": token}),
    "dice": closed({"kind": one_of("dice"), "sides": count, "count": count}),
}
_SIDES: Final = range(2, 101)
_DICE_BITS: Final = 128
_OFFLINE_BITS: Final = 64
_SIGNATURE: Final = re.compile(r"[0-9a-f]{96}")


def check_source(source: Any, where: str = "randomness") -> None:
    """Raise unless a plan may name `source`: its shape, pinned chain, known game, dice strong enough."""
    kind = source.get("kind") if type(source) is dict else None
    if type(kind) is not str or kind not in _SOURCES:
        raise BadSourceError(where=where, kind=kind)
    _SOURCES[kind](source, where)
    if kind == "drand":
        drand.network(source["chain"])
    if kind == "dice" and (source["sides"] not in _SIDES or outcomes(source) < 2**_DICE_BITS):
        raise BadDiceError(where=where, sides=source["sides"], count=source["count"])


def check_sources(sources: Sequence[Record], due: datetime) -> None:
    """Raise unless these checked sources may stand together in a plan that is due then.

    Raises:
        BadSourceError: One stands twice.
        BadRoundError: A drand round other than the first strictly after `due`.
        WeakRandomnessError: Lottery and dice without drand come to less than 2^64.
    """
    for place, source in enumerate(sources):
        if source in sources[:place]:
            raise BadSourceError(where=f"randomness[{place}]", reason="stands twice")
        if source["kind"] == "drand" and source["round"] != drand.round_after(due, source["chain"]):
            raise BadRoundError(round=source["round"], due=due.isoformat())
    if sources and not has_drand(sources) and math.prod(map(outcomes, sources)) < 2**_OFFLINE_BITS:
        raise WeakRandomnessError(reason="lottery and dice below 2^64")


def has_drand(sources: Sequence[Record]) -> bool:
    """Whether a drand source is among them."""
    return any(source["kind"] == "drand" for source in sources)


def level(sources: Sequence[Record]) -> str:
    """`A` with drand, `B` with lottery or dice alone, `C` without a source."""
    if has_drand(sources):
        return "A"
    return "B" if sources else "C"


def outcomes(source: Record) -> int:
    """How many values a lottery or dice source can show (of dice only the first 128 rolls count)."""
    if source["kind"] == "dice":
        return int(source["sides"] ** min(source["count"], _DICE_BITS))
    return math.prod(math.comb(highest, drawn) for drawn, highest in GAMES[source["name"]])


def check_value(source: Record, value: Any) -> None:
    """Raise unless `value` can have been observed of this checked source; a drand signature is verified.

    Raises:
        BadDrandError, BadLotteryError, BadDiceError: The value, of that kind of source, does not hold.
    """
    check_shape(source, value)
    if source["kind"] == "drand":
        drand.verify(source["chain"], source["round"], value["signature"])


def check_shape(source: Record, value: Any) -> None:
    """As `check_value`, but a drand signature only by its form."""
    if source["kind"] == "drand":
        signature = _only_member(value, "signature")
        if type(signature) is not str or not _SIGNATURE.fullmatch(signature):
            raise BadDrandError(round=source["round"], reason="not 96 lower-case hex digits")
    elif source["kind"] == "lottery":
        _check_groups(source, _only_member(value, "groups"))
    else:
        _check_rolls(source, _only_member(value, "rolls"))


def text(source: Record, value: Any) -> str:
    """The text of one observed value; its form is checked, a drand signature is not verified."""
    check_shape(source, value)
    if source["kind"] == "drand":
        hashed = hashlib.sha256(bytes.fromhex(value["signature"])).hexdigest()
        return f"drand:{source['chain']}:{source['round']}:{hashed}"
    if source["kind"] == "lottery":
        groups = "".join(".".join(map(str, sorted(group))) + "./" for group in value["groups"])
        return f"lottery:{source['name']}:{source['issue']}:{groups}"
    return f"dice:d{source['sides']}:" + ".".join(map(str, value["rolls"]))


def beacon_text(sources: Sequence[Record], values: Any) -> str:
    """The beacon text of a plan: every value checked in full, texts joined by commas in plan order.

    Args:
        sources: The plan's, checked.
        values: As in beacon.json: one observed value for each source, in the same order.

    Raises:
        BadBeaconError: Not one value for each source; otherwise as `check_value`.
    """
    if type(values) is not list or len(values) != len(sources):
        raise BadBeaconError(sources=len(sources))
    for source, value in zip(sources, values, strict=True):
        check_value(source, value)
    return ",".join(map(text, sources, values))


def _only_member(value: Any, name: str) -> Any:
    """The one member of an observed value; raise BadBeaconError for another shape."""
    if type(value) is not dict or list(value) != [name]:
        raise BadBeaconError(member=name)
    return value[name]


def _check_groups(source: Record, groups: Any) -> None:
    game = GAMES[source["name"]]
    if type(groups) is not list or len(groups) != len(game):
        raise BadLotteryError(name=source["name"], groups=groups)
    for group, (drawn, highest) in zip(groups, game, strict=True):
        numbers_hold = _are_numbers(group, 1, highest) and len(group) == drawn == len(set(group))
        if not numbers_hold:
            raise BadLotteryError(name=source["name"], groups=groups)


def _check_rolls(source: Record, rolls: Any) -> None:
    if not _are_numbers(rolls, 0, source["sides"] - 1) or len(rolls) != source["count"]:
        raise BadDiceError(sides=source["sides"], count=source["count"])


def _are_numbers(values: Any, low: int, high: int) -> bool:
    return type(values) is list and all(type(value) is int and low <= value <= high for value in values)
