"""What is put on record of alarms."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.draws.acts.draws import DrawFact
from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class AlarmRaised(DrawFact):
    """An alarm was raised on a draw: `kind` as in AlarmKind, `since` when what is wrong began."""

    kind: str
    since: str
    told: int


@dataclass(frozen=True)
class AlarmResolved(DrawFact):
    """A later fact ended an alarm: the result is there, the draw failed, opened or is superseded."""

    kind: str
    raised: str


@dataclass(frozen=True)
class WorkerWasSilent(Fact):
    """The process that does what is due was not seen from `since` to `until` while something was due."""

    on_kind: ClassVar[str] = "worker"
    on_id: str
    since: str
    until: str
    told: int
