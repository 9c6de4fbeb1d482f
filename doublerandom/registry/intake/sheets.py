"""
A workbook read in a process of its own, whose memory is limited: a bad one can end nothing but this.

`python -m doublerandom.registry.intake.sheets FILE KIND MEMORY_MB UNPACKED_MB` writes what the sheet is, then
its rows as texts, to standard output; or why it cannot be read.
"""

import re
import resource
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from doublerandom.registry.intake.frames import Sender
from doublerandom.registry.intake.headings import (
    DEPTH,
    ENOUGH,
    LEVELS,
    Header,
    find_header,
    is_note,
    is_total,
    known_headings,
)

ROWS: Final = 2000
COLUMNS: Final = 1000
PARTS: Final = 10_000
EXACT: Final = 10**15
WRONG: Final = "\ufffd"  # before the text of a formula's error: such a cell is looked at by nobody in bulk
_SECONDS: Final = 600
_ERROR_CELL: Final = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*?>(.{0,4096}?)</c>', re.DOTALL
)
_VALUE: Final = re.compile(rb"<v>([^<]{1,20})</v>")
_SHEET: Final = re.compile(rb'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
_TARGET: Final = re.compile(rb"<Relationship\b[^>]*>")


class TooLargeError(Exception):
    """More than we unpack or hold."""


class NoTableError(Exception):
    """No visible sheet has a row."""


class Sheet(NamedTuple):
    """The sheet that is taken: its place in the workbook, its header, the rows that are no records."""

    number: int
    name: str
    header: Header
    width: int
    last: int
    skipped: list[tuple[int, str]]


def text_of(value: Any) -> str:
    """
    A cell as a sheet shows it: whole numbers without a point, days as YYYY-MM-DD.

    Of a number of 16 and more digits a sheet keeps 15: the lost ones stand as question marks.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if abs(value) >= EXACT:
        digits = f"{int(value):d}"
        kept = 15 + digits.startswith("-")
        return digits[:kept] + "?" * (len(digits) - kept) if len(digits) < 40 else f"{value:.14E}"
    if value == int(value):
        return f"{int(value):d}"
    return f"{value:.15g}"


def main(path: str, kind: str, memory_mb: int, unpacked_mb: int) -> None:
    """Send the table of a workbook, or why there is none."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    out = Sender()
    try:
        _send_table(out, path, kind, unpacked_mb << 20)
    except PasswordError:
        out.send({"failed": "protected"})
    except (TooLargeError, MemoryError):
        out.send({"failed": "too_large"})
    except NoTableError:
        out.send({"failed": "no_table"})
    except (CalamineError, zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
        out.send({"failed": "damaged"})
    out.flush()


def _send_table(out: Sender, path: str, kind: str, unpacked: int) -> None:
    packed = zipfile.is_zipfile(path)
    if packed:
        check_unpacked(path, unpacked)
    with open(path, "rb") as file, CalamineWorkbook.from_filelike(file) as book:  # noqa: PTH123 - a light process
        sheet, others = choose(book, kind)
        out.send(
            {
                "header": sheet.header.names[: sheet.width] + [""] * (sheet.width - len(sheet.header.names)),
                "rows": sheet.last + 1,
                "about": {
                    "sheet": sheet.name,
                    "other_sheets": others,
                    "header_lines": [sheet.header.first + 1, sheet.header.last + 1],
                    "skipped": [[line, text] for line, text in sheet.skipped],
                },
            }
        )
        wrong = error_cells(path, sheet.name) if packed else {}
        rows = _records(book.get_sheet_by_index(sheet.number), sheet, wrong)
        while some := list(islice(rows, ROWS)):
            out.send({"lines": [line for line, _ in some], "rows": [row for _, row in some]})
    out.send({"end": True})


def check_unpacked(path: str, most: int) -> None:
    """Raise unless the parts of the file are whole and, unpacked, no larger than `most` bytes."""
    with zipfile.ZipFile(path) as parts:
        infos = parts.infolist()
        if len(infos) > PARTS or sum(one.file_size for one in infos) > most:
            raise TooLargeError
        if parts.testzip() is not None:
            raise zipfile.BadZipFile


def choose(book: CalamineWorkbook, kind: str) -> tuple[Sheet, list[str]]:
    """The first visible sheet with a header that we know, else the first with rows; and the others' names."""
    known, taken = known_headings(kind), None
    names = [one.name for one in book.sheets_metadata]
    for number, one in enumerate(book.sheets_metadata):
        if one.typ != SheetTypeEnum.WorkSheet or one.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(number)
        if sheet.end is None:
            continue
        rows = [list(map(text_of, row)) for row in islice(sheet.iter_rows(), DEPTH + LEVELS)]
        header = find_header(rows, sheet.merged_cell_ranges or [], known)
        if header is not None and (taken is None or header.known >= ENOUGH):
            taken = (number, sheet, header)
            if header.known >= ENOUGH:
                break
    if taken is None:
        raise NoTableError
    number, sheet, header = taken
    others = [name for n, name in enumerate(names) if n != number]
    return _measured(number, names[number], sheet, header), others


def _measured(number: int, name: str, sheet: CalamineSheet, header: Header) -> Sheet:
    """The sheet with its width and last row, and the rows that are no records: totals, notes at its end."""
    width = _width(header.names)
    skipped: list[tuple[int, str]] = []
    tail: list[tuple[int, str]] = []
    last = header.last
    for line, row in enumerate(sheet.iter_rows()):
        if line <= header.last or not (width_here := _width(row)):
            continue
        cells = list(map(text_of, row))
        said = next(cell.strip() for cell in cells if cell.strip())[:60]
        if is_total(cells):
            skipped.append((line + 1, said))
        elif is_note(cells):
            tail.append((line + 1, said))
        else:
            width, last, tail = max(width, width_here), line, []
    if width > COLUMNS:
        raise TooLargeError
    return Sheet(number, name, header, width, last, sorted(skipped + tail))


def _width(cells: Sequence[Any]) -> int:
    """How many cells there are up to the last that says something."""
    for n in range(len(cells) - 1, -1, -1):
        cell = cells[n]
        if cell is not None and (not isinstance(cell, str) or cell.strip()):
            return n + 1
    return 0


def _records(
    sheet: CalamineSheet, taken: Sheet, wrong: dict[tuple[int, int], str]
) -> Iterator[tuple[int, list[str]]]:
    """The rows that are records, each with its row of the sheet, from 1."""
    left_out = {line for line, _ in taken.skipped}
    for line, row in enumerate(sheet.iter_rows(), 1):
        if line <= taken.header.last + 1 or line in left_out or line > taken.last + 1:
            continue
        cells = list(map(text_of, row[: taken.width]))
        cells += [""] * (taken.width - len(cells))
        for column in range(taken.width) if wrong else ():
            if (line, column) in wrong:
                cells[column] = WRONG + wrong[line, column]
        if any(cell.strip() for cell in cells):
            yield line, cells


def error_cells(path: str, name: str) -> dict[tuple[int, int], str]:
    """The cells whose formula gives an error (row from 1, column from 0): the reader leaves them empty."""
    found: dict[tuple[int, int], str] = {}
    with zipfile.ZipFile(path) as parts:
        part = _part_of(parts, name)
        if part not in parts.namelist():
            return found
        with parts.open(part) as stream:
            rest = b""
            while block := stream.read(1 << 20):
                text = rest + block
                if b't="e"' in text:
                    for column, line, inner in _ERROR_CELL.findall(text):
                        value = _VALUE.search(inner)
                        found[int(line), _column(column)] = value[1].decode() if value else "#"
                rest = text[text.rfind(b"<c ") :] if b"<c " in text else text[-64:]
    return found


def _part_of(parts: zipfile.ZipFile, name: str) -> str:
    """The part of an XLSX file that holds a sheet; the empty text where that is not told."""
    try:
        book, links = parts.read("xl/workbook.xml"), parts.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return ""
    wanted = escape(name, {'"': "&quot;"}).encode()
    link = next((number for title, number in _SHEET.findall(book) if title == wanted), b"?")
    for tag in _TARGET.findall(links):
        if b'Id="' + link + b'"' in tag and (target := re.search(rb'Target="([^"]+)"', tag)):
            place = target[1].decode()
            return place.lstrip("/") if place.startswith("/") else f"xl/{place}"
    return ""


def _column(letters: bytes) -> int:
    """The place of a column by its letters, from 0."""
    number = 0
    for one in letters:
        number = number * 26 + one - ord("A") + 1
    return number - 1


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
