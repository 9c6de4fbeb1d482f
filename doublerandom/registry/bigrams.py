"""
What the search index keeps of a subject: the pairs of neighbouring characters of its folded texts. Pure.

A word of n characters is in a text exactly where its n-1 pairs follow one another. SQLite keeps them as a
text of coded pairs in their order (FTS5 asks for a phrase), PostgreSQL as an array (candidates, then a look
at the text). Region, industry, kind and status go in as marks, so that they narrow a search as words do.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from doublerandom.accounts.core import region_subtree_prefix
from doublerandom.folding import folded

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_REGION_LENGTHS: Final = (2, 4, 6)


class Indexed(NamedTuple):
    """The fields of a subject that the index is made of."""

    id: int
    name: str
    code: str
    address: str
    region: str
    industry: str
    kind: str
    status: str


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring characters of a text that is folded already, in their order."""
    return [first + second for first, second in pairwise(text)]


@lru_cache(maxsize=65536)
def coded(pair: str) -> str:
    """One or two characters as ASCII letters and digits, four each: a token that no tokenizer takes apart."""
    code = ""
    for character in pair:
        rest, number = "", ord(character)
        for _ in range(4):
            number, digit = divmod(number, 36)
            rest = _DIGITS[digit] + rest
        code += rest
    return code


def tokens(text: str) -> str:
    """A text (not folded yet) as coded pairs and, at last, its last character alone."""
    known = folded(text)
    return " ".join([*map(coded, pairs(known)), coded(known[-1:])]) if known else ""


def phrase(word: str) -> str:
    """A folded word as FTS5 asks for it: its pairs one after another; one character begins a pair."""
    if len(word) == 1:
        return f"{coded(word)} *"
    return f'"{" ".join(map(coded, pairs(word)))}"'


def marks(row: Indexed) -> list[str]:
    """Region and industry with all above them, kind and status, as marks."""
    found = [f"r{row.region[:length]}" for length in _REGION_LENGTHS if len(row.region) >= length]
    found += [f"i{row.industry[:length]}" for length in range(1, len(row.industry) + 1)]
    return [*found, f"k{row.kind}", f"s{row.status}"]


def marks_of(field: str, values: Iterable[str]) -> list[str] | None:
    """The marks of which a subject has one when the field holds one of the values; None: no mark tells."""
    if field == "region":
        prefixes = [region_subtree_prefix(value) for value in values]
        if any(len(prefix) not in _REGION_LENGTHS for prefix in prefixes):
            return None
        return [f"r{prefix}" for prefix in prefixes]
    initial = {"industry": "i", "kind": "k", "status": "s"}.get(field)
    return None if initial is None else [f"{initial}{value}" for value in values]


def mark_token(mark: str) -> str:
    """A mark as a token of FTS5: letters and digits alone."""
    return "".join(map(coded, mark))


def array(row: Indexed) -> list[str]:
    """All pairs of the searched texts and all marks (behind #), each once, in order."""
    found = {f"##{mark}" for mark in marks(row)}
    for text in (row.name, row.code, row.address):
        found.update(pairs(folded(text)))
    return sorted(found)
