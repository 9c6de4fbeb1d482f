"""Acts on roles and accounts: asked for, granted, refused, withdrawn, lent; closed and opened again."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class _OnPerson(Fact):
    """Something was done to one person's account."""

    on_kind: ClassVar[str] = "user"
    person: str

    @property
    def on_id(self) -> str:
        """The person's token."""
        return self.person


@dataclass(frozen=True)
class RoleRequested(_OnPerson):
    """A role was asked for a person; it waits for a second person."""

    role: str
    reason: str


@dataclass(frozen=True)
class RoleGranted(_OnPerson):
    """A person got a role; `requested_by` asked for it."""

    role: str
    requested_by: str


@dataclass(frozen=True)
class RoleRefused(_OnPerson):
    """A request for a role was refused."""

    role: str
    requested_by: str


@dataclass(frozen=True)
class RoleWithdrawn(_OnPerson):
    """A role was taken from a person."""

    role: str
    reason: str


@dataclass(frozen=True)
class AccountDeactivated(_OnPerson):
    """An account was closed; its record stays."""

    reason: str


@dataclass(frozen=True)
class AccountReactivated(_OnPerson):
    """A closed account was opened again."""

    reason: str


@dataclass(frozen=True)
class StandInSet(_OnPerson):
    """The person stands in for another (`principal`) in these roles, from one day to another."""

    principal: str
    roles: list[str]
    first_day: str
    last_day: str
    reason: str


@dataclass(frozen=True)
class StandInEnded(_OnPerson):
    """The person stands in for the other no more."""

    principal: str
    roles: list[str]
