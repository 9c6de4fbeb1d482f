"""Secrets and keys of a draw, kept under the vault's key until they are opened."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.canon import Record
from doublerandom.dr1.members import POOLS
from doublerandom.draws.models import Deposit
from doublerandom.draws.plans import Party, is_closed
from doublerandom.ledger.vault import Vault

POOL_KEY = "pool"
TASK_KEY = "tasks"
PROOFS = "proofs"


@dataclass(frozen=True)
class Opened:
    """What the vault holds for a draw: secrets (hex) by (purpose, party), keys as in keys.json, proofs."""

    secrets: dict[tuple[str, str], str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    proofs: list[dict[str, Any]] = field(default_factory=list)

    def missing(self, plan: Record) -> list[str]:
        """The parties of whom a secret is missing, as `party/purpose`, in plan order."""
        return [
            f"{entry['party']}/{entry['purpose']}"
            for entry in plan["secrets"]
            if (entry["purpose"], entry["party"]) not in self.secrets
        ]

    def secrets_json(self, plan: Record, *, public: bool = False) -> list[Record]:
        """As secrets.json has them; `public` leaves out what closed subjects withhold."""
        return [
            {
                "party": entry["party"],
                "purpose": entry["purpose"],
                "secret": self.secrets[entry["purpose"], entry["party"]],
            }
            for entry in plan["secrets"]
            if not (public and is_closed(plan) and entry["purpose"] == "subject")
        ]

    def keys_json(self, plan: Record, *, public: bool = False) -> dict[str, str]:
        """As keys.json has them; `public` leaves out closed pools', and the task key with the subjects'."""
        withheld = {*plan.get("closed", ()), *((TASK_KEY,) if is_closed(plan) else ())} if public else set()
        return {name: key for name, key in sorted(self.keys.items()) if name not in withheld}


def fresh_secret() -> str:
    """32 random bytes as 64 lower-case hex digits."""
    return secrets.token_bytes(32).hex()


def make_secrets(parties: Iterable[Party]) -> dict[tuple[str, str], str]:
    """A secret for each purpose of each party without a commitment of its own, by (purpose, party)."""
    return {
        (purpose, party.party): fresh_secret()
        for party in parties
        for purpose in party.purposes
        if purpose not in party.commitments
    }


def deposit(
    session: Session,
    draw_id: int,
    number: str,
    *,
    purpose: str,
    party: str,
    plain: bytes,
    settings: Settings,
) -> None:
    """Seal something for a draw, in the caller's transaction; one deposit for each purpose and party."""
    sealed = Vault(settings).seal(plain, _context(number, purpose, party))
    session.add(Deposit(draw_id=draw_id, purpose=purpose, party=party, sealed=sealed))


def opened(rows: Iterable[Deposit], number: str, settings: Settings) -> Opened:
    """
    Open the deposits of a draw.

    Raises:
        SealBrokenError: One was changed, or the vault's key is not the one it was sealed under.
    """
    vault, found = Vault(settings), Opened()
    for row in rows:
        plain = vault.open(row.sealed, _context(number, row.purpose, row.party))
        if row.purpose == PROOFS:
            found.proofs.extend(orjson.loads(plain))
        elif row.purpose == TASK_KEY:
            found.keys[TASK_KEY] = plain.hex()
        elif row.purpose == POOL_KEY:
            assert row.party in POOLS
            found.keys[row.party] = plain.hex()
        else:
            found.secrets[row.purpose, row.party] = plain.decode()
    return found


def _context(number: str, purpose: str, party: str) -> str:
    return f"draw|{number}|{purpose}|{party}"
