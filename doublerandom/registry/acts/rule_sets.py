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
class RuleSetDrafted(Fact):
    """A new version was begun, as a copy of another or empty."""

    on_kind: ClassVar[str] = "rule_set"
    on_id: str
    domain: str
    version: int
    copy_of: str
    digest: str


@dataclass(frozen=True)
class RuleSetEdited(Fact):
    """A section of a draft (or its days: `head`) was changed or left to the body above."""

    on_kind: ClassVar[str] = "rule_set"
    on_id: str
    section: str
    left_open: bool
    digest: str


@dataclass(frozen=True)
class RuleSetMoved(Fact):
    """A draft was submitted, returned to its authors, or withdrawn."""

    on_kind: ClassVar[str] = "rule_set"
    on_id: str
    status: str
    reason: str
    digest: str


@dataclass(frozen=True)
class RuleSetApproved(Fact):
    """A rule set is in force from its day on."""

    on_kind: ClassVar[str] = "rule_set"
    on_id: str
    version: int
    digest: str
