"""The deal itself: for each subject, for each seat, the next card; repair where there is none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from doublerandom.dr1.canon import Record
from doublerandom.dr1.deal.decks import Decks
from doublerandom.dr1.deal.proofs import EmptySeat
from doublerandom.dr1.deal.repair import Board, repair
from doublerandom.dr1.deal.table import NOBODY, Table


@dataclass(frozen=True, repr=False)
class Deal:
    """
    A finished deal.

    Attributes:
        teams: Inspectors' ids in the order of subjects and seats, `""` where the seat stays empty.
        load_after: The record's load plus what this draw dealt, for every inspector of the pool.
        gained: For each place in the order of the deal, who had one place more after its turn (after a repair
            not who took this place, but the end of the path), `""` where it stayed empty: so the loads before
            any turn can be told.
        proofs: The empty seats in dealing order.
    """

    teams: list[list[str]]
    load_after: dict[str, int]
    gained: list[str]
    proofs: list[EmptySeat]

    @cached_property
    def empty_seats(self) -> list[Record]:
        """`empty_seats` as in result.json; where memory matters, see `iter_empty_seats`."""
        return list(self.iter_empty_seats())

    def iter_empty_seats(self) -> Iterator[Record]:
        """The members of `empty_seats`, one at a time."""
        return (proof.record() for proof in self.proofs)


def deal(
    subjects: Sequence[Record],
    seats: Sequence[Record],
    inspectors: Sequence[Record],
    conflicts: Iterable[Record],
    seed: str,
) -> Deal:
    """
    Deal inspectors to subjects: full teams whenever any assignment fills them.

    Args:
        subjects: The drawn subjects' records, distinct, in drawn order (`id` and `region` count).
        seats: The plan's `team`, in filling order.
        inspectors: The whole pool, excluded ones too, in any order; ids distinct. A standing team is one
            record and takes one seat; conflict pairs name its id.
        conflicts: The whole pool; pairs that name nobody here have no effect.
        seed: The seed of purpose `inspector`.

    Source: section 7 of the protocol. Everything checked elsewhere (types, ids, roots) is taken as checked.
    """
    table = Table(subjects, seats, inspectors, conflicts)
    decks = Decks(table, seed)
    board = Board(table, decks)
    gained: list[int] = []
    proofs: list[EmptySeat] = []
    for subject in range(len(table.subjects)):
        _deal_subject(board, subject, gained, proofs)
    return Deal(
        teams=_teams(board),
        load_after=dict(zip(table.inspectors, decks.loads, strict=True)),
        gained=[table.inspectors[number] if number != NOBODY else "" for number in gained],
        proofs=proofs,
    )


def _deal_subject(board: Board, subject: int, gained: list[int], proofs: list[EmptySeat]) -> None:
    row = board.table.rows[subject]
    barred = board.table.barred(subject)
    place = subject * len(row)
    team: list[int] = []
    for group in row:
        number = board.decks.take(group, barred, team)
        if number != NOBODY:
            board.holders[place] = number
            board.places[number].append(place)
            team.append(number)
        else:
            outcome = repair(board, place)
            if isinstance(outcome, EmptySeat):
                proofs.append(outcome)
            else:
                number = outcome
            team = board.team(place)
        gained.append(number)
        place += 1


def _teams(board: Board) -> list[list[str]]:
    width = len(board.table.seats)
    names = [*board.table.inspectors, ""]  # NOBODY, the last, has no name
    return [
        [names[holder] for holder in board.holders[first : first + width]]
        for first in range(0, len(board.holders), width)
    ]
