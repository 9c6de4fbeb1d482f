"""Acts on subjects."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class StandingSet(Fact):
    """A body said something dated of a subject."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    body_id: int
    kind: str
    value: str
    valid_from: date
    valid_to: date | None
    reason: str


@dataclass(frozen=True)
class StandingEnded(Fact):
    """What a body said of a subject holds no longer."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    body_id: int
    kind: str
    value: str
    valid_to: date
    reason: str


@dataclass(frozen=True)
class StandingsSet(Fact):
    """A body said the same kind of thing of many subjects at once, e.g. published a sector grade."""

    on_kind: ClassVar[str] = "body"
    on_id: str
    kind: str
    count: int
    valid_from: date
    reason: str


@dataclass(frozen=True)
class SubjectChanged(Fact):
    """Base fields of a subject became others."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    fields: tuple[str, ...]
    source: str
    reason: str


@dataclass(frozen=True)
class SubjectsChanged(Fact):
    """Base fields of many subjects became others by one source."""

    on_kind: ClassVar[str] = "import_batch"
    on_id: str
    source: str
    count: int


@dataclass(frozen=True)
class CodeIssued(Fact):
    """A code was issued to a subject that has no credit code of its own."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    kind: str


@dataclass(frozen=True)
class MeasureApplied(Fact):
    """A credit measure is dated beside the imported class."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    effect: str
    valid_from: date
    valid_to: date
    source: str


@dataclass(frozen=True)
class LicenceRecorded(Fact):
    """A licence of a subject, or a new version of it."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    number: str
    version: int
    status: str
    source: str


@dataclass(frozen=True)
class ListingRecorded(Fact):
    """A subject was put on a list."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    kind: str
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class ListingEnded(Fact):
    """A subject was taken off a list."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    kind: str
    valid_to: date
    reason: str


@dataclass(frozen=True)
class ClassesImported(Fact):
    """Credit-risk classes came in: how many moved from which class to which."""

    on_kind: ClassVar[str] = "import_batch"
    on_id: str
    on: date
    moved: int
    missing: int


@dataclass(frozen=True)
class IndustriesSeeded(Fact):
    """Industries of the standard were entered."""

    on_kind: ClassVar[str] = "standard"
    on_id: str
    added: int
