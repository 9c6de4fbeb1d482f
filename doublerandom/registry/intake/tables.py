"""Files as they come: CSV is read here, its encoding detected, each record with its line."""

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from doublerandom.registry.errors import UnreadableFileError, WebPageError

BLOCK: Final = 1 << 20
ENOUGH: Final = 1 << 14
FIELD_LONGEST: Final = 1 << 20
LINE_LONGEST: Final = 1 << 24
WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Chunk(NamedTuple):
    """Some records: `lines[n]` is the line of the file on which `rows[n]` begins; the header's is 1."""

    lines: "range | list[int]"
    rows: list[list[str]]


class Table:
    """
    A file of records: CSV, or by its first bytes a `Workbook`; read once from its beginning.

    A CSV file is a stream of blocks of whole lines. A block may be taken as text (`take_block`, if every line
    is a record) or as records. A workbook is not `plain`: it gives `chunks` only.

    Args:
        path: The file.
        block: How much of a CSV file is read at once, in bytes.
        kind: The kind of import, by whose headings a workbook's header is found; empty: any.

    Raises:
        UnreadableFileError: Neither UTF-8 nor GB18030, no row at all, or a cell that never ends.
    """

    plain = True

    def __new__(cls, path: Path, **_: Any) -> Self:
        """The kind of table that the file's first bytes ask for."""
        with path.open("rb") as file:
            start = file.read(8)
        if cls is Table and start.startswith(WORKBOOKS):
            from doublerandom.registry.intake.workbooks import Workbook  # noqa: PLC0415 - it is one of us

            return object.__new__(Workbook)  # type: ignore[return-value]
        return object.__new__(cls)

    def __init__(self, path: Path, *, block: int = BLOCK, kind: str = "") -> None:  # noqa: ARG002 - for workbooks
        self.about: dict[str, Any] = {}
        self.path = path
        self.encoding = encoding_of(path)
        self.read_bytes = 0
        self.line = 1
        self._hash = hashlib.sha256()
        self._file = path.open("rb", buffering=0)
        self._decoder = codecs.getincrementaldecoder(self.encoding)()
        self._size = block
        self._rest = ""
        csv.field_size_limit(FIELD_LONGEST)
        try:
            self.header = self._header()
        except UnreadableFileError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing more is read."""
        self._file.close()

    @property
    def sha256(self) -> str:
        """The hash of the bytes read so far: after the last block, of the file."""
        return self._hash.hexdigest()

    def block(self) -> str:
        """The next lines as they stand in the file, whole ones; the empty text at its end."""
        text, self._rest = self._rest, ""
        while "\n" not in text or len(text) < self._size // 4:
            data = self._file.read(self._size)
            self._hash.update(data)
            self.read_bytes += len(data)
            text += self._decoded(data)
            if not data:
                return text
            if len(text) > LINE_LONGEST and "\n" not in text:
                raise self._unreadable("a line without end")
        cut = text.rindex("\n") + 1
        self._rest = text[cut:]
        return text[:cut]

    def take_block(self, lines: int) -> None:
        """Count the lines of a block whose every line was a record."""
        self.line += lines

    def records(self, block: str) -> Chunk:
        """The records of a block; one that goes beyond it is read to its end. Blank lines are empty rows."""
        source = StringIO(block, newline="")
        rows = []
        more = False

        def lines() -> Iterator[str]:
            nonlocal source, more
            while True:
                yield from iter(source.readline, "")
                if not (text := self.block()):
                    return
                source, more = StringIO(text, newline=""), True

        reader = csv.reader(lines())
        try:
            for row in reader:
                rows.append(row)
                if more or source.tell() == len(block):
                    break
        except csv.Error as error:
            raise self._unreadable(str(error)) from None
        self._rest = source.read() + self._rest
        return Chunk(self._lines(rows, reader.line_num), rows)

    def chunks(self) -> Iterator[Chunk]:
        """All records after the header, a block at a time."""
        while block := self.block():
            yield self.records(block)

    def _header(self) -> list[str]:
        block = self.block()
        found = _BREAK.search(block)
        cut = found.end() if found else len(block)
        self._rest = block[cut:] + self._rest
        rows = self.records(block[:cut]).rows
        if not rows:
            raise self._unreadable("no row at all")
        return [cell.strip().strip("\ufeff") for cell in rows[0]]

    def _decoded(self, data: bytes) -> str:
        try:
            return self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise self._unreadable(str(error)) from None

    def _lines(self, rows: list[list[str]], taken: int) -> "range | list[int]":
        """Where the rows begin: a record takes more than one line where a cell holds line breaks."""
        first, self.line = self.line, self.line + taken
        if taken == len(rows):
            return range(first, self.line)
        lines = []
        for row in rows:
            lines.append(first)
            first += 1 + sum(len(_BREAK.findall(cell)) for cell in row)
        return lines

    def _unreadable(self, reason: str) -> UnreadableFileError:
        return UnreadableFileError(file=self.path.name, reason=f"line {self.line} or later: {reason}")


def encoding_of(path: Path) -> str:
    """
    UTF-8 (with or without a byte order mark) or GB18030, by the first bytes that are not ASCII.

    Raises:
        UnreadableFileError: It is neither.
    """
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise UnreadableFileError(file=path.name, reason="UTF-16")
        if start.lstrip(codecs.BOM_UTF8 + b" \r\n").startswith(b"<"):
            raise WebPageError(file=path.name)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        for encoding in ("utf-8", "gb18030"):
            file.seek(0)
            if _reads_as(file, encoding):
                return encoding
    raise UnreadableFileError(file=path.name, reason="neither UTF-8 nor GB18030")


def _reads_as(file: Any, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    foreign = 0
    while foreign < ENOUGH and (block := file.read(BLOCK)):
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return False
        foreign += len(block) - len(block.decode("ascii", "ignore"))
    if foreign >= ENOUGH:
        return True
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
