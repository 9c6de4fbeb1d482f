"""A seat that stays empty, and the proof by which anyone sees that nobody could have been found for it."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar

from doublerandom.dr1.canon import Record
from doublerandom.dr1.deal.table import NOBODY, Table
from doublerandom.dr1.errors import ProtocolError


class BadProofError(ProtocolError):
    """The proof of an empty seat does not hold; `why` says in which respect, `subject` and `seat` where."""

    code: ClassVar[str] = "bad_proof"
    check: ClassVar[int] = 10


@dataclass(frozen=True, repr=False)
class EmptySeat:
    """
    A place that stays empty for good, with its proof: the places that joined, the inspectors met, in order.

    A proof may run over every place of the draw. It is kept as the steps of the search and written out on
    demand: the places of whoever was met never change again.
    """

    _table: Table
    _held: list[list[int]]
    place: int
    _steps: "array[int]"
    _swaps: frozenset[int] = field(default=frozenset())

    @property
    def subject(self) -> str:
        """The subject's id."""
        return self._table.subjects[self.place // len(self._table.seats)]

    @property
    def seat(self) -> int:
        """The seat's number, from 0."""
        return self.place % len(self._table.seats)

    def met(self) -> list[str]:
        """The inspectors met, in that order."""
        return [self._table.inspectors[step] for step in self._steps if step >= 0]

    def places(self) -> list[list[str | int]]:
        """The places that joined, in that order: `[subject, seat number]`, lists that all proofs share."""
        return list(map(self._table.place_names.__getitem__, self._joined()))

    def _joined(self) -> Iterator[int]:
        if not self._swaps:
            return chain((self.place,), *(self._held[step] for step in self._steps if step >= 0))
        return chain.from_iterable(map(self._places_of, self._steps))

    def _places_of(self, step: int) -> Iterable[int]:
        return (~step,) if step < 0 else [place for place in self._held[step] if place not in self._swaps]

    def record(self) -> Record:
        """The member of `empty_seats` in result.json."""
        return {
            "met": self.met(),
            "places": self.places(),
            "seat": self._table.seats[self.seat],
            "subject": self.subject,
        }


class _Checker:
    """Checks proofs against a finished deal, whoever computed it."""

    def __init__(self, table: Table, teams: Sequence[Sequence[str]]) -> None:
        self._table = table
        self._width = len(table.seats)
        self.numbers = {(name[0], name[1]): place for place, name in enumerate(table.place_names)}
        self._groups = [group for row in table.rows for group in row]
        self._holders = [table.numbers.get(code, NOBODY) for team in teams for code in team]
        self._empty = [not code for team in teams for code in team]
        self._held: list[list[int]] = [[] for _ in table.inspectors]
        for place, holder in enumerate(self._holders):
            if holder != NOBODY:
                self._held[holder].append(place)

    def empty_places(self) -> list[int]:
        return [place for place, empty in enumerate(self._empty) if empty]

    def fault(self, proof: Record) -> str:
        """What is wrong with a proof, or nothing."""
        places = [self.numbers.get(name, NOBODY) for name in map(tuple, proof["places"])]
        met = [self._table.numbers.get(code, NOBODY) for code in proof["met"]]
        joined, known = set(places), set(met)
        if NOBODY in joined or NOBODY in known or len(joined) < len(places) or len(known) < len(met):
            return "unknown_or_repeated"
        if not places or not self._is_its_place(proof, places[0]):
            return "other_place"
        if not all(self._is_bound(number, joined) for number in met):
            return "has_room_or_place_outside"
        if not self._is_closed(places, joined, known):
            return "somebody_left"
        return ""

    def _is_its_place(self, proof: Record, place: int) -> bool:
        subject, seat = divmod(place, self._width)
        named = (self._table.subjects[subject], self._table.seats[seat]) == (proof["subject"], proof["seat"])
        return named and self._empty[place]

    def _is_bound(self, number: int, joined: set[int]) -> bool:
        held = self._held[number]
        return len(held) == self._table.capacities[number] and joined.issuperset(held)

    def _is_closed(self, places: list[int], joined: set[int], known: set[int]) -> bool:
        """Whether everyone eligible for a joined place was met or holds a joined place of its subject."""
        open_groups = {}
        for group in set(map(self._groups.__getitem__, places)):
            members = map(self._table.members.__getitem__, self._table.classes(group))
            strangers = set(chain.from_iterable(members)) - known
            if strangers:
                open_groups[group] = strangers
        if not open_groups:
            return True
        return all(
            open_groups[self._groups[place]]
            <= self._table.barred(place // self._width) | self._mates(place, joined)
            for place in places
            if self._groups[place] in open_groups
        )

    def _mates(self, place: int, joined: set[int]) -> set[int]:
        """The holders of all joined places of this place's subject."""
        first = place - place % self._width
        return {self._holders[at] for at in range(first, first + self._width) if at in joined}


def check_empty_seat_proof(table: Table, teams: Sequence[Sequence[str]], proof: Record) -> None:
    """
    Check one proof of an empty seat against the finished deal, as section 7 states it.

    The first place is the empty one; for every place of P everyone eligible is in M or holds a place of
    P of the same subject (another one, or after a swap this very one); everyone in M holds exactly `capacity`
    places, all of them in P.

    Args:
        table: The deal's input.
        teams: Inspectors' ids in the order of subjects and seats, `""` for an empty seat.
        proof: A member of `empty_seats` in result.json, its types checked.

    Raises:
        BadProofError: It does not hold.
    """
    _check(_Checker(table, teams), proof)


def check_empty_seat_proofs(table: Table, teams: Sequence[Sequence[str]], proofs: Iterable[Record]) -> None:
    """
    Check all proofs, and that the empty seats are exactly those proved, in dealing order.

    Raises:
        BadProofError: One does not hold, one is missing or one too many.
    """
    checker = _Checker(table, teams)
    empty = iter(checker.empty_places())
    for proof in proofs:
        _check(checker, proof)
        if checker.numbers[tuple(proof["places"][0])] != next(empty, NOBODY):
            raise BadProofError(why="out_of_order", subject=proof["subject"], seat=proof["seat"])
    unproved = next(empty, NOBODY)
    if unproved != NOBODY:
        subject, seat = divmod(unproved, len(table.seats))
        raise BadProofError(why="missing", subject=table.subjects[subject], seat=table.seats[seat])


def _check(checker: _Checker, proof: Record) -> None:
    why = checker.fault(proof)
    if why:
        raise BadProofError(why=why, subject=proof["subject"], seat=proof["seat"])
