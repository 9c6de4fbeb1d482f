"""What is put on record of preparations: manual exclusions, offers to merge."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class ExclusionFact(Fact):
    """An act on one manual exclusion."""

    on_kind: ClassVar[str] = "manual_exclusion"
    on_id: str
    subject: str


@dataclass(frozen=True)
class ExclusionRequested(ExclusionFact):
    """Somebody asked that a subject be kept out of draws; it has no effect yet."""

    line: str
    reason: str
    reference: str
    evidence_file: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class ExclusionDecided(ExclusionFact):
    """The second person confirmed or refused it, or the first took it back."""

    state: str
    decision: str


@dataclass(frozen=True)
class ExclusionLifted(ExclusionFact):
    """From a day on it holds no more."""

    lifted_on: str
    reason: str


@dataclass(frozen=True)
class OfferFact(Fact):
    """An act on an offer to make one joint draw of two preparations."""

    on_kind: ClassVar[str] = "merge_offer"
    on_id: str
    draft: int
    other: int


@dataclass(frozen=True)
class MergeOffered(OfferFact):
    """One department offered it to another."""

    common: int


@dataclass(frozen=True)
class MergeAnswered(OfferFact):
    """The other department accepted or refused; or the first one took the offer back."""

    state: str
    reason: str


@dataclass(frozen=True)
class DraftMerged(Fact):
    """Two preparations became one joint one; this draft leads it, or went into the other."""

    on_kind: ClassVar[str] = "draw_draft"
    on_id: str
    other: int
    leads: bool
