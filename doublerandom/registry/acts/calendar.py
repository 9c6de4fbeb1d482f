"""Acts on the working-day calendar."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class CalendarYearEntered(Fact):
    """A year came into the calendar, wholly."""

    on_kind: ClassVar[str] = "calendar"
    on_id: str
    source: str
    working_days: int
    holidays: int


@dataclass(frozen=True)
class CalendarDayChanged(Fact):
    """A day became a working day, or none, by hand."""

    on_kind: ClassVar[str] = "calendar"
    on_id: str
    day: str
    working: bool
    was: bool
    reason: str
