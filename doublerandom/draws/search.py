"""Finding one line in a sorted file of lines by bisection: a few reads, never a scan."""

from collections.abc import Callable
from os import SEEK_END
from typing import BinaryIO, Final

import orjson

_CHUNK: Final = 1 << 20


def find_line(file: BinaryIO, wanted: bytes, key: Callable[[bytes], bytes]) -> bytes | None:
    """The line whose key is `wanted`, without its 0A; None where there is none (see `find_place`)."""
    found = find_place(file, wanted, key)
    return None if found is None else found[1]


def find_place(file: BinaryIO, wanted: bytes, key: Callable[[bytes], bytes]) -> tuple[int, bytes] | None:
    """
    Where the line whose key is `wanted` starts (bytes), and the line without its 0A; None if there is none.

    Args:
        file: Lines closed by 0A, ascending by key (bytes), seekable.
        wanted: The key to look for.
        key: The key of a line given without its 0A.
    """
    low, high = 0, file.seek(0, SEEK_END)
    while low < high:
        start, line = _line_after(file, low, (low + high) // 2)
        if start >= high:
            high = (low + high) // 2
            continue
        found = key(line[:-1])
        if found == wanted:
            return start, line[:-1]
        if found < wanted:
            low = start + len(line)
        else:
            high = (low + high) // 2
    return None


def number_of_line(file: BinaryIO, start: int) -> int:
    """The number (from 0) of the line that starts at a byte: the lines before it are counted, not read."""
    file.seek(0)
    number = 0
    while start > 0 and (chunk := file.read(min(_CHUNK, start))):
        number += chunk.count(b"\n")
        start -= len(chunk)
    return number


def record_id(line: bytes) -> bytes:
    """The id of a pool record's line."""
    return str(orjson.loads(line)["id"]).encode()


def _line_after(file: BinaryIO, low: int, middle: int) -> tuple[int, bytes]:
    """Where the first line at or after `middle` starts, and the line; `low` is a line's start."""
    if middle == low:
        file.seek(middle)
        return middle, file.readline()
    file.seek(middle - 1)
    skipped = file.readline()
    start = middle - 1 + len(skipped)
    return start, file.readline()


def find_fixed(file: BinaryIO, wanted: bytes, width: int) -> int | None:
    """
    The number (from 0) of the line that begins with `wanted` in a sorted file of lines of `width` bytes each.

    No line may begin with what another continues: `wanted` is a whole key.
    """
    low, high = 0, file.seek(0, SEEK_END) // width
    while low < high:
        middle = (low + high) // 2
        file.seek(middle * width)
        found = file.read(width)[: len(wanted)]
        if found == wanted:
            return middle
        if found < wanted:
            low = middle + 1
        else:
            high = middle
    return None
