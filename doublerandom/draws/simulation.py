"""Simulated draws with throw-away seeds: what they run on, what they count, in this process or in several."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from doublerandom.dr1.canon import H, Record
from doublerandom.dr1.deal import deal
from doublerandom.dr1.pools import PoolCommitment, SubjectPool
from doublerandom.dr1.tickets import select
from doublerandom.draws.eligibility import Eligibility

FEWEST_PLACES: Final = 100  # a share of fewer simulated places would be chance
WARN_TIMES_EQUAL: Final = 3
_CHUNK: Final = 5
Counts = npt.NDArray[np.int64]
Progress = Callable[[int, int], bool]
"""Told how many of how many draws were simulated; False: enough."""


@dataclass(frozen=True)
class Ground:
    """What simulated draws run on: only those who can be drawn, and the pairs by subject."""

    pool: SubjectPool
    strata: list[Record]
    carried: tuple[str, ...]
    team: list[Record]
    inspectors: list[Record]
    pairs: dict[str, list[Record]]

    @property
    def size(self) -> int:
        """How many tickets one simulated draw computes."""
        return len(self.pool.ids)


def ground_of(
    plan: Record, pool: SubjectPool, inspectors: Sequence[Record], conflicts: Iterable[Record]
) -> Ground:
    """
    The ground of a plan's simulated draws.

    Whoever cannot be drawn, or whose stratum takes nobody, never needs a ticket.

    Args:
        plan: `strata`, `team` and `carried` are read.
        pool: The subjects' pool.
        inspectors: The inspectors' pool.
        conflicts: The conflicts' pool.
    """
    taking = {stratum["id"] for stratum in plan["strata"] if stratum["take"]}
    wanted = np.isin(pool.stratum_codes, [n for n, name in enumerate(pool.strata) if name in taking])
    rows = np.flatnonzero(wanted & ~pool.excluded)
    strata = [name for name in pool.strata if name in taking]
    numbers = {name: n for n, name in enumerate(strata)}
    renamed = np.array([numbers.get(name, -1) for name in pool.strata] or [-1], np.int32)
    small = SubjectPool(
        commitment=PoolCommitment("", len(rows), sealed=False),
        ids=[pool.ids[row] for row in rows.tolist()],
        strata=strata,
        stratum_codes=renamed[pool.stratum_codes[rows]],
        regions=pool.regions,
        region_codes=pool.region_codes[rows],
        excluded=np.zeros(len(rows), np.bool_),
    )
    pairs: defaultdict[str, list[Record]] = defaultdict(list)
    for record in conflicts:
        pairs[record["subject"]].append(record)
    return Ground(
        small,
        [stratum for stratum in plan["strata"] if stratum["id"] in taking],
        tuple(plan.get("carried", ())),
        list(plan["team"]),
        list(inspectors),
        dict(pairs),
    )


@dataclass
class Tally:
    """Counts over simulated draws; two of them can be put together."""

    places: Counts
    """Places by region and seat."""
    sat: Counts
    """How often each inspector sat there: region and seat by inspector."""
    drawn: Counts
    """How many were drawn, region by stratum."""
    missed: Counts
    """In how many draws nobody of a region was drawn."""
    loads: Counter[int] = field(default_factory=Counter)
    pairs: Counter[int] = field(default_factory=Counter)
    """How many pairs of people met so often in one draw."""
    draws: int = 0
    seats: int = 0
    empty_most: int = 0
    with_empty: int = 0

    @classmethod
    def empty(cls, ground: Ground) -> "Tally":
        """Nothing counted yet."""
        regions, strata = len(ground.pool.regions), len(ground.pool.strata)
        places = regions * len(ground.team)
        return cls(
            np.zeros(places, np.int64),
            np.zeros((places, len(ground.inspectors)), np.int64),
            np.zeros((regions, strata), np.int64),
            np.zeros(regions, np.int64),
        )

    def add(self, other: "Tally") -> None:
        """Take in what another has counted."""
        self.places += other.places
        self.sat += other.sat
        self.drawn += other.drawn
        self.missed += other.missed
        self.loads.update(other.loads)
        self.pairs.update(other.pairs)
        self.draws += other.draws
        self.seats = max(self.seats, other.seats)
        self.empty_most = max(self.empty_most, other.empty_most)
        self.with_empty += other.with_empty


class Runner:
    """Simulates draws of one ground."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._width = len(ground.team)
        self._number = {record["id"]: n for n, record in enumerate(ground.inspectors)}
        eligibility = Eligibility(ground.team, ground.inspectors)
        able = frozenset[str]().union(*map(eligibility.anyone, ground.pool.regions))
        self._open = [n for n, record in enumerate(ground.inspectors) if record["id"] in able]

    def run(self, numbers: Iterable[int]) -> Tally:
        """Simulate the draws with the seeds H("dr1-sim|" ‖ n) of these numbers, for both purposes."""
        tally = Tally.empty(self._ground)
        for number in numbers:
            self._one(H(f"dr1-sim|{number}"), tally)
        return tally

    def _one(self, seed: str, tally: Tally) -> None:
        ground, pool = self._ground, self._ground.pool
        drawn = select(seed, pool, ground.strata, ground.carried).drawn
        rows = np.array([pool.position(code) for code in drawn], np.int64)
        regions, strata = pool.region_codes[rows], pool.stratum_codes[rows]
        subjects = [
            {"id": code, "region": pool.regions[region]} for code, region in zip(drawn, regions, strict=True)
        ]
        pairs = [pair for code in drawn for pair in ground.pairs.get(code, ())]
        teams = deal(subjects, ground.team, ground.inspectors, pairs, seed).teams
        np.add.at(tally.drawn, (regions, strata), 1)
        tally.missed += np.bincount(regions, minlength=len(pool.regions)) == 0
        tally.draws += 1
        self._count(tally, regions, teams)

    def _count(self, tally: Tally, regions: npt.NDArray[Any], teams: Sequence[Sequence[str]]) -> None:
        """Who sat where, how often, and with whom."""
        flat = np.array([self._number.get(code, -1) for team in teams for code in team], np.int64)
        places = np.repeat(regions.astype(np.int64), self._width) * self._width
        places += np.tile(np.arange(self._width), len(regions))
        filled = flat >= 0
        tally.places += np.bincount(places, minlength=len(tally.places))
        np.add.at(tally.sat, (places[filled], flat[filled]), 1)
        empty = int((~filled).sum())
        tally.seats = max(tally.seats, len(flat))
        tally.empty_most = max(tally.empty_most, empty)
        tally.with_empty += bool(empty)
        held = np.bincount(flat[filled], minlength=len(self._number))
        tally.loads.update(Counter(held[self._open].tolist()))
        tally.pairs.update(Counter(_meetings(flat.reshape(-1, self._width), len(self._number))))


def _meetings(teams: Counts, people: int) -> list[int]:
    """How often each pair that met at all met in one draw."""
    keys = []
    for one, other in combinations(range(teams.shape[1]), 2):
        both = teams[(teams[:, one] >= 0) & (teams[:, other] >= 0)]
        first, second = np.minimum(both[:, one], both[:, other]), np.maximum(both[:, one], both[:, other])
        keys.append(first * people + second)
    if not keys:
        return []
    found: list[int] = np.unique(np.concatenate(keys), return_counts=True)[1].tolist()
    return found


def run(ground: Ground, draws: int, *, progress: Progress, processes: int = 1) -> Tally:
    """
    Simulate the draws 1 … `draws`, or as many as `progress` lets, in the order of their seeds.

    Args:
        ground: See `ground_of`.
        draws: How many.
        progress: Told after each chunk; it may raise, and then nothing is left running.
        processes: In how many processes beside this one; 1: in this one.
    """
    tally = Tally.empty(ground)
    chunks = [
        range(start, min(start + _CHUNK, draws + 1)) for start in range(1, draws + 1, _CHUNK)
    ]  # numbers of draws
    results = _in_processes(ground, chunks, processes) if processes > 1 else map(Runner(ground).run, chunks)
    try:
        for counted in results:
            tally.add(counted)
            if not progress(tally.draws, draws):
                break
    finally:
        if isinstance(results, _Stoppable):
            results.stop()
    return tally


_runner: list[Runner] = []


def _begin(ground: Ground) -> None:
    """In a process of its own: keep the ground once for all its chunks."""
    _runner[:] = [Runner(ground)]


def _run_there(numbers: range) -> Tally:
    return _runner[0].run(numbers)


class _Stoppable:
    """The chunks' results in their order, a few computed ahead; stopping ends the processes."""

    def __init__(self, ground: Ground, chunks: Sequence[range], processes: int) -> None:
        context = get_context("spawn")  # a server has threads, and they do not survive a fork
        self._executor = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(ground,))
        self._chunks = iter(chunks)
        self._ahead: list[Future[Tally]] = []
        self._most = 2 * processes

    def __iter__(self) -> Iterator[Tally]:
        return self

    def __next__(self) -> Tally:
        while len(self._ahead) < self._most and (chunk := next(self._chunks, None)) is not None:
            self._ahead.append(self._executor.submit(_run_there, chunk))
        if not self._ahead:
            raise StopIteration
        return self._ahead.pop(0).result()

    def stop(self) -> None:
        """End the processes; what they still compute is dropped."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _in_processes(ground: Ground, chunks: Sequence[range], processes: int) -> _Stoppable:
    return _Stoppable(ground, chunks, processes)


def largest_share(tally: Tally, ground: Ground) -> dict[str, Any] | None:
    """
    Which region and seat shows anybody most often, against the equal share of those eligible there.

    The person is not named: the pool is sealed.
    """
    width, team = len(ground.team), ground.team
    eligibility = Eligibility(team, ground.inspectors)
    best: tuple[float, str, int, int, int] | None = None
    for place, number in enumerate(tally.places.tolist()):
        times = int(tally.sat[place].max(initial=0))
        if number >= FEWEST_PLACES:
            region, seat = ground.pool.regions[place // width], place % width
            found = (times / number, region, seat, times, number)
            best = found if best is None else max(best, found)
    if best is None:
        return None
    _, region, seat, times, number = best
    eligible = len(eligibility.of_seats(region)[seat])
    return {
        "region": region,
        "seat": team[seat]["seat"],
        "times": times,
        "places": number,
        "eligible": eligible,
        "above": times * eligible > WARN_TIMES_EQUAL * number,
    }
