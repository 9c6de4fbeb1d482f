"""Acts on rule sets."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class RuleSetAdded(Fact):
    """A rule set waits for approval."""

    on_kind: ClassVar[str] = "rule_set"
    on_id: str
    version: int
    digest: str


@dataclass(frozen=True)
class RuleSetApproved(Fact):
    """A rule set is in force from its day on."""

    on_kind: ClassVar[str] = "rule_set"
    on_id: str
    version: int
    digest: str
