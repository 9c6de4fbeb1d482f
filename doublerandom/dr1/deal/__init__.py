"""Inspectors are dealt to the drawn subjects (section 7): two decks, repair, proofs of empty seats."""

from doublerandom.dr1.deal.dealing import Deal, deal
from doublerandom.dr1.deal.proofs import (
    BadProofError,
    EmptySeat,
    check_empty_seat_proof,
    check_empty_seat_proofs,
)
from doublerandom.dr1.deal.table import Table

__all__ = [
    "BadProofError",
    "Deal",
    "EmptySeat",
    "Table",
    "check_empty_seat_proof",
    "check_empty_seat_proofs",
    "deal",
]
