"""A draw after its deal: the teams now, and what decides who comes next (section 9)."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from doublerandom.dr1.canon import H, Record
from doublerandom.dr1.deal import Deal, Table
from doublerandom.dr1.replacement.rules import ReplacementNumberError, ReplacementPlaceError

_NOBODY_YET: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Replacement:
    """
    One replacement.

    Attributes:
        n: Its number in the draw, from 1.
        what: `inspector`, `direct` or `subject`, as in the log.
        task_subject: Whose task is the old one: the same subject, or the one replaced.
        subject: Whose task is the new one.
        seat: The seat's number, None where the subject is replaced.
        old: The inspector or subject replaced, `""` for an empty seat.
        new: Who or what comes instead, `""` where the seat is empty now.
        team: The new task's team in the order of the seats, `""` for an empty one.
        conflicts: The pairs `<inspector>:<subject>` known since, as given.
    """

    n: int
    what: str
    task_subject: str
    subject: str
    seat: int | None
    old: str
    new: str
    team: tuple[str, ...]
    conflicts: tuple[str, ...] = ()


class AfterDeal:
    """
    A draw after its deal: the teams now, who was replaced where, and what decides who comes next.

    Args:
        subjects: The drawn subjects in drawn order (`id`, `region`, `stratum`).
        seats, inspectors, conflicts, seed: As dealt with.
        dealt: The deal of these.
        reserve: For a stratum, the records of its reserve in order; asked once, when first needed.
    """

    def __init__(
        self,
        *,
        subjects: Sequence[Record],
        seats: Sequence[Record],
        inspectors: Sequence[Record],
        conflicts: Iterable[Record],
        seed: str,
        dealt: Deal,
        reserve: Callable[[str], Iterable[Record]],
    ) -> None:
        self.seats: Final = seats
        self.number: int = 0
        self._table = Table(subjects, seats, inspectors, ())
        self._seed = seed
        self._ask_reserve = reserve
        self._reserves: dict[str, list[Record]] = {}
        self._records = {record["id"]: record for record in subjects}
        self._turns = {code: turn for turn, code in enumerate(self._records)}
        self._teams = {code: tuple(team) for code, team in zip(self._records, dealt.teams, strict=True)}
        self._counts = Counter(code for team in dealt.teams for code in team if code)
        self._gained = np.array([self._table.numbers.get(code, -1) for code in dealt.gained], dtype=np.int64)
        self._barred = {(pair["inspector"], pair["subject"]) for pair in conflicts}
        self._replaced: dict[str, set[str]] = {}

    def team(self, subject: str) -> tuple[str, ...]:
        """The team of a subject that has a task now; raise ReplacementPlaceError if it has none."""
        if subject not in self._teams:
            raise ReplacementPlaceError(subject=subject)
        return self._teams[subject]

    def record(self, subject: str) -> Record:
        """The record of a subject that has a task now."""
        self.team(subject)
        return self._records[subject]

    def reserve(self, stratum: str) -> list[Record]:
        """The records of the stratum's reserve not yet used, in order."""
        if stratum not in self._reserves:
            self._reserves[stratum] = list(self._ask_reserve(stratum))
        return self._reserves[stratum]

    def is_eligible(self, code: str, subject: Record, seat: int, conflicts: Iterable[str]) -> bool:
        """Whether this inspector may take the seat of this subject, conflicts known now included."""
        number = self._table.numbers.get(code)
        fits = number is not None and self._table.class_of[number] in self._table.classes(
            self._table.row(subject["region"])[seat]
        )
        return (
            fits and (code, subject["id"]) not in self._barred and f"{code}:{subject['id']}" not in conflicts
        )

    def candidates(self, subject: Record, seat: int, leaving: Collection[str] = ()) -> list[str]:
        """
        Those with room by the present counts who fit the seat; conflicts, team and history aside.

        Whoever is just leaving a seat of the task does not hold it any more.
        """
        table = self._table
        return [
            code
            for its_class in table.classes(table.row(subject["region"])[seat])
            for number in table.members[its_class]
            if self._counts[code := table.inspectors[number]] - (code in leaving) < table.capacities[number]
        ]

    def replaced_at(self, subject: str) -> Iterable[str]:
        """The inspectors who have been replaced at this subject."""
        return self._replaced.get(subject, _NOBODY_YET)

    def first_by_keys(self, codes: Sequence[str], turn_of: str, seat: int) -> str:
        """The first by the keys as the loads stood just before this place's turn, `""` of none."""
        if not codes:
            return ""
        turn = self._turns[turn_of] * len(self.seats) + seat
        gained = self._gained[:turn]
        dealt = np.bincount(gained[gained >= 0], minlength=len(self._table.inspectors))
        numbers = [self._table.numbers[code] for code in codes]
        loads = [self._table.loads[number] + int(dealt[number]) for number in numbers]
        least = min(loads)
        first = [code for code, load in zip(codes, loads, strict=True) if load == least]
        return min(first, key=lambda code: (H(f"dr1|inspector|{self._seed}|{least}|{code}"), code))

    def apply(self, replacement: Replacement) -> None:
        """Take a replacement that `replaced_inspector` or `replaced_subject` gave as done."""
        if replacement.n != self.number + 1:
            raise ReplacementNumberError(n=replacement.n, expected=self.number + 1)
        old_team = self._teams.pop(replacement.task_subject)
        if replacement.what == "subject":
            self._take_turn(replacement)
        elif replacement.old:
            self._replaced.setdefault(replacement.subject, set()).add(replacement.old)
        self._teams[replacement.subject] = replacement.team
        self._counts.subtract(code for code in old_team if code)
        self._counts.update(code for code in replacement.team if code)
        for pair in replacement.conflicts:
            inspector, _, subject = pair.partition(":")
            self._barred.add((inspector, subject))
        self.number = replacement.n

    def _take_turn(self, replacement: Replacement) -> None:
        """The new subject takes the turn of the old one, and leaves the reserve."""
        reserve = self.reserve(self._records[replacement.old]["stratum"])
        self._records[replacement.new] = reserve.pop(0)
        self._turns[replacement.new] = self._turns[replacement.old]
