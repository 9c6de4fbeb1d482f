"""Pages of long tables by key: each starts after the last row of the one before, however long the table."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """
    Some rows of an ordered table.

    Args:
        rows: What this page shows.
        total: How many rows there are altogether, where that is known cheaply.
        next_after: The key to continue after (query argument `after`), or empty on the last page.
    """

    rows: Sequence[Row]
    total: int | None = None
    next_after: str = ""

    @classmethod
    def cut(
        cls, rows: Sequence[Row], size: int, *, key: Callable[[Row], object], total: int | None = None
    ) -> Self:
        """At most `size` rows of a query that asked for one more, to know whether there is a next page."""
        shown = rows[:size]
        more = len(rows) > size
        return cls(rows=shown, total=total, next_after=str(key(shown[-1])) if more else "")

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)
