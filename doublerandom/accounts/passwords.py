"""Passwords: argon2id, and the same work whether or not the account exists."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
LONGEST = 200
_hasher = PasswordHasher()


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
