"""Reading pool files of a million lines: as strict as `parse`, in one pass, mostly by one pattern."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import lt
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np

from doublerandom.dr1.canon import Record, parse, split_lines
from doublerandom.dr1.errors import DuplicateIdError, NotLinesError, UnsortedIdsError
from doublerandom.dr1.records import check_pool, check_record

Source = Path | BinaryIO | Iterable[bytes]
"""A pool's lines: a file's path, a binary file, or an iterable of lines each with its closing 0A."""

_TOKEN: Final = "[A-Za-z0-9][A-Za-z0-9._:-]{0,63}"  # noqa: S105 - the protocol's token, not a password
_ID: Final = "[A-Za-z0-9][A-Za-z0-9._-]{0,30}"
_COUNT: Final = "(?:0|[1-9][0-9]{0,14})"
_TEXT: Final = r'"[^"\\\n]*(?:\\["\\][^"\\\n]*)*"'
_TOKENS: Final = rf'\[(?:"{_TOKEN}"(?:,"{_TOKEN}")*)?\]'
_IDS: Final = rf'\[(?:"{_ID}"(?:,"{_ID}")*)?\]'
_ATTRIBUTE: Final = rf"(?:{_TEXT}|0|-?[1-9][0-9]{{0,14}})"
_NAMED: Final[dict[str, dict[str, str]]] = {  # a name ending in `?` may be absent
    "subjects": {
        "id": f'"(?P<id>{_ID})"',
        "name": _TEXT,
        "region": f'"(?P<region>{_TOKEN})"',
        "stratum": f'"(?P<stratum>{_TOKEN})"',
        "excluded?": f'"(?P<excluded>{_TOKEN})"',
    },
    "inspectors": {
        "id": f'"(?P<id>{_ID})"',
        "department": f'"(?P<department>{_TOKEN})"',
        "regions": _TOKENS,
        "skills": _TOKENS,
        "load": _COUNT,
        "members?": _IDS,
        "capacity?": _COUNT,
        "excluded?": f'"{_TOKEN}"',
    },
    "conflicts": {
        "id": f'"(?P<id>(?P<inspector>{_ID}):(?P<subject>{_ID}))"',
        "inspector": '"(?P=inspector)"',
        "subject": '"(?P=subject)"',
        "ground": f'"{_TOKEN}"',
    },
}
LONGEST_LINE: Final = 1 << 24  # bytes; beyond all records, so that no file without 0A fills the memory
_BLOB_BYTES: Final = 1 << 18
_BLOB_LINES: Final = 1 << 10  # fresh lines keep their spare memory until joined
_MOST_ATTRIBUTES: Final = 40  # more kinds of further attributes than this are read one by one


@dataclass(frozen=True)
class Batch:
    """Some checked lines of a pool file without their 0A, and columns of captured members (b"" if absent)."""

    lines: list[bytes]
    columns: Mapping[str, Sequence[bytes]]


def scan(pool: str, source: Source) -> Iterator[Batch]:
    """Read a pool's lines in order, in batches, every line checked as `parse` and `check_record` check it.

    Raises:
        NotLinesError: The last line is not closed.
        DuplicateIdError, UnsortedIdsError: The ids do not ascend.
        ProtocolError: Whatever `parse` or `check_record` raises for a line.
    """
    check_pool(pool)
    reader, last = _Reader(pool), b""
    for blob in _blobs(source):
        lines = split_lines(blob)
        rows = reader.rows(blob, lines)
        columns = dict(zip(reader.groups, zip(*rows, strict=True), strict=True))
        _check_ascending(last, columns["id"])
        last = columns["id"][-1]
        yield Batch(lines, columns)


class _Reader:
    """Reads lines of one pool by a pattern that learns the further attributes it meets."""

    def __init__(self, pool: str) -> None:
        self.pool = pool
        self.attributes: set[str] = set()
        self._compile()

    def _compile(self) -> None:
        self.pattern = _line_pattern(self.pool, self.attributes)
        self.groups = sorted(self.pattern.groupindex, key=self.pattern.groupindex.__getitem__)

    def rows(self, blob: bytes, lines: list[bytes]) -> list[tuple[bytes, ...]]:
        clean = _is_clean(blob)
        if clean:
            rows: list[tuple[bytes, ...]] = self.pattern.findall(blob)
            if len(rows) == len(lines):
                return rows
        return [self._row(line, clean=clean) for line in lines]

    def _row(self, line: bytes, *, clean: bool) -> tuple[bytes, ...]:
        match = self.pattern.fullmatch(line + b"\n") if clean else None
        if match:
            return tuple(match.groups(b""))
        record = parse(line)
        check_record(self.pool, record)
        self._learn(record)
        return tuple(record.get(name, "").encode() for name in self.groups)

    def _learn(self, record: Record) -> None:
        """Let the pattern know this record's further attributes."""
        named = {name.removesuffix("?") for name in _NAMED[self.pool]}
        learnt = self.attributes | (record.keys() - named)
        if self.attributes != learnt and len(learnt) <= _MOST_ATTRIBUTES:
            self.attributes = learnt
            self._compile()


def _line_pattern(pool: str, attributes: Iterable[str]) -> re.Pattern[bytes]:
    """The pattern of a whole line: the pool's members and perhaps these attributes, names ascending."""
    members = {name.removesuffix("?"): (name.endswith("?"), held) for name, held in _NAMED[pool].items()}
    members.update((name, (True, _ATTRIBUTE)) for name in attributes)
    pattern, first_required_seen = "", False
    for name in sorted(members):
        optional, held = members[name]
        member = f'"{name}":{held}'
        if optional:
            pattern += f"(?:,{member})?" if first_required_seen else f"(?:{member},)?"
        else:
            pattern += f",{member}" if first_required_seen else member
            first_required_seen = True
    return re.compile(rf"^\{{{pattern}\}}\n".encode(), re.MULTILINE)


def _is_clean(blob: bytes) -> bool:
    """Whether the blob is UTF-8 and holds no barred character but the 0A that close its lines."""
    try:
        blob.decode()
    except UnicodeDecodeError:
        return False
    byte = np.frombuffer(blob, np.uint8)
    if np.count_nonzero(byte < 0x20) != blob.count(b"\n") or (byte == 0x7F).any():
        return False
    padded = np.concatenate([byte, np.zeros(2, np.uint8)])
    at_c2 = np.flatnonzero(byte == 0xC2)
    if at_c2.size and (padded[at_c2 + 1] < 0xA0).any():
        return False  # U+0080–009F
    at_ef = np.flatnonzero(byte == 0xEF)
    if at_ef.size and ((padded[at_ef + 1] == 0xBB) & (padded[at_ef + 2] == 0xBF)).any():
        return False  # U+FEFF
    at_e2 = np.flatnonzero(byte == 0xE2)
    if not at_e2.size:
        return True
    second, third = padded[at_e2 + 1], padded[at_e2 + 2]
    general = (second == 0x80) & (third >= 0xA8) & (third <= 0xAE)  # U+2028–202E
    isolates = (second == 0x81) & (third >= 0xA6) & (third <= 0xA9)  # U+2066–2069
    return not (general | isolates).any()


def _check_ascending(last: bytes, ids: Sequence[bytes]) -> None:
    previous = (last, *ids[:-1])
    if all(map(lt, previous, ids)):
        return
    before, found = next((a, b) for a, b in zip(previous, ids, strict=True) if a >= b)
    error = DuplicateIdError if before == found else UnsortedIdsError
    raise error(id=found.decode())


def _blobs(source: Source) -> Iterator[bytes]:
    """The source as pieces of whole lines; a file's last piece may lack its 0A."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from _file_blobs(file)
    elif isinstance(source, io.IOBase):
        yield from _file_blobs(cast("BinaryIO", source))
    else:
        yield from _joined(source)


def _file_blobs(file: BinaryIO) -> Iterator[bytes]:
    while blob := file.read(_BLOB_BYTES):
        yield blob if blob.endswith(b"\n") else blob + file.readline(LONGEST_LINE)


def _joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    stream = iter(lines)
    while batch := list(islice(stream, _BLOB_LINES)):
        for line in batch:
            if not line.endswith(b"\n"):
                raise NotLinesError(read=line[:80].decode(errors="replace"))
        yield b"".join(batch)
