"""Acts on visits."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class VisitRecorded(Fact):
    """A subject was visited; the visit is named by its source, for a drawn subject is not public yet."""

    on_kind: ClassVar[str] = "visit"
    on_id: str
    visited_on: date
    kind: str
    counts: bool
    exempt: str = ""
    evidence_file: str = ""


@dataclass(frozen=True)
class VisitCorrected(Fact):
    """What was recorded of a visit was wrong: this row stands in the place of the one named."""

    on_kind: ClassVar[str] = "visit"
    on_id: str
    supersedes: str
    visited_on: date
    kind: str
    counts: bool
    exempt: str
    reason: str


@dataclass(frozen=True)
class OutsideVisitsReceived(Fact):
    """Visits came from a body's own system: all of them were taken, or none."""

    on_kind: ClassVar[str] = "body"
    on_id: str
    recorded: int
    corrected: int
    unchanged: int
