"""By whom a preparation would be carried out: seats, who could take them, where there are too few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from doublerandom.dr1.canon import Record
from doublerandom.draws.eligibility import Eligibility
from doublerandom.draws.models import Draft
from doublerandom.draws.services.counting import tally_for
from doublerandom.draws.services.groundwork import Groundwork, read_groundwork
from doublerandom.draws.services.people import inspector_records
from doublerandom.draws.services.tallies import (
    ReasonCount,
    inspector_reason_counts,
    region_names,
    wish_of,
)
from doublerandom.registry.rule_shape import EXPERT


@dataclass(frozen=True)
class SeatRow:
    """A seat: what it asks for, and how many could take it in each region."""

    n: int
    seat: Record
    expert: bool
    added: tuple[str, ...]
    regions: list[tuple[str, int]]

    @property
    def fewest(self) -> int:
        """In the region with fewest, how many."""
        return min((number for _name, number in self.regions), default=0)


@dataclass(frozen=True)
class LentRow:
    """A neighbouring region that lends its inspectors, and where they go."""

    region: str
    name: str
    inspectors: int
    used_in: list[str]


@dataclass(frozen=True)
class ThinSeat:
    """A region whose teams cannot be filled (`lacking`: the seats that nobody may take) or only just."""

    region: str
    name: str
    subjects: int
    has: int
    needs: int
    fills: bool
    lacking: list[Record]


@dataclass(frozen=True)
class TeamReport:
    """By whom: seats and who could take them, region by region; names nobody."""

    seats: list[SeatRow]
    inspectors: int
    dealt: int
    experts: int
    excluded: list[ReasonCount]
    ending: int
    window: dict[str, Any] | None
    neighbours: list[LentRow]
    teams: bool
    thin: list[ThinSeat]
    partners: list[str]
    counted_at: datetime | None = None


def team_report(session: Session, draft: Draft, *, at: datetime) -> TeamReport:
    """By whom a draft's draw would be carried out, and where there are too few."""
    ground = read_groundwork(session, **wish_of(session, draft, at=at).asked)
    tally = tally_for(session, draft, ground, at=at)
    places = {code: left for code, (_size, left) in tally.open_by(0).items() if left}
    holders = inspector_records(session, ground, sorted(places))
    records, names = holders.records, region_names(session, [*places, *ground.neighbours])
    eligibility = Eligibility(ground.team, records)
    open_ = [record for record in records if "excluded" not in record]
    until = ground.window.get("until")
    return TeamReport(
        seats=_seat_rows(ground, eligibility, places, names),
        inspectors=len(records),
        dealt=sum(record["department"] != EXPERT for record in open_),
        experts=sum(record["department"] == EXPERT for record in open_),
        excluded=inspector_reason_counts(records),
        ending=sum("certificate_until" in record for record in open_),
        window={"first": ground.on, "last": until, "working_days": ground.window["working_days"]}
        if until
        else None,
        neighbours=[
            LentRow(lent.region, names[lent.region], lent.inspectors, [names[code] for code in lent.to])
            for lent in holders.lent
        ],
        teams=ground.teams,
        thin=_thin(ground, eligibility, places, names),
        partners=list(dict.fromkeys(one.line for one in ground.partners))
        or [line for line in ground.lines if line != ground.body.line],
        counted_at=tally.counted_at,
    )


def _seat_rows(
    ground: Groundwork, eligibility: Eligibility, places: dict[str, int], names: dict[str, str]
) -> list[SeatRow]:
    first = next(
        (n for n, seat in enumerate(ground.team) if set(ground.added) & set(seat.get("skills", ()))), -1
    )
    return [
        SeatRow(
            n=n,
            seat=seat,
            expert=seat["seat"] == EXPERT,
            added=ground.added if n == first else (),
            regions=[(names[code], len(eligibility.of_seats(code)[n])) for code in places],
        )
        for n, seat in enumerate(ground.team)
    ]


def _thin(
    ground: Groundwork, eligibility: Eligibility, places: dict[str, int], names: dict[str, str]
) -> list[ThinSeat]:
    found = []
    for code, subjects in places.items():
        fills = eligibility.fills(code, frozenset())
        has, needs = len(eligibility.anyone(code)), len(ground.team)
        if not fills or has < 2 * needs:
            found.append(
                ThinSeat(
                    code,
                    names[code],
                    subjects,
                    has,
                    needs,
                    fills,
                    lacking_seats(ground.team, eligibility.of_seats(code)),
                )
            )
    return sorted(found, key=lambda each: (each.fills, each.region))


def lacking_seats(team: Sequence[Record], eligible: Sequence[frozenset[str]]) -> list[Record]:
    """The seats that cannot all be filled: of seats alike, with fewer people than there are seats."""
    found = []
    for n, seat in enumerate(team):
        alike = sum(eligible[m] <= eligible[n] for m in range(len(team)))
        if len(eligible[n]) < alike:
            found.append({**seat, "eligible": len(eligible[n])})
    return found
