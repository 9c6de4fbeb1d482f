"""Acts on filters that are kept, and on all that a filter found."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class FilterSaved(Fact):
    """A filter was kept under a name."""

    on_kind: ClassVar[str] = "filter"
    on_id: str
    name: str
    words: str
    expression: str
    shared: bool


@dataclass(frozen=True)
class FilterEnded(Fact):
    """A kept filter is shown no longer."""

    on_kind: ClassVar[str] = "filter"
    on_id: str


@dataclass(frozen=True)
class BulkActConfirmed(Fact):
    """Something is to be said of all subjects that a filter found, as they were previewed."""

    on_kind: ClassVar[str] = "bulk_act"
    on_id: str
    action: str
    value: str
    reason: str
    words: str
    expression: str
    count: int
    digest: str


@dataclass(frozen=True)
class BulkActFinished(Fact):
    """A bulk act has reached all of its subjects."""

    on_kind: ClassVar[str] = "bulk_act"
    on_id: str
    done: int


@dataclass(frozen=True)
class StandingsEnded(Fact):
    """What a body said of many subjects holds no longer."""

    on_kind: ClassVar[str] = "body"
    on_id: str
    kind: str
    value: str
    count: int
    valid_to: date
    reason: str
