"""A line of an annual plan as it is drafted, and the days it covers; pure."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

LATER: Final = (
    "scope", "base", "quota", "class_ratios", "methods", "frequency", "cap", "start", "complete_by", "period",
    "lead_text", "partner_text", "level", "note", "approval", "unannounced",
)  # fmt: skip
"""Members of the published object that older plans do not have: they stand in it where they say something."""

FIELDS: Final = (
    "name", "directed", "items", "scope", "filter", "domain", "base", "ratio", "quota", "class_ratios",
    "estimated", "frequency", "cap", "methods", "first_month", "last_month", "start", "complete_by", "period",
    "lead", "lead_text", "partners", "partner_text", "level", "note", "approval", "unannounced",
)  # fmt: skip
"""What a line says beside its number, in the order in which people read it."""


@dataclass(frozen=True)
class PlanLineIn:
    """A line of an annual plan as it is drafted; the fields of `PlanLine`."""

    number: str
    name: str
    items: Sequence[str]
    filter: str = ""
    domain: str = ""
    directed: bool = False
    ratio: str = ""
    estimated: int = 0
    first_month: int = 1
    last_month: int = 12
    lead: str = ""
    partners: Sequence[str] = field(default_factory=list)
    scope: str = ""
    base: int | None = None
    quota: Mapping[str, Any] | None = None
    class_ratios: Mapping[str, str] | None = None
    methods: str = ""
    frequency: str = ""
    cap: int | None = None
    start: date | None = None
    complete_by: date | None = None
    period: str = ""
    lead_text: str = ""
    partner_text: str = ""
    level: str = ""
    note: str = ""
    approval: str = ""
    unannounced: bool = False


class Timed(Protocol):
    """What has months, and days where they are named."""

    @property
    def first_month(self) -> int:
        """1 to 12."""

    @property
    def last_month(self) -> int:
        """1 to 12."""

    @property
    def start(self) -> date | None:
        """The first day, where it is named."""

    @property
    def complete_by(self) -> date | None:
        """The last day, where it is named."""


def days_of_line(line: Timed, year: int) -> tuple[date, date]:
    """The first and the last day of a line: those it names, else those of its months."""
    first = line.start or date(year, line.first_month, 1)
    last = line.complete_by or date(year, line.last_month, monthrange(year, line.last_month)[1])
    return first, last
