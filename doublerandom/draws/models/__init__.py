"""The tables of draws, by noun."""

from doublerandom.draws.models.ceremony import RelayWord, Witness
from doublerandom.draws.models.drafts import Draft, DraftState
from doublerandom.draws.models.draws import (
    DealtMember,
    Deposit,
    DiceEntry,
    Draw,
    DrawStatus,
    EntryState,
    FrozenPool,
    Observation,
    PlanSignature,
    Seat,
    Task,
    Void,
)
from doublerandom.draws.models.exclusions import ExclusionState, ManualExclusion
from doublerandom.draws.models.merging import MergeOffer, OfferState
from doublerandom.draws.models.replacements import (
    Look,
    NewSeat,
    Replacement,
    ReplacementKind,
    ReplacementState,
    VisitTime,
)
from doublerandom.draws.models.watch import Alarm, AlarmKind, Heartbeat, JobError

__all__ = [
    "Alarm",
    "AlarmKind",
    "DealtMember",
    "Deposit",
    "DiceEntry",
    "Draft",
    "DraftState",
    "Draw",
    "DrawStatus",
    "EntryState",
    "ExclusionState",
    "FrozenPool",
    "Heartbeat",
    "JobError",
    "Look",
    "ManualExclusion",
    "MergeOffer",
    "NewSeat",
    "Observation",
    "OfferState",
    "PlanSignature",
    "RelayWord",
    "Replacement",
    "ReplacementKind",
    "ReplacementState",
    "Seat",
    "Task",
    "VisitTime",
    "Void",
    "Witness",
]
