"""What is thought of a relay's answer: one word for each way in which it can go right or wrong."""

from enum import StrEnum
from typing import Final


class Word(StrEnum):
    """How a relay answered."""

    VERIFIED = "verified"
    NOT_YET = "not-yet"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    TOO_LONG = "too-long"
    SENT_AWAY = "sent-away"
    NO_ANSWER = "no-answer"
    UNREADABLE = "unreadable"
    WRONG_ROUND = "wrong-round"
    WRONG_SIGNATURE = "wrong-signature"
    OTHER_ENCODING = "other-encoding"
    WRONG_DIGEST = "wrong-digest"


DISTRUSTED: Final = frozenset(
    {
        Word.TOO_LONG,
        Word.SENT_AWAY,
        Word.UNREADABLE,
        Word.WRONG_ROUND,
        Word.WRONG_SIGNATURE,
        Word.OTHER_ENCODING,
        Word.WRONG_DIGEST,
    }
)
"""Answers that no honest relay gives: they are put on record."""
