"""A draw after its deal, from what is kept: the lines of replacements.jsonl, who is next in order."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.canon import Record
from doublerandom.dr1.compute import Computation
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.inputs import Inputs
from doublerandom.dr1.pools import key_bytes
from doublerandom.dr1.replacement import (
    AfterDeal,
    NoReserveError,
    NothingReplacedError,
    OnTheTeamError,
    Replacement,
    SomebodyLeftError,
    next_inspector,
    next_subject,
    replaced_inspector,
    replaced_subject,
    replay,
)
from doublerandom.dr1.tasks import task_object, task_salt
from doublerandom.draws import queries
from doublerandom.draws.errors import (
    DirectRefusedError,
    NobodyNextError,
    ReserveUsedUpError,
    SomebodyEligibleError,
    StorageDamagedError,
)
from doublerandom.draws.models import Draw
from doublerandom.draws.models import Replacement as Row
from doublerandom.draws.outcomes import computed, inputs_of

Known = Callable[[Collection[str]], Collection[str]]
"""Of some subjects the pairs `<inspector>:<subject>` that must be kept apart now."""


@dataclass(frozen=True)
class Place:
    """What is to be replaced: a subject's task, or one seat of it."""

    subject: str
    seat: int = -1
    direct: str = ""
    leaves_for_conflict: bool = False
    """Whether the pair of who holds the seat and the subject is why."""


@dataclass(frozen=True)
class Base:
    """A draw computed once more, for as many replacements as are wanted of it."""

    number: str
    inputs: Inputs
    found: Computation

    @property
    def task_key(self) -> bytes:
        """The key that opens tasks."""
        return key_bytes(self.inputs.keys["tasks"])


def base_of(session: Session, draw: Draw, settings: Settings) -> Base:
    """
    A draw computed once more from its frozen pools and values; seeds and keys stay inside.

    Raises:
        RandomnessMissingError, StorageDamagedError: As of `outcomes.inputs_of`.
    """
    inputs = inputs_of(session, draw, settings)
    return Base(draw.number, inputs, computed(draw, inputs))


class Standing:
    """
    A draw as it stands after its replacements so far.

    Args:
        base: The draw.
        lines: Those of `replacement_lines`.
        strata: Strata whose reserve may be used next.

    Raises:
        StorageDamagedError: What is kept of the replacements does not follow from the draw.
    """

    def __init__(self, base: Base, lines: Sequence[Record], strata: Collection[str] = ()) -> None:
        self.base, self._limit = base, len(lines) + 1
        pool, drawn = base.inputs.subjects, base.found.drawn
        named = {*drawn, *(line["task"]["subject"] for line in lines)}
        named.update(record["id"] for stratum in strata for record in self._reserve(stratum))
        pairs = base.inputs.conflicts.of(named)
        self._barred = {f"{pair['inspector']}:{pair['subject']}" for pair in pairs}
        self._barred.update(pair for line in lines for pair in line.get("conflicts", ()))
        self._people = frozenset(record["id"] for record in base.inputs.inspectors.records)
        self.after = AfterDeal(
            subjects=[pool.deal_record(subject) for subject in drawn],
            seats=base.inputs.plan["team"],
            inspectors=base.inputs.inspectors.records,
            conflicts=pairs,
            seed=base.found.seeds["inspector"],
            dealt=base.found.deal,
            reserve=self._reserve,
        )
        try:
            replay(self.after, lines, base.number)
        except ProtocolError as error:
            raise StorageDamagedError(draw=base.number, pool="replacements") from error

    def _reserve(self, stratum: str) -> list[Record]:
        pool = self.base.inputs.subjects
        return [
            pool.deal_record(code) for code in islice(self.base.found.selection.reserve(stratum), self._limit)
        ]

    def next(self, place: Place, known: Known) -> Replacement:
        """
        The replacement that the order of section 9 gives, with those new pairs that make a difference.

        Args:
            place: What is replaced.
            known: What the registry knows now; pairs of nobody in the pool or known before have no effect.

        Raises:
            ReserveUsedUpError, SomebodyEligibleError, NobodyNextError, DirectRefusedError: It is refused.
        """
        try:
            return self._of_subject(place, known) if place.seat < 0 else self._of_seat(place, known)
        except NoReserveError as error:
            raise ReserveUsedUpError(draw=self.base.number) from error
        except SomebodyLeftError as error:
            raise SomebodyEligibleError(draw=self.base.number) from error
        except NothingReplacedError as error:
            raise NobodyNextError(draw=self.base.number) from error
        except OnTheTeamError as error:
            raise DirectRefusedError(certificate=place.direct, why="team") from error

    def _of_seat(self, place: Place, known: Known) -> Replacement:
        subject, seat = place.subject, place.seat
        holder = self.after.team(subject)[seat]
        leaving = f"{holder}:{subject}" if place.leaves_for_conflict and holder else ""
        pairs = with_effect(
            self._fresh(known([subject])),
            lambda some: (next_inspector(self.after, subject, seat, some),),
            keep=leaving,
        )
        return replaced_inspector(self.after, subject, seat, conflicts=pairs, direct=place.direct)

    def _of_subject(self, place: Place, known: Known) -> Replacement:
        coming = next_subject(self.after, place.subject)["id"]
        pairs = with_effect(
            self._fresh(known([coming])),
            lambda some: replaced_subject(self.after, place.subject, conflicts=some).team,
        )
        return replaced_subject(self.after, place.subject, conflicts=pairs)

    def _fresh(self, pairs: Collection[str]) -> list[str]:
        """Those of people of the pool that are not known to the draw yet, ascending."""
        return sorted(pair for pair in set(pairs) - self._barred if pair.partition(":")[0] in self._people)


def with_effect(
    pairs: Sequence[str], outcome: Callable[[Sequence[str]], tuple[str, ...]], *, keep: str = ""
) -> list[str]:
    """
    Those of some pairs without any of which the outcome would be another; `keep` stays whatever it does.

    Nothing but its effect commits to a pair known since (check 12), so none without effect is told.
    """
    left = list(pairs)
    changed = True
    while changed:
        changed = False
        for pair in [each for each in left if each != keep]:
            others = [other for other in left if other != pair]
            if outcome(others) == outcome(left):
                left, changed = others, True
    return left


def replacement_lines(session: Session, draw: Draw, *, plan: Record, task_key: bytes) -> list[Record]:
    """The lines of replacements.jsonl, in the order of their numbers."""
    rows = queries.done_replacements(session, draw)
    seats = queries.new_seats(session, [row.id for row in rows if row.id is not None])
    return [
        _line(draw.number, row, [seat.inspector for seat in seats.get(row.id or 0, [])], plan, task_key)
        for row in rows
    ]


def _line(number: str, row: Row, team: Sequence[str], plan: Record, task_key: bytes) -> Record:
    assert row.n is not None
    line: Record = {
        "n": row.n,
        "reason": row.reason,
        "salt": task_salt(task_key, row.subject, row.n),
        "task": task_object(number, row.subject, team, plan["team"]),
    }
    if row.seat >= 0:
        line["seat"] = row.seat
    named = {"old": row.old, "new": row.new, "conflicts": list(row.conflicts)}
    return line | {name: value for name, value in named.items() if value}
