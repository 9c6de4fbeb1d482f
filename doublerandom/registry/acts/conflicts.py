"""Acts on conflicts."""

from dataclasses import dataclass
from datetime import date
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
    evidence_file: str = ""


@dataclass(frozen=True)
class ConflictDecided(Fact):
    """A conflict of interest was upheld or refused."""

    on_kind: ClassVar[str] = "conflict"
    on_id: str
    upheld: bool
    reason: str = ""


@dataclass(frozen=True)
class RecusalAppliedFor(Fact):
    """A subject asks that an inspector stay away; work goes on until the head grants it."""

    on_kind: ClassVar[str] = "conflict"
    on_id: str
    inspector: str
    subject: str
    evidence_file: str


@dataclass(frozen=True)
class ConflictEnded(Fact):
    """A conflict of interest ends before its last day: from this day on it holds no more."""

    on_kind: ClassVar[str] = "conflict"
    on_id: str
    ended_on: date
    reason: str


@dataclass(frozen=True)
class TieAdded(Fact):
    """An inspector works or worked for a company, owns or represents it, or a relative does."""

    on_kind: ClassVar[str] = "tie"
    on_id: str
    inspector: str
    company: str
    relation: str


@dataclass(frozen=True)
class TieWithdrawn(Fact):
    """A tie was entered by mistake; it makes no conflict any more and stays readable."""

    on_kind: ClassVar[str] = "tie"
    on_id: str
    reason: str


@dataclass(frozen=True)
class LinkAdded(Fact):
    """A subject or an inspector got an identifier by which relations show; the identifier is not told."""

    on_kind: ClassVar[str] = "link"
    on_id: str
    kind: str
