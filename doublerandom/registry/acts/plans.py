"""Acts on plans."""

from dataclasses import dataclass
from typing import ClassVar

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
