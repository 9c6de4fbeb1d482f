"""Who could sit where: eligible inspectors per region and seat, the pairs kept apart, thin spots."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import SubjectPool
from doublerandom.registry.rules import Pair, kept_pairs

NOBODY: frozenset[str] = frozenset()


class Eligibility:
    """
    The eligible inspectors of every region, conflicts aside (section 7): computed once per region.

    Args:
        team: The plan's seats.
        inspectors: The records of the inspectors' pool, excluded ones too.
    """

    def __init__(self, team: Sequence[Record], inspectors: Iterable[Record]) -> None:
        self.seats = len(team)
        self._team = team
        self._inspectors = [record for record in inspectors if "excluded" not in record]
        self._by_region: dict[str, tuple[frozenset[str], ...]] = {}
        self._anyone: dict[str, frozenset[str]] = {}

    def of_seats(self, region: str) -> tuple[frozenset[str], ...]:
        """For each seat, in plan order, the ids of those who may take it in this region."""
        if region not in self._by_region:
            near = [
                record for record in self._inspectors if not record["regions"] or region in record["regions"]
            ]
            self._by_region[region] = tuple(
                frozenset(record["id"] for record in near if _fits(record, seat)) for seat in self._team
            )
        return self._by_region[region]

    def anyone(self, region: str) -> frozenset[str]:
        """The ids of those who may take any seat at all in this region."""
        if region not in self._anyone:
            self._anyone[region] = NOBODY.union(*self.of_seats(region))
        return self._anyone[region]

    def fills(self, region: str, barred: frozenset[str] | set[str]) -> bool:
        """Whether a full team exists for one subject of this region, these inspectors left out."""
        seats = [sorted(eligible - barred)[: self.seats] for eligible in self.of_seats(region)]
        holder: dict[str, int] = {}
        return all(_seat(number, seats, holder, set()) for number in range(len(seats)))


def _fits(record: Record, seat: Record) -> bool:
    return seat.get("department") in (None, record["department"]) and set(seat.get("skills", ())) <= set(
        record["skills"]
    )


def _seat(number: int, seats: Sequence[Sequence[str]], holder: dict[str, int], tried: set[str]) -> bool:
    """Find a holder for a seat, moving others on where that helps (augmenting path)."""
    for candidate in seats[number]:
        if candidate not in tried:
            tried.add(candidate)
            if candidate not in holder or _seat(holder[candidate], seats, holder, tried):
                holder[candidate] = number
                return True
    return False


class Conflicts:
    """The pairs that stand, by subject, and how many soft ones were waived."""

    def __init__(self, pairs: Iterable[Pair], waived: int = 0) -> None:
        self.waived = waived
        self.pairs: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for pair in pairs:
            self.pairs[pair.subject][pair.inspector] = pair.ground

    def __len__(self) -> int:
        return sum(map(len, self.pairs.values()))

    def barred(self, subject: str) -> frozenset[str]:
        """The inspectors kept from this subject."""
        return frozenset(self.pairs.get(subject, ()))

    def records(self, *, closed: bool) -> list[Record]:
        """The conflicts' pool, ascending by id; the ground is shown only where the pool is never opened."""
        found = [
            {
                "id": f"{inspector}:{subject}",
                "inspector": inspector,
                "subject": subject,
                "ground": ground if closed else "barred",
            }
            for subject, grounds in self.pairs.items()
            for inspector, ground in grounds.items()
        ]
        return sorted(found, key=lambda record: record["id"].encode())


def standing_conflicts(
    candidates: Iterable[Pair],
    rules: Mapping[str, Any],
    pool: SubjectPool,
    eligibility: Eligibility,
) -> Conflicts:
    """
    The pairs that stand between these pools; soft grounds give way where the rules say so.

    Pairs of subjects that are not in the pool are dropped; excluded subjects keep theirs, and are no reason
    to waive anything.

    Args:
        candidates: Every ground for every pair on record, in any order.
        rules: The rule set object.
        pool: The subjects' pool.
        eligibility: Who may sit where.
    """
    inside = [pair for pair in candidates if pool.position(pair.subject) is not None]

    def eligible(subject: str) -> frozenset[str]:
        return eligibility.anyone(pool.deal_record(subject)["region"])

    open_ = [pair for pair in inside if not pool.excluded[pool.position(pair.subject)]]
    shut = [pair for pair in inside if pool.excluded[pool.position(pair.subject)]]
    kept, waived = kept_pairs(rules, open_, eligible=eligible)
    return Conflicts([*kept, *shut], waived)


@dataclass(frozen=True)
class ThinSpots:
    """How many subjects lack inspectors: too few for the seats, or fewer than twice as many."""

    unfillable: int
    unfillable_regions: tuple[str, ...]
    scarce: int
    scarce_regions: tuple[str, ...] = ()
    lacks: tuple["Lack", ...] = ()


@dataclass(frozen=True)
class Lack:
    """A region whose team cannot be filled for some subjects: for each seat how many may take it at most."""

    region: str
    subjects: int
    seats: tuple[int, ...]

    def told(self, team: Sequence[Record]) -> dict[str, Any]:
        """As a refusal says it, with what each seat asks for."""
        seats = [{**seat, "eligible": number} for seat, number in zip(team, self.seats, strict=True)]
        return {"region": self.region, "subjects": self.subjects, "seats": seats}


def thin_spots(pool: SubjectPool, eligibility: Eligibility, conflicts: Conflicts) -> ThinSpots:
    """Count the open subjects whose team cannot be filled, or only from fewer than twice the seats."""
    counts = np.bincount(pool.region_codes[~pool.excluded], minlength=len(pool.regions)).tolist()
    subjects = dict(zip(pool.regions, counts, strict=True))
    special = _special(pool, conflicts)
    groups = [(region, NOBODY, number - special.get(region, 0)) for region, number in subjects.items()]
    groups += [
        (region, conflicts.barred(subject), 1) for subject, region in _open_subjects(pool, conflicts.pairs)
    ]
    lacking: defaultdict[str, int] = defaultdict(int)
    fewest: dict[str, tuple[int, ...]] = {}
    scarce: defaultdict[str, int] = defaultdict(int)
    for region, barred, number in groups:
        left = len(eligibility.anyone(region) - barred)
        if number and not eligibility.fills(region, barred):
            lacking[region] += number
            seats = tuple(len(eligible - barred) for eligible in eligibility.of_seats(region))
            fewest[region] = tuple(map(min, seats, fewest.get(region, seats)))
        elif number and left < 2 * eligibility.seats:
            scarce[region] += number
    return ThinSpots(
        sum(lacking.values()),
        tuple(sorted(lacking)),
        sum(scarce.values()),
        tuple(sorted(scarce)),
        tuple(Lack(region, number, fewest[region]) for region, number in sorted(lacking.items())),
    )


def _open_subjects(pool: SubjectPool, subjects: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Those of these subjects that can be drawn, with their regions."""
    for subject in subjects:
        position = pool.position(subject)
        if position is not None and not pool.excluded[position]:
            yield subject, pool.regions[pool.region_codes[position]]


def _special(pool: SubjectPool, conflicts: Conflicts) -> dict[str, int]:
    """How many subjects with a conflict each region has."""
    found: defaultdict[str, int] = defaultdict(int)
    for _, region in _open_subjects(pool, conflicts.pairs):
        found[region] += 1
    return found
