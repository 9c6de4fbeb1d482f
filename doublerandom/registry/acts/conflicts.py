"""Acts on conflicts."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class ConflictDeclared(Fact):
    """A conflict of interest keeps a pair apart from now on; its particulars stay in the registry."""

    on_kind: ClassVar[str] = "conflict"
    on_id: str
    inspector: str
    subject: str
    ground: str
    source: str


@dataclass(frozen=True)
class ConflictDecided(Fact):
    """A conflict of interest was upheld or refused."""

    on_kind: ClassVar[str] = "conflict"
    on_id: str
    upheld: bool
