"""Acts on standing teams."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class TeamFounded(Fact):
    """A standing team exists from a day on, with these members (certificate and role)."""

    on_kind: ClassVar[str] = "team"
    on_id: str
    body_id: int
    valid_from: date
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TeamChanged(Fact):
    """From a day on a standing team has these members."""

    on_kind: ClassVar[str] = "team"
    on_id: str
    valid_from: date
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TeamEnded(Fact):
    """A standing team exists up to that day."""

    on_kind: ClassVar[str] = "team"
    on_id: str
    last_day: date
