"""The tables of draws, by noun."""

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

__all__ = [
    "DealtMember",
    "Deposit",
    "DiceEntry",
    "Draw",
    "DrawStatus",
    "EntryState",
    "FrozenPool",
    "Observation",
    "PlanSignature",
    "Seat",
    "Task",
    "Void",
]
