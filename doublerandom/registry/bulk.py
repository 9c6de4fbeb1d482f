"""Bulk acts: what can be said of all subjects that a filter found, and the token of a preview; pure."""

import hashlib
from collections.abc import Iterable
from typing import Final

ACTIONS: Final = ("tag", "end-tag", "special", "end-special", "supervisor", "join", "leave")
MOST: Final = 50_000
"""More subjects than these are not changed by one act."""

AT_ONCE: Final = 5_000
"""Up to so many are changed at once; more by the jobs, chunk by chunk, with their progress."""

KINDS: Final = {
    "tag": "tag",
    "end-tag": "tag",
    "special": "special",
    "end-special": "special",
    "supervisor": "supervisor",
    "join": "member",
    "leave": "member",
}
"""The kind of standing that each act sets or ends."""


def digest_of(action: str, value: str, ids: Iterable[int]) -> str:
    """The token of a preview: SHA-256 over the act, its value, and the subjects' numbers in their order."""
    lines = [action, value, *map(str, ids)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
