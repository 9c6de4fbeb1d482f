"""Acts on inspectors."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from doublerandom.ledger.trail import Fact


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
