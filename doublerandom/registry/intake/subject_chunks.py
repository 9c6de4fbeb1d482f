"""
Thousands of rows of subjects judged at once: what is seen to be clean passes as it is, the rest row by row.

A row passes here only if `subject_rows.judge_row` would take it unchanged and without a note, as tests prove.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np

from doublerandom.registry.intake import plain_blocks
from doublerandom.registry.intake.characters import QUESTION, SEPARATOR, edges, kinds, suspects, units_of
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.findings import REFUSED, Finding
from doublerandom.registry.intake.plain_blocks import Cells, Flags, Numbers
from doublerandom.registry.intake.subject_rows import (
    FITTING,
    LONGEST,
    PROVINCES,
    READ,
    JudgedRow,
    judge_row,
)
from doublerandom.registry.intake.tables import Chunk, Table

_OTHERS_LONGEST: Final = 31
Row = tuple[str, ...]


class JudgedChunk(NamedTuple):
    """
    Rows that are taken, as one text, and what is to be said of rows; plain values, to pass between processes.

    `cells` are the fields of `stored_fields`, row after row, each followed by a separator, in UTF-16; `lines`
    are where rows taken begin; `refused` are lines and cells of refused rows; `position` counts bytes read;
    `doubted` are the rows taken (from 0) whose code may have come before in the file.
    """

    cells: bytes
    lines: "range | list[int]"
    findings: list[Finding]
    refused: list[tuple[int, list[str]]]
    position: int
    doubted: list[int] = []  # noqa: RUF012 - nobody changes it

    def fields(self) -> list[str]:
        """All fields of all rows taken, one after the other."""
        return self.cells.decode("utf-16-le", "surrogatepass").split(SEPARATOR)[:-1]


def stored_fields(columns: Columns) -> tuple[str, ...]:
    """The fields of a file that are kept, in the order of its columns."""
    return tuple(
        sorted((field for field in columns.places if field != "province"), key=columns.places.__getitem__)
    )


class ChunkJudge:
    """Judges the blocks of one file of subjects."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.fields = stored_fields(columns)
        self._width = len(columns.header)
        self._picked = [columns.places[field] for field in self.fields]
        self._pick = itemgetter(*self._picked)
        self._read = [(field, READ[field][0]) for field in self.fields if field in READ]
        self._fitting = [(field, fits) for field, fits in FITTING.items() if field in columns.places]
        self._code = self.fields.index("code")
        self._name = self.fields.index("name")
        self._longest = np.array([min(LONGEST.get(field, _OTHERS_LONGEST), 32_000) for field in self.fields])

    def judge_table(self, table: Table) -> Iterator[JudgedChunk]:
        """What becomes of each row of a table, some of its rows at a time."""
        if table.plain:
            while block := table.block():
                yield self.judge_block(table, block)
        else:
            for chunk in table.chunks():
                yield self.judge(chunk, table.read_bytes)

    def judge_block(self, table: Table, block: str) -> JudgedChunk:
        """What becomes of each row of a block that was just read from a table."""
        cells = plain_blocks.plain_cells(block, self._width)
        if cells is not None and self._says_what_it_means(cells):
            first = table.line
            table.take_block(len(cells.starts))
            return self._judge_plain(cells, range(first, table.line), table.read_bytes)
        return self.judge(table.records(block), table.read_bytes)

    def judge(self, chunk: Chunk, position: int = 0) -> JudgedChunk:
        """What becomes of each row of a chunk, as `judge_row` says it."""
        rows = chunk.rows
        doubtful = {n for n, row in enumerate(rows) if len(row) != self._width}
        plain = (
            rows
            if not doubtful
            else [[""] * self._width if n in doubtful else row for n, row in enumerate(rows)]
        )
        for field, fits in self._fitting:
            doubtful |= _holding(plain, self.columns.places[field], lambda cell, fits=fits: not fits(cell))
        picked: list[Row] = list(map(self._pick, plain))
        for field, read in self._read:
            place = self.fields.index(field)
            doubtful |= _holding(picked, place, lambda cell, read=read: read(cell) is None)
            picked = _converted(picked, place, read)
        text = _text(picked)
        if text.count(SEPARATOR) != len(picked) * len(self.fields):
            doubtful |= {n for n, row in enumerate(picked) if any(SEPARATOR in cell for cell in row)}
            text = _text([("",) * len(self.fields) if n in doubtful else row for n, row in enumerate(picked)])
        doubtful.update(self._unclean(text).tolist())
        if not doubtful:
            return JudgedChunk(_encoded(text), chunk.lines, [], [], position)
        judged = {n: judge_row(self.columns, chunk.lines[n], rows[n]) for n in sorted(doubtful)}
        refused = [(chunk.lines[n], rows[n]) for n in judged]
        return self._with_judged(list(picked), chunk.lines, judged, refused, position)

    def _judge_plain(self, cells: Cells, lines: range, position: int) -> JudgedChunk:
        """The same for a block whose cells numpy found."""
        picked, places = self._picked, self.columns.places
        longest = self._longest
        doubtful = plain_blocks.unclean_rows(cells, picked, longest, code=places["code"], name=places["name"])
        for field, fits in self._fitting:
            doubtful[plain_blocks.wrong_rows(cells, places[field], self._sure(cells, field), fits)] = True
        for field, read in self._read:
            known = partial(_is_known, read)
            doubtful[plain_blocks.wrong_rows(cells, places[field], self._sure(cells, field), known)] = True
        clean = plain_blocks.gathered(cells, picked, doubtful)
        numbers = np.flatnonzero(doubtful).tolist()
        if not numbers:
            return JudgedChunk(clean, lines, [], [], position)
        originals = {n: cells.row(n) for n in numbers}
        judged = {n: judge_row(self.columns, lines[n], originals[n]) for n in numbers}
        fields = iter(JudgedChunk(clean, lines, [], [], position).fields())
        taken = zip(*[fields] * len(self.fields), strict=True)
        rows = [() if n in judged else next(taken) for n in range(len(lines))]
        return self._with_judged(rows, lines, judged, [(lines[n], originals[n]) for n in numbers], position)

    def _with_judged(
        self,
        rows: list[Row],
        lines: Sequence[int],
        judged: dict[int, JudgedRow],
        originals: list[tuple[int, list[str]]],
        position: int,
    ) -> JudgedChunk:
        """The rows of a chunk with those that were judged alone in their places, or left out."""
        taken: list[Row | None] = list(rows)
        for n, (values, _) in judged.items():
            taken[n] = None if values is None else tuple(values[field] for field in self.fields)
        findings = [found for _, found in judged.values() if found is not None]
        gone = {found.line for found in findings if found.outcome == REFUSED}
        kept_lines = [line for line, row in zip(lines, taken, strict=True) if row is not None]
        text = _text([row for row in taken if row is not None])
        refused = [(line, cells) for line, cells in originals if line in gone]
        return JudgedChunk(_encoded(text), kept_lines, findings, refused, position)

    def _says_what_it_means(self, cells: Cells) -> bool:
        """Whether no field means something else than it says, as a status in words does."""
        for field, read in self._read:
            same = partial(_is_same, read)
            column = self.columns.places[field]
            if len(plain_blocks.wrong_rows(cells, column, self._sure(cells, field), same)):
                return False
        return True

    def _sure(self, cells: Cells, field: str) -> Flags | None:
        """The rows in which this field is certainly well, as far as numpy can tell; None if it cannot."""
        column = self.columns.places[field]
        if field in {"established", "credit_class_on"}:
            return plain_blocks.days(cells, column)
        if field == "capital":
            return plain_blocks.beginning_with_digit(cells, column)
        return plain_blocks.beginning_with(cells, column, PROVINCES) if field == "province" else None

    def _unclean(self, text: str) -> Numbers:
        """The rows in which something is not clean: codes, blanks, lengths, characters, encodings."""
        units = units_of(text)
        ends = np.flatnonzero(units == ord(SEPARATOR))
        if not len(ends):
            return ends
        width = len(self.fields)
        starts = np.concatenate(([0], ends[:-1] + 1))
        lengths = (ends - starts).reshape(-1, width)
        asking = np.searchsorted(ends, np.flatnonzero(kinds()[units] == QUESTION))
        marked = [
            np.flatnonzero((edges()[units[starts]] | edges()[units[ends - 1]]) & (ends > starts)),
            np.searchsorted(ends, np.flatnonzero(suspects()[units])),
            asking[asking % width == self._name],
        ]
        rows = [cells // width for cells in marked]
        with_code = plain_blocks.with_codes(units, starts[self._code :: width], lengths[:, self._code])
        rows += [
            np.flatnonzero((lengths > self._longest).any(axis=1)),
            np.flatnonzero(lengths[:, self._name] == 0),
            np.flatnonzero(~with_code),
        ]
        return np.unique(np.concatenate(rows))


def _is_same(read: Any, cell: str) -> bool:
    """Whether a cell says what it means, or nothing that can be read."""
    return read(cell) in {cell, None}


def _is_known(read: Any, cell: str) -> bool:
    return read(cell) is not None


def _holding(rows: Sequence[Sequence[str]], place: int, wrong: Any) -> set[int]:
    """The rows whose cell at this place is wrong; each different cell is looked at once."""
    found = {cell for cell in set(map(itemgetter(place), rows)) if wrong(cell)}
    return {n for n, row in enumerate(rows) if row[place] in found} if found else set()


def _converted(rows: list[Row], place: int, read: Any) -> list[Row]:
    """The rows with what the cell at this place means instead of what it says."""
    meant = {cell: read(cell) or "" for cell in set(map(itemgetter(place), rows))}
    if all(cell == text for cell, text in meant.items()):
        return rows
    return [(*row[:place], meant[row[place]], *row[place + 1 :]) for row in rows]


def _text(rows: list[Row]) -> str:
    return SEPARATOR.join(chain.from_iterable(rows)) + SEPARATOR if rows else ""


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
