"""The tables of draws, by noun."""

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
    "FrozenPool",
    "Heartbeat",
    "JobError",
    "Observation",
    "PlanSignature",
    "Seat",
    "Task",
    "Void",
]
