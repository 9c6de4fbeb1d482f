"""The repair of section 7: breadth-first over places, from one that nobody with room may take."""

from array import array
from bisect import insort
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from typing import Final

from doublerandom.dr1.deal.decks import NUMBER, Decks
from doublerandom.dr1.deal.proofs import EmptySeat
from doublerandom.dr1.deal.table import NOBODY, Table


class Board:
    """What has been dealt so far: who holds each place, and who holds which, in dealing order."""

    def __init__(self, table: Table, decks: Decks) -> None:
        self.table: Final = table
        self.decks: Final = decks
        self.holders: Final = [NOBODY] * (len(table.subjects) * len(table.seats))
        self.places: Final[list[list[int]]] = [[] for _ in table.inspectors]
        self._held_groups: dict[int, frozenset[int]] = {}

    def team(self, place: int) -> list[int]:
        """The holders of all places of this place's subject, `NOBODY` where it is empty."""
        width = len(self.table.seats)
        first = place - place % width
        return self.holders[first : first + width]

    def held_groups(self, number: int) -> frozenset[int]:
        """The groups of the places that this inspector holds."""
        groups = self._held_groups.get(number)
        if groups is None:
            groups = self._held_groups[number] = frozenset(map(self.table.group_of, self.places[number]))
        return groups

    def give(self, moves: list[tuple[int, int]]) -> None:
        """Give each place to its new holder, all being vacated first."""
        for place, _ in moves:
            holder = self.holders[place]
            if holder != NOBODY:
                self.places[holder].remove(place)
                self._held_groups.pop(holder, None)
        for place, number in moves:
            self.holders[place] = number
            insort(self.places[number], place)
            self._held_groups.pop(number, None)


class Search:
    """
    One breadth-first search: which places join the queue, in which order, and by which way each first joined.

    Steps stand for what joins: the number of an inspector met (all places that inspector holds join), or
    `~place` for the empty place itself and for a swap within a team. Nothing is looked at before it is
    needed, and a place whose whole group has been met is passed over: the order is that of the text.

    Args:
        cards: For a class, the ascending cards of the inspectors without room that this search may meet.
    """

    def __init__(self, board: Board, place: int, cards: Callable[[int], list[int]]) -> None:
        self._board = board
        self._place = place
        self._cards = cards
        self._rest: dict[int, list[int]] = {}
        self._unmet: dict[int, list[int]] = {}
        self._done: set[int] = set()
        self.met: Final[dict[int, int]] = {}
        self.swaps: Final[dict[int, int]] = {}

    def steps(self) -> Iterator[int]:
        """What joins, in order, the empty place first."""
        queue = deque([~self._place])
        yield ~self._place
        while queue:
            for place in self._places_to_look_at(queue.popleft()):
                for step in self._through(place):
                    queue.append(step)
                    yield step

    def way_back(self, place: int, number: int) -> list[tuple[int, int]]:
        """The path that ends with `number` taking `place`: each place on it with its new holder."""
        moves = [(place, number)]
        while place != self._place:
            number = self._board.holders[place]
            place = self.swaps[place] if place in self.swaps else self.met[number]
            moves.append((place, number))
        return moves

    def _places_to_look_at(self, step: int) -> Iterable[int]:
        group_of = self._board.table.group_of
        if step < 0:
            return (~step,) if self._is_open(group_of(~step)) else ()
        groups = self._board.held_groups(step)
        if self._done.issuperset(groups) or not any(map(self._is_open, groups)):
            return ()
        return (
            place
            for place in self._board.places[step]
            if place not in self.swaps and self._is_open(group_of(place))
        )

    def _is_open(self, group: int) -> bool:
        """Whether a place of this group could still add to the queue."""
        if group in self._done:
            return False
        rest = self._rest_of(group)
        if not rest and not self._board.decks.any_room(group):
            self._done.add(group)
            return False
        return True

    def _rest_of(self, group: int) -> list[int]:
        """The classes of the group of whom somebody without room has not been met."""
        unmet = self._unmet
        classes = self._rest.get(group)
        if classes is None:
            classes = self._board.table.classes(group)
            for its_class in classes:
                if its_class not in unmet:
                    unmet[its_class] = self._cards(its_class)
        self._rest[group] = classes = [its_class for its_class in classes if unmet[its_class]]
        return classes

    def _through(self, place: int) -> Iterator[int]:
        """Go through a place's eligible inspectors: swaps and meetings in the order of the keys."""
        board, class_of = self._board, self._board.table.class_of
        subject, seat = divmod(place, len(board.table.seats))
        group = board.table.rows[subject][seat]
        barred = board.table.barred(subject)
        team = {holder: place - seat + at for at, holder in enumerate(board.team(place)) if holder != NOBODY}
        classes = self._rest_of(group)
        left_out: dict[int, list[int]] = {its_class: [] for its_class in classes}
        for card in self._in_order(group, board.holders[place], team):
            number = card & NUMBER
            if number not in team and number not in barred:
                self.met[number] = place
                yield number
                continue
            if class_of[number] in left_out and not board.decks.has_room(number):
                left_out[class_of[number]].append(card)
            if team.get(number, place) != place and team[number] not in self.swaps:
                self.swaps[team[number]] = place
                yield ~team[number]
        self._unmet.update(left_out)

    def _in_order(self, group: int, holder: int, team: Iterable[int]) -> Iterable[int]:
        """The cards of the group's unmet inspectors without room, and of those on the team with room."""
        board = self._board
        cards = [self._unmet[its_class] for its_class in self._rest[group]]
        eligible = board.table.classes(group)
        mates = [
            board.decks.card(mate)
            for mate in team
            if mate != holder and board.decks.has_room(mate) and board.table.class_of[mate] in eligible
        ]
        if mates:
            cards.append(sorted(mates))
        return cards[0] if len(cards) == 1 else merge(*cards)


def repair(board: Board, place: int) -> int | EmptySeat:
    """
    Fill an empty place by moving others along a path, or prove that it stays empty.

    Where a search ran dry, everybody it met is buried: their places lead nowhere but to each other, for good,
    so later searches for a path need not look there; only the proofs do.

    Returns:
        The inspector who has one place more now, or the proof.
    """
    search = Search(board, place, board.decks.live)
    steps = search.steps()
    next(steps)
    for step in steps:
        found = _end_of_path(board, search, step)
        if found is not None:
            board.give(search.way_back(*found))
            return found[1]
    return _proof(board, place)


def _end_of_path(board: Board, search: Search, step: int) -> tuple[int, int] | None:
    """The first of the places that just joined which somebody with room may take, and who."""
    table, decks = board.table, board.decks
    if step < 0:
        places: Iterable[int] = (~step,)
    elif any(map(decks.any_room, board.held_groups(step))):
        places = (place for place in board.places[step] if place not in search.swaps)
    else:
        return None
    for place in places:
        group = table.group_of(place)
        if decks.any_room(group):
            number = decks.take(group, table.barred(place // len(table.seats)), board.team(place))
            if number != NOBODY:
                return place, number
    return None


def _proof(board: Board, place: int) -> EmptySeat:
    search = Search(board, place, board.decks.full)
    steps = array("q", search.steps())
    board.decks.bury(set(search.met))
    return EmptySeat(board.table, board.places, place, steps, frozenset(search.swaps))
