"""What people type, paste or upload, read into observed values; what cannot be read stays text."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from doublerandom.dr1.canon import Record
from doublerandom.draws.beacon.answers import BadAnswerError, members

ONE_DIGIT: Final = 10
"""Dice of at most so many sides are typed as a row of digits."""
_MARKS: Final = re.compile(r"[\s.,;，、。；·-]+")


def drand_value(text: str) -> Any:
    """
    A drand signature typed or pasted, or a relay's whole answer.

    Blanks between the digits and capital letters do not matter: they are the same 48 bytes.
    """
    text = text.strip().removeprefix("\ufeff")
    if text.startswith("{"):
        try:
            found = members(text).get("signature")
        except BadAnswerError:
            return text
        return {"signature": found} if isinstance(found, str) else text
    return {"signature": "".join(text.split()).lower()}


def lottery_value(groups: Sequence[Sequence[str]]) -> Record:
    """The numbers of each group as typed, ascending where all of them are numbers."""
    return {"groups": [_ascending([_number(typed) for typed in group]) for group in groups]}


def _ascending(group: list[Any]) -> list[Any]:
    return sorted(group) if all(type(each) is int for each in group) else group


def rolls_value(text: str, sides: int) -> Any:
    """
    Rolls in their order: a row of digits for dice of up to ten sides, else numbers with marks between.

    Blanks, full stops and commas in a row of digits do not matter.
    """
    parts = [part for part in _MARKS.split(unicodedata.normalize("NFKC", text)) if part]
    if sides <= ONE_DIGIT:
        parts = list("".join(parts))
    rolls = [_number(part) for part in parts]
    return {"rolls": rolls} if all(type(roll) is int for roll in rolls) else text


def _number(typed: str) -> Any:
    """The number, or the text where it is none."""
    text = unicodedata.normalize("NFKC", typed).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("999") else text
