"""Cells as texts that every pool can hold: trimmed, without control characters, NFC; days read."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from doublerandom.dr1.canon import BARRED
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.findings import NOTED, Finding, finding

BLANKS: Final = " \t\r\n\u00a0\u3000\u200b\u2002\u2003\u2009\u202f\ufeff"
ERROR_MARK: Final = "\ufffd#"  # how a workbook's reader begins the text of a formula's error
REMOVED: Final = re.compile(f"{BARRED.pattern}|[\u200b\u200e\u200f]")
NOTHING: Final = {"", "N/A", "n/a", "-", "--", "/", "无", "NULL", "null"}
_DAY: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?(?:\.0)?)?|(\d{4})(\d{2})(\d{2})"
)


class Texts(NamedTuple):
    """The fields of a row as they will be kept, and what was mended in them."""

    values: dict[str, str]
    notes: list[Finding]


def cleaned(
    columns: Columns, values: Mapping[str, str], line: int, *, leave: frozenset[str] = frozenset()
) -> Texts:
    """The cells trimmed and rid of control characters, each change noted; those in `leave` stay."""
    texts: dict[str, str] = {}
    notes: list[Finding] = []
    for field, cell in values.items():
        if field in leave or (cell.isprintable() and cell.isascii() and cell.strip() == cell):
            texts[field] = cell
            continue
        texts[field], codes = _mended(field, cell)
        heading = columns.heading(field)
        notes.extend(finding(line, NOTED, code, cell, heading=heading) for code in codes)
    return Texts(texts, notes)


def _mended(field: str, cell: str) -> tuple[str, list[str]]:
    codes = []
    clean = REMOVED.sub("", cell)
    if clean != cell:
        codes.append("control_char_in_cell")
    trimmed = clean.strip(BLANKS)
    if trimmed != clean:
        wide = field == "name" and "\u3000" in (clean[:1], clean[-1:])
        codes.append("name_trailing_fullwidth_space" if wide else "surrounding_blanks")
    text = unicodedata.normalize("NFC", trimmed)
    if text != trimmed:
        codes.append("text_normalised")
    return text, codes


@lru_cache(maxsize=50_000)
def day_of(text: str) -> str | None:
    """The day in a cell as YYYY-MM-DD; the empty text where it says nothing; None for what is no day."""
    text = text.strip(BLANKS)
    if text in NOTHING:
        return ""
    found = _DAY.fullmatch(text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part)).isoformat()
    except ValueError:
        return None
