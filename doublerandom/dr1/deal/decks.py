"""The inspectors' deck of section 7: one heap of cards per class, one hash per inspector and load."""

from bisect import insort
from collections.abc import Collection
from hashlib import sha256
from heapq import heapify, heappop, heappush, heapreplace
from typing import Final

from doublerandom.dr1.deal.table import NOBODY, Table

_NUMBER_BITS: Final = 32
_TICKET_BITS: Final = 256
NUMBER: Final = (1 << _NUMBER_BITS) - 1


class Decks:
    """
    The deck as it stands: `key(i) = (load, H("dr1|inspector|" ‖ seed ‖ "|" ‖ load ‖ "|" ‖ id), id)`.

    A card is that key as one integer (load, then the 256 bits of the hash, then the number of the inspector,
    which rises with the id), so comparing cards compares keys. Loads only ever rise: a class's heap is always
    exact, a group's heap of classes holds lower bounds that are mended when they come to the top. Whoever has
    no room left leaves the heaps for good and joins the full.
    """

    def __init__(self, table: Table, seed: str) -> None:
        self._table = table
        self._prefix = f"dr1|inspector|{seed}|"
        self.loads: Final = list(table.loads)
        self.dealt: Final = [0] * len(table.inspectors)
        self._cards: dict[int, list[int]] = {}
        self._groups: dict[int, list[tuple[int, int]]] = {}
        self._latest: dict[int, list[int]] = {}
        self._full: dict[int, list[int]] = {}
        self._live: dict[int, list[int]] = {}
        self._closed: set[int] = set()

    def card(self, number: int) -> int:
        """The inspector's card at the present load."""
        load = self.loads[number]
        text = f"{self._prefix}{load}|{self._table.inspectors[number]}"
        ticket = int(sha256(text.encode()).hexdigest(), 16)  # faster than from_bytes of the digest
        return ((load << _TICKET_BITS | ticket) << _NUMBER_BITS) | number

    def take(self, group: int, barred: Collection[int], team: Collection[int]) -> int:
        """Deal the inspector of the group with the smallest key who has room, not barred, not on the team."""
        classes = self._groups.get(group)
        if classes is None:
            classes = self._group(group)
        while classes:
            top, its_class = classes[0]
            cards = self._cards[its_class]
            if not cards:
                heappop(classes)
            elif cards[0] != top:
                heapreplace(classes, (cards[0], its_class))
            else:
                number = top & NUMBER
                if number in team or number in barred:
                    return self._take_below(group, barred, team)
                self._deal(its_class, number)
                return number
        return NOBODY

    def _take_below(self, group: int, barred: Collection[int], team: Collection[int]) -> int:
        """As `take`, where the first card may not be dealt: such cards are laid aside and put back."""
        classes = self._group(group)
        opened: list[tuple[int, int]] = []
        aside: list[tuple[int, int]] = []
        found = NOBODY
        while classes or opened:
            if not opened or (classes and classes[0] < opened[0]):
                top, its_class = classes[0]
                cards = self._cards[its_class]
                if cards and cards[0] != top:
                    heapreplace(classes, (cards[0], its_class))
                    continue
                heappop(classes)
                if cards:
                    heappush(opened, (top, its_class))
                continue
            card, its_class = heappop(opened)
            number = card & NUMBER
            cards = self._cards[its_class]
            if number not in team and number not in barred:
                heappush(opened, (card, its_class))
                self._deal(its_class, number)
                found = number
                break
            aside.append((heappop(cards), its_class))
            if cards:
                heappush(opened, (cards[0], its_class))
        self._put_back(classes, [its_class for _, its_class in opened], aside)
        return found

    def _put_back(
        self, classes: list[tuple[int, int]], opened: list[int], aside: list[tuple[int, int]]
    ) -> None:
        for card, its_class in aside:
            heappush(self._cards[its_class], card)
        for its_class in {*opened, *(its_class for _, its_class in aside)}:
            if self._cards[its_class]:
                heappush(classes, (self._cards[its_class][0], its_class))

    def _deal(self, its_class: int, number: int) -> None:
        """Hand out one more place to the inspector on top of the class's heap."""
        self.loads[number] += 1
        self.dealt[number] += 1
        if self.dealt[number] < self._table.capacities[number]:
            heapreplace(self._cards[its_class], self.card(number))
        else:
            heappop(self._cards[its_class])
            self._latest[its_class].append(number)

    def _group(self, group: int) -> list[tuple[int, int]]:
        classes = self._groups.get(group)
        if classes is None:
            classes = [
                (cards[0], its_class)
                for its_class in self._table.classes(group)
                if (cards := self._open(its_class))
            ]
            heapify(classes)
            self._groups[group] = classes
        return classes

    def _open(self, its_class: int) -> list[int]:
        """The class's heap; whoever has a capacity of 0 is full from the start."""
        cards = self._cards.get(its_class)
        if cards is None:
            members = self._table.members[its_class]
            capacities = self._table.capacities
            cards = self._cards[its_class] = [
                self.card(number) for number in members if capacities[number] > 0
            ]
            heapify(cards)
            self._latest[its_class] = [number for number in members if capacities[number] <= 0]
            self._full[its_class] = []
            self._live[its_class] = []
        return cards

    def has_room(self, number: int) -> bool:
        """Whether the inspector holds fewer than `capacity` seats of this draw."""
        return self.dealt[number] < self._table.capacities[number]

    def any_room(self, group: int) -> bool:
        """Whether anybody of the group has room at all."""
        if group in self._closed:
            return False
        classes = self._group(group)
        while classes and not self._cards[classes[0][1]]:
            heappop(classes)
        if not classes:
            self._closed.add(group)
        return bool(classes)

    def full(self, its_class: int) -> list[int]:
        """The cards of those of the class who have no room, ascending; do not change the list."""
        self._take_in(its_class)
        return self._full[its_class]

    def live(self, its_class: int) -> list[int]:
        """As `full`, without those buried; do not change the list."""
        self._take_in(its_class)
        return self._live[its_class]

    def _take_in(self, its_class: int) -> None:
        self._open(its_class)
        latest = self._latest[its_class]
        if latest:
            for card in map(self.card, latest):
                insort(self._full[its_class], card)
                insort(self._live[its_class], card)
            latest.clear()

    def bury(self, numbers: set[int]) -> None:
        """Take inspectors out of the live for good: no repair can ever pass through them again."""
        for its_class in {self._table.class_of[number] for number in numbers}:
            self._live[its_class] = [card for card in self._live[its_class] if card & NUMBER not in numbers]
