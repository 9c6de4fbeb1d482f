"""Randomness from outside: relays are asked, what is typed or pasted is read; the protocol judges it."""

from doublerandom.draws.beacon.asking import Answer, ask, fetch_round
from doublerandom.draws.beacon.patience import pause_after
from doublerandom.draws.beacon.typed import drand_value, lottery_value, rolls_value
from doublerandom.draws.beacon.words import Word

__all__ = [
    "Answer",
    "Word",
    "ask",
    "drand_value",
    "fetch_round",
    "lottery_value",
    "pause_after",
    "rolls_value",
]
