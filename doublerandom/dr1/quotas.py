"""How many each stratum gives: rates in integers, counts of strata (sections 2 and 3)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from doublerandom.dr1.canon import Record
from doublerandom.dr1.errors import BadRateError, StrataMismatchError

_RATE: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")


def parse_rate(rate: Any) -> tuple[int, int]:
    """The a and b of a rate `a/b`; raise BadRateError for `03/100`, `0/5`, `3/2` and the like."""
    match = _RATE.fullmatch(rate) if type(rate) is str else None
    if not match or int(match[1]) > int(match[2]):
        raise BadRateError(rate=rate)
    return int(match[1]), int(match[2])


def take(rate: str, eligible: int) -> int:
    """How many of `eligible` records (≥ 0) the rate draws: the ceiling, in integers."""
    a, b = parse_rate(rate)
    return (a * eligible + b - 1) // b


def strata_counts(records: Iterable[Record]) -> dict[str, tuple[int, int]]:
    """For each stratum of the subjects' records its size, and how many of those are excluded."""
    counts: dict[str, tuple[int, int]] = {}
    for record in records:
        size, excluded = counts.get(record["stratum"], (0, 0))
        counts[record["stratum"]] = (size + 1, excluded + ("excluded" in record))
    return counts


def check_strata(plan: Record, counts: Mapping[str, tuple[int, int]]) -> None:
    """Raise StrataMismatchError unless the plan lists exactly the strata of the pool, with their counts."""
    listed = {stratum["id"]: (stratum["size"], stratum["excluded"]) for stratum in plan["strata"]}
    if len(listed) != len(plan["strata"]) or listed != counts:
        wrong = sorted(name for name in listed.keys() | counts.keys() if listed.get(name) != counts.get(name))
        raise StrataMismatchError(strata=wrong)
