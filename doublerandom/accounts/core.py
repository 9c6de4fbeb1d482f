"""Roles and regions as plain values: who may hold what, and which codes lie below which."""

from collections.abc import Iterable
from dataclasses import dataclass

from doublerandom.accounts.errors import SamePersonTwiceError

ROLES = (
    "registrar",
    "planner",
    "supervisor",
    "head",
    "inspector",
    "reviewer",
    "credit_officer",
    "overseer",
    "auditor",
    "administrator",
)
ALONE = frozenset({"auditor", "administrator"})
LEVELS = ("province", "city", "county")
NEEDS_SECOND = frozenset({"planner", "supervisor", "head", "overseer", "auditor", "administrator"})
CONFIRMING = ("administrator", "head", "overseer")
LENDABLE = frozenset(ROLES) - ALONE - {"inspector"}
SIGNING = {"planner": "operator", "supervisor": "supervisor"}


def two_persons(first: str, second: str) -> None:
    """
    Refuse an act that needs two persons where both sides are the same one.

    Raises:
        SamePersonTwiceError: `first` and `second` are one person.
    """
    if first == second:
        raise SamePersonTwiceError(person=first)


def can_be_combined(roles: Iterable[str]) -> bool:
    """Whether one person may hold all of `roles`: administrator and auditor combine with nothing."""
    held = set(roles)
    return len(held) <= 1 or not held & ALONE


def region_subtree_prefix(code: str) -> str:
    """
    What all codes at and below a region begin with: `330000` → `33`, `330100` → `3301`, `330102` → `330102`.

    Source: GB/T 2260, two digits a level.
    """
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


@dataclass(frozen=True)
class Sight:
    """What one person may see: the own body and all below it, in the body's region."""

    body_id: int
    body_path: str
    region_prefix: str
    roles: frozenset[str]

    def sees_body(self, path: str) -> bool:
        """Whether the body of that path is the own one or below it."""
        return path.startswith(self.body_path)

    def sees_region(self, code: str) -> bool:
        """Whether the region is the own body's or below it."""
        return code.startswith(self.region_prefix)

    def has(self, *roles: str) -> bool:
        """Whether any of `roles` is held."""
        return not self.roles.isdisjoint(roles)
