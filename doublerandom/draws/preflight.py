"""What is told before anybody signs: counts, thin spots, simulated draws with throw-away seeds."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from doublerandom.dr1.canon import H, Record
from doublerandom.dr1.deal import deal
from doublerandom.dr1.pools import SubjectPool
from doublerandom.dr1.tickets import select
from doublerandom.draws.eligibility import Conflicts, Eligibility, ThinSpots

FEWEST_PLACES: Final = 100  # a share of fewer simulated places would be chance
_WARN_TIMES_EQUAL: Final = 3


@dataclass(frozen=True)
class Simulated:
    """Simulated draws of one plan; loads and seats are integers, shares are counts out of counts."""

    draws: int
    seats: int = 0
    empty_most: int = 0
    draws_with_empty: int = 0
    load_least: int = 0
    load_most: int = 0
    loads: dict[int, int] = field(default_factory=dict)
    largest: dict[str, Any] | None = None


def simulate(
    plan: Record,
    pool: SubjectPool,
    inspectors: Sequence[Record],
    conflicts: Sequence[Record],
    draws: int,
) -> Simulated:
    """
    Run `draws` draws with the seeds H("dr1-sim|" ‖ n), n from 1, for both purposes; nothing of them is kept.

    Args:
        plan: `strata`, `team` and `carried` are read.
        pool: The subjects' pool.
        inspectors: The inspectors' pool.
        conflicts: The conflicts' pool.
        draws: How many; 0 tells nothing.
    """
    tally = _Tally(plan["team"], inspectors)
    for number in range(1, draws + 1):
        seed = H(f"dr1-sim|{number}")
        drawn = select(seed, pool, plan["strata"], plan.get("carried", [])).drawn
        records = [pool.deal_record(subject) for subject in drawn]
        tally.add(records, deal(records, plan["team"], inspectors, conflicts, seed).teams)
    return tally.told(draws)


class _Tally:
    """Counts over simulated draws."""

    def __init__(self, team: Sequence[Record], inspectors: Sequence[Record]) -> None:
        self.team = team
        self.open = [record["id"] for record in inspectors if "excluded" not in record]
        self.eligibility = Eligibility(team, inspectors)
        self.seats = 0
        self.empty: list[int] = []
        self.loads: Counter[int] = Counter()
        self.places: Counter[tuple[str, int]] = Counter()
        self.sat: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)

    def add(self, subjects: Sequence[Record], teams: Sequence[Sequence[str]]) -> None:
        """Count one simulated draw."""
        self.seats = len(subjects) * len(self.team)
        load: Counter[str] = Counter(inspector for team in teams for inspector in team if inspector)
        self.empty.append(self.seats - load.total())
        self.loads.update(load[inspector] for inspector in self.open)
        for subject, team in zip(subjects, teams, strict=True):
            for number, inspector in enumerate(team):
                place = subject["region"], number
                self.places[place] += 1
                self.sat[place][inspector] += bool(inspector)

    def told(self, draws: int) -> Simulated:
        """The figures."""
        return Simulated(
            draws=draws,
            seats=self.seats,
            empty_most=max(self.empty, default=0),
            draws_with_empty=sum(map(bool, self.empty)),
            load_least=min(self.loads, default=0),
            load_most=max(self.loads, default=0),
            loads=dict(sorted(self.loads.items())),
            largest=self._largest(),
        )

    def _largest(self) -> dict[str, Any] | None:
        """
        Which region and seat shows anybody most often, against the equal share of those eligible there.

        The person is not named: the pool is sealed.
        """
        shares = [
            (times / places, region, number, times, places)
            for (region, number), places in self.places.items()
            if places >= FEWEST_PLACES
            for times in [max(self.sat[region, number].values(), default=0)]
        ]
        if not shares:
            return None
        _, region, number, times, places = max(shares)
        eligible = len(self.eligibility.of_seats(region)[number])
        return {
            "region": region,
            "seat": self.team[number]["seat"],
            "times": times,
            "places": places,
            "eligible": eligible,
            "above": times * eligible > _WARN_TIMES_EQUAL * places,
        }


def report(
    plan: Record,
    pool: SubjectPool,
    inspectors: Sequence[Record],
    conflicts: Conflicts,
    *,
    thin: ThinSpots,
    simulated: Simulated,
) -> dict[str, Any]:
    """
    The pre-flight as it is shown and published with the plan; names nobody.

    Warnings are codes: `scarce` (subjects with fewer than twice the seats eligible), `empty_seats` (in
    simulated draws), `uneven` (somebody above three times the equal share), `waived` (soft grounds not
    applied).
    """
    warnings = {
        "scarce": thin.scarce,
        "empty_seats": simulated.draws_with_empty,
        "uneven": bool(simulated.largest and simulated.largest["above"]),
        "waived": conflicts.waived,
    }
    return {
        "subjects": pool.commitment.size,
        "excluded": dict(sorted(pool.reasons.items())),
        "strata": plan["strata"],
        "take": sum(stratum["take"] for stratum in plan["strata"]),
        "inspectors": len(inspectors),
        "inspectors_excluded": dict(
            sorted(Counter(record["excluded"] for record in inspectors if "excluded" in record).items()),
        ),
        "conflicts": len(conflicts),
        "waived": conflicts.waived,
        "seats": len(plan["team"]),
        "thin": thin.unfillable,
        "scarce": thin.scarce,
        "simulated": {
            "draws": simulated.draws,
            "seats": simulated.seats,
            "empty_most": simulated.empty_most,
            "draws_with_empty": simulated.draws_with_empty,
            "load_least": simulated.load_least,
            "load_most": simulated.load_most,
            "loads": [[load, times] for load, times in simulated.loads.items()],
            **({"largest": simulated.largest} if simulated.largest else {}),
        },
        "warnings": [code for code, holds in warnings.items() if holds],
    }
