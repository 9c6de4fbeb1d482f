"""Tables of the characters (16-bit units) that decide whether a cell is clean, for numpy."""

import unicodedata
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from doublerandom.registry.intake.cells import BLANKS, REMOVED

SEPARATOR: Final = "\x1f"
COMMA, NEWLINE, RETURN, QUOTE, QUESTION, SUSPECT = range(1, 7)

Units = npt.NDArray[np.uint16]


def units_of(text: str) -> Units:
    """The text as 16-bit units."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


@cache
def edges() -> npt.NDArray[np.bool_]:
    """Characters that are trimmed from the edges of cells."""
    table = np.zeros(1 << 16, dtype=bool)
    table[[ord(one) for one in BLANKS]] = True
    return table


@cache
def suspects() -> npt.NDArray[np.bool_]:
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
    table[ord(SEPARATOR)] = False
    return table


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """What each unit is to the reader of a plain block: 0 for nothing special, else a kind named above."""
    table = np.where(suspects(), SUSPECT, 0).astype(np.uint8)
    table[ord(SEPARATOR)] = SUSPECT
    for one, kind in ((",", COMMA), ("\n", NEWLINE), ("\r", RETURN), ('"', QUOTE), ("?", QUESTION)):
        table[ord(one)] = kind
    return table
