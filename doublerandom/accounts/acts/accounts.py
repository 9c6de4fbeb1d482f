"""Acts of accounts, as they stand in the audit trail."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class BodyCreated(Fact):
    """A body entered the tree."""

    on_kind: ClassVar[str] = "body"
    token: str
    path: str
    region: str

    @property
    def on_id(self) -> str:
        """The body's token."""
        return self.token


@dataclass(frozen=True)
class UserCreated(Fact):
    """An account was opened."""

    on_kind: ClassVar[str] = "user"
    person: str
    username: str
    body: str
    roles: list[str]

    @property
    def on_id(self) -> str:
        """The person's token."""
        return self.person


@dataclass(frozen=True)
class RegionsSeeded(Fact):
    """The regions of GB/T 2260 were entered."""

    on_kind: ClassVar[str] = "regions"
    added: int

    @property
    def on_id(self) -> str:
        """There is one table of regions."""
        return "gb2260"
