"""
Blocks of a CSV file in which every line is a record of as many cells as the header: read by numpy alone.

No text is made of single cells; whatever is not as plain as that is left to the csv module (None instead of a
result), and rows in which anything is not clean to `subject_rows.judge_row`. Tests hold both ways equal.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from doublerandom.registry import uscc
from doublerandom.registry.intake.characters import (
    COMMA,
    NEWLINE,
    QUESTION,
    QUOTE,
    RETURN,
    SEPARATOR,
    SUSPECT,
    Units,
    edges,
    kinds,
    units_of,
)

Numbers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
_QUOTE_UNIT: Final = ord('"')
_SURROGATE: Final = 0xD800


class Cells(NamedTuple):
    """The cells of a plain block, rows by columns: each from `starts` up to `ends` in `units` and `text`."""

    text: str
    units: Units
    starts: Numbers
    ends: Numbers
    outer_starts: Numbers
    outer_ends: Numbers
    marked: Numbers
    kinds: npt.NDArray[np.uint8]

    @property
    def lengths(self) -> Numbers:
        """How many characters each cell has."""
        return self.ends - self.starts

    def row(self, number: int) -> list[str]:
        """The cells of one row as texts."""
        bounds = zip(self.starts[number].tolist(), self.ends[number].tolist(), strict=True)
        return [self.text[start:end] for start, end in bounds]

    def cell_of(self, kind: int) -> tuple[Numbers, Numbers]:
        """Rows and columns of the cells that hold a character of this kind."""
        places = np.searchsorted(self.outer_ends.ravel(), self.marked[self.kinds == kind])
        rows, columns = np.divmod(places, self.starts.shape[1])
        return rows, columns


def plain_cells(text: str, width: int) -> Cells | None:
    """The cells of a plain block: lines of `width` cells, quotation marks only around whole cells."""
    units = units_of(text)
    if not text.endswith("\n") or len(units) != len(text):
        return None
    every = kinds()[units]
    marked = np.flatnonzero(every)
    kind = every[marked]
    counts = np.bincount(kind, minlength=SUSPECT + 1)
    outer_ends = _partings(marked, kind)
    if outer_ends is None or len(outer_ends) != counts[NEWLINE] * width:
        return None
    outer_starts = np.concatenate(([0], outer_ends[:-1] + 1)).reshape(-1, width)
    outer_ends = outer_ends.reshape(-1, width)
    bounds = _inner(units, outer_starts, outer_ends, quotes=int(counts[QUOTE]), returns=int(counts[RETURN]))
    if bounds is None:
        return None
    return Cells(text, units, *bounds, outer_starts, outer_ends, marked, kind)


def _partings(marked: Numbers, kind: npt.NDArray[np.uint8]) -> Numbers | None:
    """Where commas and newlines part cells: those outside quotation marks; None if a newline is inside."""
    inside = np.cumsum(kind == QUOTE) % 2 == 1
    if (inside & (kind == NEWLINE)).any():
        return None
    partings: Numbers = marked[((kind == COMMA) | (kind == NEWLINE)) & ~inside]
    return partings


def _inner(
    units: Units, outer_starts: Numbers, outer_ends: Numbers, *, quotes: int, returns: int
) -> tuple[Numbers, Numbers] | None:
    """Where cells begin and end without returns and quotation marks; None if those stand elsewhere."""
    starts, ends = outer_starts, outer_ends
    if not (units[ends[:, -1]] == ord("\n")).all():
        return None
    if returns:
        if returns != len(ends) or not (units[ends[:, -1] - 1] == ord("\r")).all():
            return None
        ends = ends.copy()
        ends[:, -1] -= 1
    if quotes:
        quoted = (ends - starts > 1) & (units[starts] == _QUOTE_UNIT) & (units[ends - 1] == _QUOTE_UNIT)
        if quotes != 2 * np.count_nonzero(quoted):
            return None
        starts, ends = starts + quoted, ends - quoted
    return starts, ends


def unclean_rows(cells: Cells, picked: list[int], longest: Numbers, *, code: int, name: int) -> Flags:
    """
    The rows in which a picked cell is not clean: blanks around it, too long, doubtful characters, no code.

    Args:
        cells: The block.
        picked: The columns that are looked at.
        longest: The most characters of each of them.
        code: The column of codes.
        name: The column of names, which must not be empty or hold a question mark.
    """
    starts, ends, lengths = cells.starts[:, picked], cells.ends[:, picked], cells.lengths[:, picked]
    edge = edges()
    around = (edge[cells.units[starts]] | edge[cells.units[ends - 1]]) & (lengths > 0)
    unclean: Flags = np.any(around | (lengths > longest), axis=1)
    unclean |= cells.lengths[:, name] == 0
    unclean |= ~with_codes(cells.units, cells.starts[:, code], cells.lengths[:, code])
    rows, columns = cells.cell_of(SUSPECT)
    unclean[rows[np.isin(columns, picked)]] = True
    rows, columns = cells.cell_of(QUESTION)
    unclean[rows[columns == name]] = True
    return unclean


def with_codes(units: Units, starts: Numbers, lengths: Numbers) -> Flags:
    """Which of these cells are valid codes as they stand."""
    full = lengths == uscc.LENGTH
    characters = units[starts[full][:, None] + np.arange(uscc.LENGTH)]
    valid = np.all(characters < 128, axis=1)
    valid &= uscc.valid(np.where(characters < 128, characters, 0).astype(np.uint8))
    good = np.zeros(len(starts), dtype=bool)
    good[full] = valid
    return good


def days(cells: Cells, column: int) -> Flags:
    """Which cells of a column are days of the form 2026-03-02 that every month has."""
    starts = cells.starts[:, column]
    good: Flags = cells.lengths[:, column] == len("2026-03-02")
    places = np.minimum(starts[:, None] + np.arange(10), len(cells.units) - 1)
    digits = cells.units[places].astype(np.int32) - ord("0")
    good &= (digits[:, [4, 7]] == ord("-") - ord("0")).all(axis=1)
    numbers = digits[:, [0, 1, 2, 3, 5, 6, 8, 9]]
    good &= ((numbers >= 0) & (numbers <= 9)).all(axis=1)
    month, day = numbers[:, 4] * 10 + numbers[:, 5], numbers[:, 6] * 10 + numbers[:, 7]
    good &= (numbers[:, 0] > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 28)
    return good


def beginning_with_digit(cells: Cells, column: int) -> Flags:
    """Which cells of a column begin with a digit."""
    first: Units = cells.units[cells.starts[:, column]] - np.uint16(ord("0"))
    return (first < 10) & (cells.lengths[:, column] > 0)


def beginning_with(cells: Cells, column: int, words: tuple[str, ...]) -> Flags:
    """Which cells of a column begin with one of these words, as far as two characters tell."""
    pairs = np.array([ord(word[0]) << 16 | ord(word[1]) for word in words], dtype=np.uint32)
    starts = np.minimum(cells.starts[:, column], len(cells.units) - 2)
    first = cells.units[starts].astype(np.uint32) << np.uint32(16) | cells.units[starts + 1]
    return np.isin(first, pairs) & (cells.lengths[:, column] > 1)


def texts(cells: Cells, column: int, rows: Numbers) -> list[str]:
    """The cells of a column in these rows."""
    bounds = zip(cells.starts[rows, column].tolist(), cells.ends[rows, column].tolist(), strict=True)
    return [cells.text[start:end] for start, end in bounds]


def wrong_rows(cells: Cells, column: int, sure: Flags | None, right: Callable[[str], bool]) -> Numbers:
    """The rows whose cell in a column is wrong; each different cell that is not sure is looked at once."""
    rows = np.arange(len(cells.starts)) if sure is None else np.flatnonzero(~sure)
    found = texts(cells, column, rows)
    wrong = {cell for cell in set(found) if not right(cell)}
    if not wrong:
        return rows[:0]
    return rows[[cell in wrong for cell in found]]


def gathered(cells: Cells, picked: list[int], without: Flags) -> bytes:
    """The picked cells of the other rows, each followed by the separator, in UTF-16 (little end first)."""
    shift = np.zeros(len(cells.units) + 1, dtype=np.int8)
    left_out = [column for column in range(cells.starts.shape[1]) if column not in picked]
    for column in left_out:
        _hide(shift, cells.outer_starts[:, column], cells.outer_ends[:, column] + 1)
    shown = [column for column in range(cells.starts.shape[1]) if column in picked]
    for column in shown:
        _hide(shift, cells.outer_starts[:, column], cells.starts[:, column])
        _hide(shift, cells.ends[:, column], cells.outer_ends[:, column])
    if without.any():
        rows = np.flatnonzero(without)
        _hide(shift, cells.outer_starts[rows, 0], cells.outer_ends[rows, -1] + 1)
    units = cells.units.copy()
    units[cells.outer_ends.ravel()] = ord(SEPARATOR)
    shown_units: Units = units[np.cumsum(shift[:-1], dtype=np.int8) == 0]
    return shown_units.tobytes()


def _hide(shift: npt.NDArray[np.int8], starts: Numbers, ends: Numbers) -> None:
    """Mark the ranges from `starts` up to `ends`; those of one call never meet."""
    moved = starts != ends
    shift[starts[moved]] += 1
    shift[ends[moved]] -= 1
