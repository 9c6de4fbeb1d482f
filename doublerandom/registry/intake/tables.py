"""CSV files as they come: encoding detected, hashed while read, each record with the line where it begins."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from doublerandom.registry.errors import UnreadableFileError

BLOCK: Final = 1 << 20
ENOUGH: Final = 1 << 14
FIELD_LONGEST: Final = 1 << 20
_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Chunk(NamedTuple):
    """Some records: `lines[n]` is the line of the file on which `rows[n]` begins; the header's is 1."""

    lines: "range | list[int]"
    rows: list[list[str]]


class Table:
    """
    A CSV file, read once from its beginning, as a stream.

    Raises:
        UnreadableFileError: Neither UTF-8 nor GB18030, no row at all, or a quotation mark never closed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.encoding = encoding_of(path)
        self._raw = _HashedFile(path)
        text = io.TextIOWrapper(io.BufferedReader(self._raw, BLOCK), encoding=self.encoding, newline="")
        csv.field_size_limit(FIELD_LONGEST)
        self._reader = csv.reader(text)
        self._text = text
        self._line = 1
        self.header = self._header()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    @property
    def read_bytes(self) -> int:
        """How far the file has been read."""
        return self._raw.count

    @property
    def sha256(self) -> str:
        """The hash of the bytes read so far: after the last chunk, of the file."""
        return self._raw.hash.hexdigest()

    def chunks(self, size: int) -> Iterator[Chunk]:
        """The records after the header, some at a time; a blank line is an empty row."""
        while rows := self._next(size):
            yield Chunk(self._lines(rows), rows)

    def _header(self) -> list[str]:
        rows = self._next(1)
        if not rows:
            raise UnreadableFileError(file=self.path.name, reason="no row at all")
        self._lines(rows)
        return [cell.strip().strip("\ufeff") for cell in rows[0]]

    def _next(self, size: int) -> list[list[str]]:
        try:
            return list(islice(self._reader, size))
        except (UnicodeDecodeError, csv.Error) as error:
            reason = f"line {self._reader.line_num}: {error}"
            raise UnreadableFileError(file=self.path.name, reason=reason) from None

    def _lines(self, rows: list[list[str]]) -> "range | list[int]":
        """Where the rows begin: a record takes more than one line where a cell holds line breaks."""
        first, self._line = self._line, self._reader.line_num + 1
        if self._line - first == len(rows):
            return range(first, self._line)
        lines = []
        for row in rows:
            lines.append(first)
            first += 1 + sum(len(_BREAK.findall(cell)) for cell in row)
        return lines


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


class _HashedFile(io.RawIOBase):
    """A file that is hashed while it is read."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self.hash = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        got = self._file.readinto(buffer) or 0
        self.hash.update(memoryview(buffer)[:got])
        self.count += got
        return got

    def close(self) -> None:
        self._file.close()
        super().close()
