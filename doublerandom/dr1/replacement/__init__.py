"""Replacements after the draw (section 9): who is next for a seat, which subject is next, replay."""

from doublerandom.dr1.replacement.after_deal import AfterDeal, Replacement
from doublerandom.dr1.replacement.order import (
    next_inspector,
    next_subject,
    replaced_inspector,
    replaced_subject,
)
from doublerandom.dr1.replacement.replaying import replay
from doublerandom.dr1.replacement.rules import (
    NoReserveError,
    NothingReplacedError,
    OnTheTeamError,
    ReplacementError,
    ReplacementNumberError,
    ReplacementOrderError,
    ReplacementPairsError,
    ReplacementPlaceError,
    SomebodyLeftError,
)

__all__ = [
    "AfterDeal",
    "NoReserveError",
    "NothingReplacedError",
    "OnTheTeamError",
    "Replacement",
    "ReplacementError",
    "ReplacementNumberError",
    "ReplacementOrderError",
    "ReplacementPairsError",
    "ReplacementPlaceError",
    "SomebodyLeftError",
    "next_inspector",
    "next_subject",
    "replaced_inspector",
    "replaced_subject",
    "replay",
]
