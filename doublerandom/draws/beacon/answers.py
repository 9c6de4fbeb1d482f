"""A relay's answer, read strictly: the round that was asked for, in its one encoding, verified offline."""

import hashlib
import json
import re
from typing import Any, Final

from doublerandom.dr1 import drand
from doublerandom.dr1.canon import Record
from doublerandom.dr1.errors import BadDrandError
from doublerandom.draws.beacon.words import Word

LONGEST: Final = 4096
"""Bytes that an answer may have; a real one has about 300."""
_HEX: Final = re.compile(r"[0-9a-f]{96}")


class BadAnswerError(ValueError):
    """The answer cannot be used; `word` says why."""

    def __init__(self, word: Word) -> None:
        self.word = word
        super().__init__(word.value)


def members(text: bytes | str) -> dict[str, Any]:
    """
    The members of an answer: one JSON object in UTF-8 in which no name stands twice.

    Raises:
        BadAnswerError: It is anything else, or too long.
    """
    if len(text) > LONGEST:
        raise BadAnswerError(Word.TOO_LONG)
    try:
        whole = text.decode() if isinstance(text, bytes) else text
        found = json.loads(whole, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadAnswerError(Word.UNREADABLE) from None
    if type(found) is not dict:
        raise BadAnswerError(Word.UNREADABLE)
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def verified(text: bytes, source: Record) -> Record:
    """
    The observed value in a relay's answer about the round of a drand source.

    Args:
        text: The bytes that came.
        source: `{"kind": "drand", "chain": …, "round": …}` of a checked plan.

    Raises:
        BadAnswerError: It is not the signature of this very round by the pinned key.
    """
    found = members(text)
    signature, digest = found.get("signature"), found.get("randomness")
    if type(signature) is not str or type(found.get("round")) is not int:
        raise BadAnswerError(Word.UNREADABLE)
    if found["round"] != source["round"]:
        raise BadAnswerError(Word.WRONG_ROUND)
    _verify(source, signature)
    if digest is not None and digest != hashlib.sha256(bytes.fromhex(signature)).hexdigest():
        raise BadAnswerError(Word.WRONG_DIGEST)
    return {"signature": signature}


def _verify(source: Record, signature: str) -> None:
    if not _HEX.fullmatch(signature):
        raise BadAnswerError(Word.OTHER_ENCODING)
    try:
        drand.verify(source["chain"], source["round"], signature)
    except BadDrandError as error:
        second = error.params.get("reason") == drand.NOT_THE_ENCODING
        raise BadAnswerError(Word.OTHER_ENCODING if second else Word.WRONG_SIGNATURE) from None
