"""
Whether an inspector may be dealt on a day: certificates, absences, qualifications, item range; pure.

Every reason is a code (token): whoever cannot inspect stays in the pool with it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

KINDS_AWAY: Final = ("leave", "training", "duty")
STATUSES: Final = ("suspended", "revoked", "restored")
NOT_ENOUGH: Final = "not-enough-days"
ENDS: Final = "certificate-ends"
_ENDLESS: Final = date.max


@dataclass(frozen=True)
class Paper:
    """A certificate: its days, both counted (None: open), and its statuses by the day they begin."""

    number: str
    first: date | None = None
    last: date | None = None
    steps: tuple[tuple[date, str], ...] = ()

    def status(self, on: date) -> str:
        """`valid`, `suspended`, `revoked`, `expired`, or `ahead` where it is not yet valid."""
        step = next((name for day, name in reversed(self.steps) if day <= on), "restored")
        if step != "restored":
            return step
        if self.first is not None and on < self.first:
            return "ahead"
        return "expired" if self.last is not None and on > self.last else "valid"


class Away(NamedTuple):
    """One absence as it stands; both days count."""

    kind: str
    first: date
    last: date


class Held(NamedTuple):
    """A qualification as it stands."""

    skill: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Facts:
    """What stands of one inspector beside the row itself; rows that were replaced are left out."""

    papers: tuple[Paper, ...] = ()
    away: tuple[Away, ...] = ()
    held: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Window:
    """The days in which the visits of a draw fall, and how many of its working days somebody must have."""

    working: tuple[date, ...]
    needed: int


def certificate_reason(papers: Iterable[Paper], on: date) -> str:
    """Empty where one certificate is valid on that day, else `certificate-<why>`."""
    found = {paper.status(on) for paper in papers}
    if "valid" in found:
        return ""
    why = next((status for status in ("suspended", "revoked", "expired") if status in found), "expired")
    return f"certificate-{why}"


def valid_until(papers: Sequence[Paper], on: date) -> date | None:
    """
    The last day up to which certificates follow each other without a gap from that day on; None: no end.

    Without a valid certificate on that day: the last day on which one was valid, or that day's eve.
    """
    if certificate_reason(papers, on):
        ends = [paper.last for paper in papers if paper.last is not None and paper.last < on]
        return max(ends, default=on - timedelta(days=1))
    day = on
    while True:
        ends = [_end(paper, day) for paper in papers if paper.status(day) == "valid"]
        last = max(ends, default=day - timedelta(days=1))
        if last == _ENDLESS:
            return None
        following = last + timedelta(days=1)
        if not any(paper.status(following) == "valid" for paper in papers):
            return last
        day = following


def _end(paper: Paper, day: date) -> date:
    """The last day on which a paper that is valid on `day` stays so."""
    stop = next((at - timedelta(days=1) for at, name in paper.steps if at > day and name != "restored"), None)
    return min(paper.last or _ENDLESS, stop or _ENDLESS)


def away_on(away: Iterable[Away], on: date) -> str:
    """Which kind of absence covers that day, or the empty text; of several the first of KINDS_AWAY."""
    found = {one.kind for one in away if one.first <= on <= one.last}
    return next((kind for kind in KINDS_AWAY if kind in found), "")


def free_days(facts: Facts, window: Window) -> int:
    """On how many working days of the window somebody is neither away nor without a certificate."""
    return sum(
        not away_on(facts.away, day) and not certificate_reason(facts.papers, day) for day in window.working
    )


def window_reason(facts: Facts, window: Window) -> str:
    """
    Why somebody lacks days in the window, or nothing.

    The certificate, if it alone ends too early; the kind of absence if there is but one; else NOT_ENOUGH.
    """
    if free_days(facts, window) >= window.needed:
        return ""
    if sum(not away_on(facts.away, day) for day in window.working) >= window.needed:
        return ENDS
    kinds = {away_on(facts.away, day) for day in window.working} - {""}
    return kinds.pop() if len(kinds) == 1 else NOT_ENOUGH


def skills_on(skills: Collection[str], held: Collection[Held], on: date) -> list[str]:
    """The skills that hold on that day: those without dates, and those whose qualification covers it."""
    dated = {one.skill for one in held}
    valid = {one.skill for one in held if one.first <= on and (one.last is None or on <= one.last)}
    return sorted((set(skills) - dated) | valid)


def in_range(own: Collection[str], items: Mapping[str, str]) -> bool:
    """
    Whether an item range covers all these items.

    Args:
        own: Codes and categories; empty: everything.
        items: Categories by item code.
    """
    return not own or all(code in own or category in own for code, category in items.items())


def common_regions(regions: Iterable[Collection[str]], within: Mapping[str, str]) -> list[str] | None:
    """
    What the regions of several inspectors have in common; empty: anywhere; None: nothing.

    Args:
        regions: Each inspector's region codes; empty: anywhere.
        within: For each code what all codes at and below it begin with.
    """
    common: set[str] | None = None
    for own in map(set, regions):
        if not own:
            continue
        common = own if common is None else _meet(common, own, within)
        if not common:
            return None
    return sorted(common or ())


def _meet(some: set[str], others: set[str], within: Mapping[str, str]) -> set[str]:
    inner = {code for code in some if any(code.startswith(within[other]) for other in others)}
    return inner | {code for code in others if any(code.startswith(within[one]) for one in some)}
