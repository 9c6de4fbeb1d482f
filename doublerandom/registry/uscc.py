"""
统一社会信用代码 (GB 32100): 18 characters, the last a check character; one by one and in bulk.

The bulk functions use numpy tables and are held equal to python-stdnum's `cn.uscc` by tests.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

LENGTH: Final = 18
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = tuple(pow(3, n, 31) for n in range(17))

Bytes = npt.NDArray[np.uint8]

_BAD: Final = 255
_VALUES: Final = np.full(256, _BAD, dtype=np.uint8)
_VALUES[np.frombuffer(ALPHABET.encode(), dtype=np.uint8)] = np.arange(31, dtype=np.uint8)
_CHARACTERS: Final = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_TERMS: Final = np.zeros((17, 256), dtype=np.uint8)
for _place, _weight in enumerate(WEIGHTS):
    _TERMS[_place, :] = np.where(_VALUES == _BAD, 0, (_VALUES.astype(np.uint16) * _weight) % 31)


def check_character(first17: str) -> str:
    """
    The 18th character for the first 17 (upper case, of the alphabet), or ValueError.

    Source: GB 32100-2015, annex: weights 3^(i−1) mod 31, check value 31 − Σ mod 31, 31 standing for 0.
    """
    if len(first17) != LENGTH - 1:
        raise ValueError(first17)
    return ALPHABET[
        -sum(ALPHABET.index(one) * weight for one, weight in zip(first17, WEIGHTS, strict=True)) % 31
    ]


def is_valid(code: str) -> bool:
    """Whether the text is a valid code as it stands: length, leading digits, alphabet, check character."""
    return (
        len(code) == LENGTH
        and code[:8].isascii()
        and code[:8].isdigit()
        and all(one in ALPHABET for one in code)
        and check_character(code[:-1]) == code[-1]
    )


def rows_of(codes: bytes) -> Bytes:
    """Codes of 18 ASCII bytes each, one after the other, as a matrix of a row for each."""
    return np.frombuffer(codes, dtype=np.uint8).reshape(-1, LENGTH)


def valid(rows: Bytes) -> npt.NDArray[np.bool_]:
    """For each row of 18 bytes whether it is a valid code; the bulk form of `is_valid`."""
    well_formed: npt.NDArray[np.bool_] = np.all(rows[:, :8] - np.uint8(48) < 10, axis=1)
    well_formed &= np.all(_VALUES[rows] != _BAD, axis=1)
    well_formed &= check_characters(rows) == rows[:, 17]
    return well_formed


def check_characters(rows: Bytes) -> Bytes:
    """The check character (a byte) of each row's first 17 bytes; bytes outside the alphabet count as 0."""
    total = np.zeros(len(rows), dtype=np.uint16)
    for place in range(LENGTH - 1):
        total += _TERMS[place][rows[:, place]]
    return _CHARACTERS[(31 - total % 31) % 31]
