"""Who may sit where: the pools of a deal, indexed so that nobody ever looks at every pair."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from doublerandom.dr1.canon import Record

NOBODY: Final = -1
UNLIMITED: Final = 1 << 62

_FREE: Final[frozenset[int]] = frozenset()


class Table:
    """
    The deal's input by number: places, inspectors, and groups of inspectors who may take the same places.

    - Inspectors are numbered in ascending order of id, subjects in drawn order; a place is
      `subject × seats + seat`, so places count in the order of the deal.
    - Seats of one department and the same skills are of one kind.
    - Inspectors who fit the same kinds of seats in the same regions form a class; whoever is excluded or fits
      no seat is in none.
    - A group is a region with a kind of seat: the classes eligible there, conflicts aside. Conflict pairs are
      kept by subject.

    Args:
        subjects: The drawn subjects' records in drawn order.
        seats: The plan's `team`, in filling order.
        inspectors: The pool's records in any order; ids distinct.
        conflicts: The pool's records; pairs that name nobody have no effect.
    """

    def __init__(
        self,
        subjects: Sequence[Record],
        seats: Sequence[Record],
        inspectors: Sequence[Record],
        conflicts: Iterable[Record],
    ) -> None:
        self.seats: Final = [seat["seat"] for seat in seats]
        self._kinds: dict[tuple[Any, ...], int] = {}
        self.kind_of_seat: Final = [self._kind(seat) for seat in seats]
        self._seat_inspectors(inspectors)
        self.subjects: Final[list[str]] = [subject["id"] for subject in subjects]
        self.subject_numbers: Final = {code: number for number, code in enumerate(self.subjects)}
        self._regions: dict[str, int] = {}
        self._groups: dict[int, list[int]] = {}
        self._group_rows: list[list[int]] = []
        self.rows: Final = [self.row(subject["region"]) for subject in subjects]
        self._barred: Final = self._bar(conflicts)

    def _kind(self, seat: Record) -> int:
        """The number of this kind of seat, the same for seats that ask for the same."""
        asks = (seat.get("department"), *sorted(set(seat.get("skills", ()))))
        return self._kinds.setdefault(asks, len(self._kinds))

    def _fits(self, department: str, skills: Iterable[str]) -> int:
        """The kinds of seats that department and skills fit, as a bit mask."""
        has = set(skills)
        mask = 0
        for (asked_department, *asked_skills), kind in self._kinds.items():
            if asked_department in (None, department) and has.issuperset(asked_skills):
                mask |= 1 << kind
        return mask

    def _seat_inspectors(self, inspectors: Sequence[Record]) -> None:
        records = sorted(inspectors, key=lambda record: str(record["id"]))
        self.inspectors: list[str] = [record["id"] for record in records]
        self.numbers = {code: number for number, code in enumerate(self.inspectors)}
        self.loads: list[int] = [record["load"] for record in records]
        self.capacities: list[int] = [record.get("capacity", UNLIMITED) for record in records]
        masks: dict[tuple[str, ...], int] = {}
        classes: dict[tuple[int, frozenset[str]], int] = {}
        self.class_of: list[int] = []
        self.members: list[list[int]] = []
        for number, record in enumerate(records):
            skilled = (record["department"], *record["skills"])
            mask = masks.get(skilled)
            if mask is None:
                mask = masks[skilled] = self._fits(record["department"], record["skills"])
            if "excluded" in record or not mask:
                self.class_of.append(NOBODY)
                continue
            its_class = classes.setdefault((mask, frozenset(record["regions"])), len(classes))
            self.class_of.append(its_class)
            if its_class == len(self.members):
                self.members.append([])
            self.members[its_class].append(number)
        self._list_classes(classes)

    def _list_classes(self, classes: Mapping[tuple[int, frozenset[str]], int]) -> None:
        """For each kind of seat: the classes by region, and those that go anywhere."""
        self._anywhere: list[list[int]] = [[] for _ in self._kinds]
        self._local: list[defaultdict[str, list[int]]] = [defaultdict(list) for _ in self._kinds]
        for (mask, regions), number in classes.items():
            for kind in range(len(self._kinds)):
                if mask >> kind & 1:
                    if not regions:
                        self._anywhere[kind].append(number)
                    for region in regions:
                        self._local[kind][region].append(number)

    def _bar(self, conflicts: Iterable[Record]) -> dict[int, set[int]]:
        barred: dict[int, set[int]] = {}
        subjects, numbers = self.subject_numbers, self.numbers
        for record in conflicts:
            subject = subjects.get(record["subject"])
            if subject is not None:
                number = numbers.get(record["inspector"])
                if number is not None:
                    barred.setdefault(subject, set()).add(number)
        return barred

    def row(self, region: str) -> list[int]:
        """The groups of a region's places, one for each seat."""
        number = self._regions.get(region)
        if number is None:
            number = self._regions[region] = len(self._regions)
            first = number * len(self._kinds)
            self._group_rows.append([first + kind for kind in self.kind_of_seat])
            for kind in range(len(self._kinds)):
                self._groups[first + kind] = [*self._local[kind].get(region, ()), *self._anywhere[kind]]
        return self._group_rows[number]

    def classes(self, group: int) -> list[int]:
        """The classes eligible in this group."""
        return self._groups[group]

    def group_of(self, place: int) -> int:
        """The group a place belongs to."""
        subject, seat = divmod(place, len(self.seats))
        return self.rows[subject][seat]

    @cached_property
    def place_names(self) -> list[list[str | int]]:
        """`[subject, seat number]` for every place, as in result.json; not to be changed."""
        return [[subject, seat] for subject in self.subjects for seat in range(len(self.seats))]

    def barred(self, subject: int) -> set[int] | frozenset[int]:
        """The inspectors with a conflict pair for this subject."""
        return self._barred.get(subject, _FREE)
