"""
国民经济行业 by GB/T 4754-2017: sections (a letter), divisions (2 digits), groups (3), classes (4).

Below a section lie its divisions; below the others all codes that begin with them.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class IndustryRow(NamedTuple):
    """An industry of the standard; `level` 1 to 4, `parent` empty for sections."""

    code: str
    name: str
    parent: str
    level: int


@cache
def standard() -> tuple[IndustryRow, ...]:
    """All industries of the standard, in its order: 20 sections, 97 divisions, 473 groups, 1382 classes."""
    text = (files("doublerandom.registry") / "data" / "gbt4754_2017.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        IndustryRow(row["code"], row["name"], row["parent"], int(row["level"]))
        for row in csv.DictReader(lines)
    )


@cache
def subtree_prefixes(code: str) -> tuple[str, ...]:
    """
    What the codes at and below an industry begin with: `H` → `H`, `61`, `62`; `62` → `62`, `H62`.

    Files also write the section before the digits; both mean the same. Unknown codes stand for themselves.
    """
    digits = _digits(code)
    if digits not in _parents():
        return (code,)
    below = [row.code for row in standard() if row.parent == digits and len(row.code) == 2]
    section = chain(digits)[0]
    return (digits, *below) if section == digits else (digits, section + digits)


def chain(code: str) -> tuple[str, ...]:
    """The code and those above it, section first: `6210` → `H`, `62`, `621`, `6210`; an unknown one alone."""
    parents = _parents()
    found = [_digits(code)]
    while above := parents.get(found[0], ""):
        found.insert(0, above)
    return tuple(found)


def _digits(code: str) -> str:
    """A code without the section that some write before it."""
    return code[1:] if code[:1].isalpha() and code[1:] in _parents() else code


@cache
def _parents() -> dict[str, str]:
    return {row.code: row.parent for row in standard()}
