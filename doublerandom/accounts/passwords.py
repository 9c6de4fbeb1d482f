"""Passwords: which hold, argon2id, and the same work whether or not the account exists."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from doublerandom.accounts.errors import CommonPasswordError, WeakPasswordError

SHORTEST: Final = 10
LONGEST: Final = 200
FEWEST_LETTERS: Final = 5
_COMMON: Final = Path(__file__).parent / "common_passwords.txt"
_LEET: Final = str.maketrans("013457@$!", "oieastasi")
_hasher = PasswordHasher()


def check_password(password: str, *, username: str, names: Iterable[str] = ()) -> None:
    """
    Refuse a password that is guessed first.

    Args:
        password: What was chosen, as typed.
        username: The account's; the password is neither it nor made of it.
        names: The person's own name and token, likewise.

    Raises:
        WeakPasswordError: Shorter than 10 or longer than 200 characters, or the user name.
        CommonPasswordError: A common password or a common word with digits around it, few different
            characters, a run of neighbours, or the own name with digits around it.
    """
    if not SHORTEST <= len(password) <= LONGEST or _plain(password) == _plain(username):
        raise WeakPasswordError(shortest=SHORTEST, longest=LONGEST)
    if _is_common(password) or _core(password) in {_core(name) for name in (username, *names) if name}:
        raise CommonPasswordError


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _core(text: str) -> str:
    """What remains without the digits and signs around it: `Planner@2026` → `planner`."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", _plain(text))


def _is_common(password: str) -> bool:
    plain = _plain(password)
    core, known = _core(password), common_passwords()
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    guessed = {plain, core, core.translate(_LEET), _core(plain.translate(_LEET))}
    halves = len(plain) % 2 == 0 and plain[: len(plain) // 2] in known and plain[len(plain) // 2 :] in known
    return (
        core == ""
        or halves
        or len(set(plain)) < FEWEST_LETTERS
        or len(steps) == 1
        or not guessed.isdisjoint(known)
    )


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Passwords and words that are tried first, in lower case."""
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with a salt of its own."""
    return _hasher.hash(password)


def password_fits(password: str, stored: str | None) -> bool:
    """Whether the password is the one that was hashed; without an account it takes as long and says no."""
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("no account has this password")
