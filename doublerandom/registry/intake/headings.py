"""Where the header of an office's sheet is: under merged titles, of one to three levels; no records."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from doublerandom.registry.intake.columns import KINDS, plain_heading

DEPTH: Final = 40
LEVELS: Final = 3
ENOUGH: Final = 2
_TOTAL: Final = re.compile(r"(?:本页|全部|总|)(?:合计|小计|总计|共计|累计|计)(?:\([^)]{0,4}\))?")
_NOTE: Final = re.compile(
    r"(?:备?注|说明|填表|填报|制表|审核|复核|审批|负责人|联系人|联系电话|单位负责人|经办|报送|日期|截至)[^:：]{0,12}[:：].*",
    re.DOTALL,
)
_BREAKS: Final = re.compile(r"\s*[\r\n]+\s*")

Merge = tuple[tuple[int, int], tuple[int, int]]


class Header(NamedTuple):
    """The rows of a header (from 0, both inclusive), its flattened names, how many of them are known."""

    first: int
    last: int
    names: list[str]
    known: int


def known_headings(kind: str) -> frozenset[str]:
    """The plain headings of a kind of file; of every kind if it is none of them."""
    kinds = [KINDS[kind]] if kind in KINDS else list(KINDS.values())
    return frozenset(plain_heading(one) for fields in kinds for names in fields.values() for one in names)


def find_header(
    rows: Sequence[Sequence[str]], merged: Collection[Merge], known: Collection[str]
) -> Header | None:
    """
    The header among the first rows of a sheet.

    Of all rows, each taken together with those that merged cells bind it to, the one that names most known
    columns; the upper one of two that name as many. Where none names two, the first row of several texts.

    Args:
        rows: The first rows of the sheet as texts, from its row 0.
        merged: Merged ranges, corners (row, column) from 0, both inclusive.
        known: Plain headings (see `plain_heading`).
    """
    best: Header | None = None
    for number in range(min(len(rows), DEPTH)):
        for first, last in _blocks(rows, merged, number):
            if _is_label(rows[first]) and (first, last) != (number, number):
                continue
            names = flattened(rows[first : last + 1], _within(merged, first, last))
            found = sum(plain_heading(name) in known for name in set(names) if name)
            if best is None or found > best.known or (found == best.known and first == best.first):
                best = Header(first, last, names, found)
    if best is None or best.known < ENOUGH:
        return _likely(rows, merged)
    return best


def flattened(rows: Sequence[Sequence[str]], merged: Collection[Merge]) -> list[str]:
    """
    One name for each column of a header of several rows: its lowest text, without line breaks.

    A name that stands in several columns is told apart by the groups above it (`许可信息/有效期至`).

    Args:
        rows: The rows of the header.
        merged: Merged ranges among them, rows counted from the header's first.
    """
    width = max(map(len, rows), default=0)
    grid = [[heading_text(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    for (top, left), (bottom, right) in merged:
        for row in range(max(top, 0), min(bottom, len(grid) - 1) + 1):
            for column in range(left, min(right, width - 1) + 1):
                grid[row][column] = grid[max(top, 0)][left]
    paths = [_path([row[column] for row in grid]) for column in range(width)]
    count = Counter(path[-1] for path in paths if path)
    return ["" if not path else path[-1] if count[path[-1]] == 1 else "/".join(path) for path in paths]


def heading_text(cell: str) -> str:
    """A heading on one line, without blanks around it."""
    return _BREAKS.sub("", cell).strip().strip("\ufeff\u3000").strip()


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row adds up others: its first text is 合计, 小计 or the like."""
    first = next((plain_heading(cell) for cell in cells if cell.strip()), "")
    return bool(_TOTAL.fullmatch(first))


def is_note(cells: Sequence[str]) -> bool:
    """Whether a row under a table can only be a remark or a place to sign."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    return bool(texts) and len(texts) <= max(2, len(cells) // 2) and bool(_NOTE.fullmatch(texts[0]))


def _path(texts: list[str]) -> list[str]:
    """The different texts of a column of the header, from above."""
    return [text for n, text in enumerate(texts) if text and (n == 0 or text != texts[n - 1])]


def _blocks(rows: Sequence[Sequence[str]], merged: Collection[Merge], number: int) -> list[tuple[int, int]]:
    """The rows that may be a header with this one: those that merged cells bind to it, the one below."""
    first, last = number, number
    width = max(len(row) for row in rows)
    for _ in range(LEVELS):
        for (top, left), (bottom, right) in merged:
            across = right > left and not (left == 0 and right >= width - 1)
            if top <= last and bottom >= first and bottom > top:
                first, last = min(first, top), max(last, bottom)
            elif across and top == bottom == last and _named_below(rows, merged, last):
                last += 1
    last = min(last, len(rows) - 1)
    blocks = [(first, last)] if last - first < LEVELS else []
    if first == last < len(rows) - 1 and _completes(rows[first], rows[first + 1]):
        blocks.append((first, first + 1))
    return blocks


def _named_below(rows: Sequence[Sequence[str]], merged: Collection[Merge], number: int) -> bool:
    """Whether the groups of a row have names under them, which a row bound to it by merged cells shows."""
    bound = any(top <= number < bottom for (top, _), (bottom, _) in merged)
    return number + 1 < len(rows) and (bound or _completes(rows[number], rows[number + 1]))


def _is_label(row: Sequence[str]) -> bool:
    """Whether a row only says who reports, and when: a text in it asks for something with a colon."""
    return any("：" in cell or ":" in cell for cell in row)


def _completes(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the lower row names just what the upper one leaves open: the columns of its groups."""
    width = max(len(upper), len(lower))
    above = [upper[n].strip() if n < len(upper) else "" for n in range(width)]
    below = [lower[n].strip() if n < len(lower) else "" for n in range(width)]
    opened = any(text and not above[n] for n, text in enumerate(below))
    clash = any(text and above[n] and (n + 1 == width or above[n + 1]) for n, text in enumerate(below))
    alone = any(text and not below[n] for n, text in enumerate(above))
    return opened and alone and not clash


def _within(merged: Collection[Merge], first: int, last: int) -> list[Merge]:
    """The merged ranges of these rows, counted from the first of them."""
    return [
        ((top - first, left), (bottom - first, right))
        for (top, left), (bottom, right) in merged
        if top >= first and bottom <= last
    ]


def _likely(rows: Sequence[Sequence[Any]], merged: Collection[Merge]) -> Header | None:
    """The first row of several texts, or else of any: somebody will have to say what its columns mean."""
    for least in (ENOUGH, 1):
        for number, row in enumerate(rows[:DEPTH]):
            texts = [cell for cell in row if cell.strip()]
            if len(texts) >= least and not any(cell.rstrip().endswith((":", "：")) for cell in texts):
                return Header(number, number, flattened([row], _within(merged, number, number)), 0)
    return None
