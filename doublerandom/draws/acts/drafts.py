"""What commands on drafts of draws put on record."""

from dataclasses import dataclass
from typing import Any, ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class DraftOpened(Fact):
    """A planner began to prepare a draw from a plan line."""

    on_kind: ClassVar[str] = "draw_draft"
    on_id: str
    plan_line: str
    rehearsal: bool


@dataclass(frozen=True)
class DraftStepConfirmed(Fact):
    """A step of a preparation was confirmed; `changes` is what differs from before, each before and after."""

    on_kind: ClassVar[str] = "draw_draft"
    on_id: str
    step: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class DraftSimulated(Fact):
    """A pre-flight looked at pools for a batch of a line; how many different ones this preparation has."""

    on_kind: ClassVar[str] = "draw_draft"
    on_id: str
    annual_item: str
    tries: int


@dataclass(frozen=True)
class DraftLeft(Fact):
    """A preparation was given up."""

    on_kind: ClassVar[str] = "draw_draft"
    on_id: str
