"""
Thousands of rows of subjects judged at once: what is seen to be clean passes as it is, the rest row by row.

A row passes here only if `subject_rows.judge_row` would take it unchanged and without a note, as tests prove.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from doublerandom.registry import uscc
from doublerandom.registry.intake.cells import BLANKS, REMOVED
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.findings import REFUSED, Finding
from doublerandom.registry.intake.subject_rows import FITTING, LONGEST, READ, judge_row
from doublerandom.registry.intake.tables import Chunk

SEPARATOR: Final = "\x1f"
_UNIT: Final = ord(SEPARATOR)
_QUESTION: Final = ord("?")

Units = npt.NDArray[np.uint16]
Numbers = npt.NDArray[np.intp]


class JudgedChunk(NamedTuple):
    """
    Rows that are taken, as one text, and what is to be said of rows; plain values, to pass between processes.

    `cells` are the fields of `stored_fields`, row after row, each followed by a separator; `lines` are where
    rows taken begin; `refused` are lines and original cells of refused rows; `position` counts bytes read.
    """

    cells: str
    lines: "range | list[int]"
    findings: list[Finding]
    refused: list[tuple[int, list[str]]]
    position: int


def stored_fields(columns: Columns) -> tuple[str, ...]:
    """The fields of a file that are kept, in the order of its columns."""
    return tuple(
        sorted((field for field in columns.places if field != "province"), key=columns.places.__getitem__)
    )


class ChunkJudge:
    """Judges the chunks of one file of subjects."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.fields = stored_fields(columns)
        self._width = len(columns.header)
        self._pick = itemgetter(*(columns.places[field] for field in self.fields))
        self._read = [(place, READ[field][0]) for place, field in enumerate(self.fields) if field in READ]
        self._fitting = [
            (columns.places[field], fits) for field, fits in FITTING.items() if field in columns.places
        ]
        self._code = self.fields.index("code")
        self._name = self.fields.index("name")
        self._longest = np.array([min(LONGEST.get(field, 31), 32_000) for field in self.fields])

    def judge(self, chunk: Chunk, position: int = 0) -> JudgedChunk:
        """What becomes of each row of a chunk, as `judge_row` says it."""
        rows = chunk.rows
        doubtful = {n for n, row in enumerate(rows) if len(row) != self._width}
        plain = (
            rows
            if not doubtful
            else [[""] * self._width if n in doubtful else row for n, row in enumerate(rows)]
        )
        for place, fits in self._fitting:
            doubtful |= _holding(plain, place, lambda cell, fits=fits: not fits(cell))
        picked: list[tuple[str, ...]] = list(map(self._pick, plain))
        for place, read in self._read:
            doubtful |= _holding(picked, place, lambda cell, read=read: read(cell) is None)
            picked = _converted(picked, place, read)
        text = _text(picked)
        if text.count(SEPARATOR) != len(picked) * len(self.fields):
            doubtful |= {n for n, row in enumerate(picked) if any(SEPARATOR in cell for cell in row)}
            text = _text([("",) * len(self.fields) if n in doubtful else row for n, row in enumerate(picked)])
        doubtful.update(self._unclean(text).tolist())
        if not doubtful:
            return JudgedChunk(text, chunk.lines, [], [], position)
        return self._one_by_one(chunk, picked, sorted(doubtful), position)

    def _one_by_one(
        self, chunk: Chunk, picked: list[tuple[str, ...]], doubtful: list[int], position: int
    ) -> JudgedChunk:
        taken: list[tuple[str, ...] | None] = list(picked)
        findings: list[Finding] = []
        refused: list[tuple[int, list[str]]] = []
        for n in doubtful:
            line, cells = chunk.lines[n], chunk.rows[n]
            values, found = judge_row(self.columns, line, cells)
            taken[n] = None if values is None else tuple(values[field] for field in self.fields)
            if found is not None:
                findings.append(found)
                if found.outcome == REFUSED:
                    refused.append((line, cells))
        lines = [line for line, row in zip(chunk.lines, taken, strict=True) if row is not None]
        text = _text([row for row in taken if row is not None])
        return JudgedChunk(text, lines, findings, refused, position)

    def _unclean(self, text: str) -> Numbers:
        """The rows in which something is not clean: codes, blanks, lengths, characters, encodings."""
        units: Units = np.frombuffer(text.encode("utf-16-le"), dtype=np.uint16)
        ends = np.flatnonzero(units == _UNIT)
        if not len(ends):
            return ends
        starts = np.concatenate(([0], ends[:-1] + 1))
        lengths = (ends - starts).reshape(-1, len(self.fields))
        edge = _edges()
        marked = [
            np.flatnonzero(edge[units[starts]] | edge[units[ends - 1]]),
            np.searchsorted(ends, np.flatnonzero(_suspects()[units])),
            self._asking(units, ends),
        ]
        rows = [cells // len(self.fields) for cells in marked]
        rows += [
            np.flatnonzero((lengths > self._longest).any(axis=1)),
            np.flatnonzero(lengths[:, self._name] == 0),
            _without_code(units, starts[self._code :: len(self.fields)], lengths[:, self._code]),
        ]
        return np.unique(np.concatenate(rows))

    def _asking(self, units: Units, ends: Numbers) -> Numbers:
        """The cells of names with a question mark."""
        cells = np.searchsorted(ends, np.flatnonzero(units == _QUESTION))
        asking: Numbers = cells[cells % len(self.fields) == self._name]
        return asking


def _without_code(units: Units, starts: Numbers, lengths: Numbers) -> Numbers:
    """The rows whose code is not valid as it stands."""
    full = lengths == uscc.LENGTH
    characters = units[starts[full][:, None] + np.arange(uscc.LENGTH)]
    valid = (characters < 128).all(axis=1)
    valid &= uscc.valid(np.where(characters < 128, characters, 0).astype(np.uint8))
    good = np.zeros(len(starts), dtype=bool)
    good[full] = valid
    return np.flatnonzero(~good)


def _holding(rows: Sequence[Sequence[str]], place: int, wrong: Any) -> set[int]:
    """The rows whose cell at this place is wrong; each different cell is looked at once."""
    found = {cell for cell in set(map(itemgetter(place), rows)) if wrong(cell)}
    return {n for n, row in enumerate(rows) if row[place] in found} if found else set()


def _converted(rows: list[tuple[str, ...]], place: int, read: Any) -> list[tuple[str, ...]]:
    """The rows with what the cell at this place means instead of what it says."""
    meant = {cell: read(cell) or "" for cell in set(map(itemgetter(place), rows))}
    if all(cell == text for cell, text in meant.items()):
        return rows
    return [(*row[:place], meant[row[place]], *row[place + 1 :]) for row in rows]


def _text(rows: list[tuple[str, ...]]) -> str:
    return SEPARATOR.join(chain.from_iterable(rows)) + SEPARATOR if rows else ""


@cache
def _edges() -> npt.NDArray[np.bool_]:
    """Characters that are trimmed from the edges of cells."""
    table = np.zeros(1 << 16, dtype=bool)
    table[[ord(one) for one in BLANKS]] = True
    return table


@cache
def _suspects() -> npt.NDArray[np.bool_]:
    """Characters that may be removed, or be encoded otherwise (NFC); halves of those beyond 16 bits."""
    table = np.zeros(1 << 16, dtype=bool)
    for number in range(1 << 16):
        one = chr(number)
        table[number] = (
            0xD800 <= number < 0xE000
            or 0x1100 <= number < 0x1200
            or number == 0xFFFD
            or REMOVED.fullmatch(one) is not None
            or unicodedata.category(one).startswith("M")
            or not unicodedata.is_normalized("NFC", one)
        )
    table[_UNIT] = False
    return table
