"""Batches of a draw of the whole population: the order of drawing is their order; pure."""

from collections.abc import Sequence
from itertools import accumulate


def sizes_of(wanted: Sequence[int], total: int) -> list[int]:
    """
    How many tasks each batch has, in drawn order.

    Args:
        wanted: `[n]`: so many equal parts, the first ones one larger; else the size of each batch, the rest
            of the tasks being one more batch, and batches beyond the last task left out.
        total: How many tasks there are.
    """
    if not wanted or not total:
        return []
    if len(wanted) == 1:
        parts = min(wanted[0], total)
        return [total // parts + (n < total % parts) for n in range(parts)]
    found: list[int] = []
    for size in [*wanted, total]:
        found.append(min(size, total - sum(found)))
    return [size for size in found if size]


def batch_of(position: int, sizes: Sequence[int]) -> int:
    """In which batch (from 1) the task at this place of the drawn list (from 0) is; 0 without batches."""
    return next((n for n, end in enumerate(accumulate(sizes), 1) if position < end), len(sizes))
