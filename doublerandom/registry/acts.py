"""What the registry puts on record: one act for each thing that a command changes."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class BatchImported(Fact):
    """A file came in; its rows were judged, and those that hold were applied."""

    on_kind: ClassVar[str] = "import_batch"
    on_id: str
    kind: str
    filename: str
    sha256: str
    accepted: int
    refused: int
    repeated: int
    noted: int


@dataclass(frozen=True)
class SubjectsAdded(Fact):
    """Subjects came in by another way than a file."""

    on_kind: ClassVar[str] = "import_batch"
    on_id: str
    source: str
    count: int


@dataclass(frozen=True)
class ItemAdded(Fact):
    """A draft of an item, or of its next version."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    name: str


@dataclass(frozen=True)
class ItemPutInForce(Fact):
    """An item may be inspected from now on; the version before it ends."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    valid_from: date


@dataclass(frozen=True)
class ItemEnded(Fact):
    """An item was suspended or abolished."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    status: str


@dataclass(frozen=True)
class InspectorAdded(Fact):
    """An inspector is in the pool of a body."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    body_id: int
    department: str


@dataclass(frozen=True)
class AbsenceAdded(Fact):
    """An inspector is away; both days count."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    kind: str
    first_day: date
    last_day: date


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
class StandingsSet(Fact):
    """A body said the same kind of thing of many subjects at once, e.g. published a sector grade."""

    on_kind: ClassVar[str] = "body"
    on_id: str
    kind: str
    count: int
    valid_from: date
    reason: str


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
class VisitRecorded(Fact):
    """A subject was visited; the visit is named by its source, for a drawn subject is not public yet."""

    on_kind: ClassVar[str] = "visit"
    on_id: str
    visited_on: date
    kind: str
    counts: bool


@dataclass(frozen=True)
class RuleSetAdded(Fact):
    """A rule set waits for approval."""

    on_kind: ClassVar[str] = "rule_set"
    on_id: str
    version: int
    digest: str


@dataclass(frozen=True)
class RuleSetApproved(Fact):
    """A rule set is in force from its day on."""

    on_kind: ClassVar[str] = "rule_set"
    on_id: str
    version: int
    digest: str


@dataclass(frozen=True)
class AnnualPlanAdded(Fact):
    """An annual plan, or an amendment, was drafted."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    version: int
    lines: int


@dataclass(frozen=True)
class AnnualPlanPublished(Fact):
    """An annual plan is public, its digest in the log."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    version: int
    digest: str
