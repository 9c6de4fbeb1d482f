"""Acts on plans."""

from dataclasses import dataclass
from typing import Any, ClassVar

from doublerandom.ledger.trail import Fact


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


@dataclass(frozen=True)
class AnnualPlanEdited(Fact):
    """Title, reason or filing number of a draft were changed: each field, before and after."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class PlanLineAdded(Fact):
    """A line came into a draft, or came back into it."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    line: str
    name: str


@dataclass(frozen=True)
class PlanLineEdited(Fact):
    """A line of a draft was changed: each field, before and after."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    line: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class PlanLineDropped(Fact):
    """A line was taken out of a draft."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    line: str


@dataclass(frozen=True)
class PlanLineComputed(Fact):
    """What pool and rules give for a line was computed."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    line: str
    size: int
    take: int


@dataclass(frozen=True)
class AnnualPlanSubmitted(Fact):
    """A plan waits for the head's approval."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    version: int


@dataclass(frozen=True)
class AnnualPlanReturned(Fact):
    """The head sent a plan back to its drafter."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    version: int
    reason: str


@dataclass(frozen=True)
class AnnualPlanApproved(Fact):
    """The head approved a plan, or an amendment under its approval number."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    version: int
    approval: str


@dataclass(frozen=True)
class AnnualPlanSuperseded(Fact):
    """An amendment of a plan is public; this version no longer speaks."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    version: int
    by_version: int


@dataclass(frozen=True)
class AnnualPlanFiled(Fact):
    """The next level up gave a published plan its filing number."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    version: int
    filing: str


@dataclass(frozen=True)
class AnnualPlanClosed(Fact):
    """The year of a plan is over; no draw names its lines any more."""

    on_kind: ClassVar[str] = "annual_plan"
    on_id: str
    version: int
    outcome: str
