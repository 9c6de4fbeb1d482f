"""What is told before anybody signs: counts, thin spots, simulated draws with throw-away seeds."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws import simulation
from doublerandom.draws.eligibility import Conflicts, ThinSpots

SHOWN: Final = 1000
"""How many draws are simulated for the pre-flight that is published."""
_WORTH_PROCESSES: Final = 30_000_000
"""From so many tickets on, processes of their own pay: each has to start and to be given the pool."""
_MOST_PROCESSES: Final = 8


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
    pairs: dict[int, int] = field(default_factory=dict)
    """How many pairs of people met so often in one draw, over all draws."""
    regions: list[dict[str, Any]] = field(default_factory=list)
    """By region: how many can be drawn, how many were over all draws, in how many draws nobody was."""
    strata: list[dict[str, Any]] = field(default_factory=list)
    """By stratum: how many can be drawn, how many were."""

    def told(self) -> dict[str, Any]:
        """As the pre-flight says it."""
        return {
            "draws": self.draws,
            "seats": self.seats,
            "empty_most": self.empty_most,
            "draws_with_empty": self.draws_with_empty,
            "load_least": self.load_least,
            "load_most": self.load_most,
            "loads": [[load, times] for load, times in sorted(self.loads.items())],
            "pairs": [[times, number] for times, number in sorted(self.pairs.items())],
            "regions": self.regions,
            "strata": self.strata,
            **({"largest": self.largest} if self.largest else {}),
        }


def simulate(
    plan: Record,
    pool: SubjectPool,
    inspectors: Sequence[Record],
    conflicts: Sequence[Record],
    draws: int,
    *,
    progress: simulation.Progress = lambda _done, _of: True,
    processes: int | None = None,
) -> Simulated:
    """
    Run `draws` draws with the seeds H("dr1-sim|" ‖ n), n from 1, for both purposes; nothing of them is kept.

    Args:
        plan: `strata`, `team` and `carried` are read.
        pool: The subjects' pool.
        inspectors: The inspectors' pool.
        conflicts: The conflicts' pool.
        draws: How many; 0 tells nothing.
        progress: Told how many of them are done; where it says no, those done are all that is told of.
        processes: In how many; None: in several where the pool is so large that it pays.
    """
    if not draws:
        return Simulated(0)
    ground = simulation.ground_of(plan, pool, inspectors, conflicts)
    if processes is None:
        pays = ground.size * draws > _WORTH_PROCESSES
        processes = min(os.cpu_count() or 1, _MOST_PROCESSES) if pays else 1
    tally = simulation.run(ground, draws, progress=progress, processes=processes)
    return Simulated(
        draws=tally.draws,
        seats=tally.seats,
        empty_most=tally.empty_most,
        draws_with_empty=tally.with_empty,
        load_least=min(tally.loads, default=0),
        load_most=max(tally.loads, default=0),
        loads=dict(sorted(tally.loads.items())),
        largest=simulation.largest_share(tally, ground),
        pairs=dict(sorted(tally.pairs.items())),
        regions=_by_region(tally, ground),
        strata=_by_stratum(tally, ground),
    )


def _by_region(tally: simulation.Tally, ground: simulation.Ground) -> list[dict[str, Any]]:
    pool = ground.pool
    open_ = np.bincount(pool.region_codes, minlength=len(pool.regions)).tolist()
    drawn, missed = tally.drawn.sum(axis=1).tolist(), tally.missed.tolist()
    return [
        {"region": region, "open": open_[n], "drawn": drawn[n], "none": missed[n]}
        for n, region in sorted(enumerate(pool.regions), key=lambda each: each[1])
        if open_[n]
    ]


def _by_stratum(tally: simulation.Tally, ground: simulation.Ground) -> list[dict[str, Any]]:
    pool = ground.pool
    open_ = np.bincount(pool.stratum_codes, minlength=len(pool.strata)).tolist()
    drawn = tally.drawn.sum(axis=0).tolist()
    number = {name: n for n, name in enumerate(pool.strata)}
    return [
        {
            "stratum": stratum["id"],
            "open": open_[number[stratum["id"]]],
            "drawn": drawn[number[stratum["id"]]],
        }
        for stratum in ground.strata
    ]


def report(
    plan: Record,
    pool: SubjectPool,
    inspectors: Sequence[Record],
    conflicts: Conflicts,
    *,
    thin: ThinSpots,
    simulated: dict[str, Any],
) -> dict[str, Any]:
    """
    The pre-flight as it is shown and published with the plan; names nobody.

    Warnings are codes: `scarce` (subjects with fewer than twice the seats eligible), `empty_seats` (in
    simulated draws), `uneven` (somebody above three times the equal share), `waived` (soft grounds not
    applied).
    """
    warnings = {
        "scarce": thin.scarce,
        "empty_seats": simulated["draws_with_empty"],
        "uneven": bool(simulated.get("largest") and simulated["largest"]["above"]),
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
        **({"scarce_regions": list(thin.scarce_regions)} if thin.scarce_regions else {}),
        "simulated": simulated,
        "warnings": [code for code, holds in warnings.items() if holds],
    }
