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
