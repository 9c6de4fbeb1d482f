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
