"""Secrets, their commitments, and the seeds of a draw (section 5)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from doublerandom.dr1.canon import H, Record
from doublerandom.dr1.errors import BadSecretError, ProtocolError
from doublerandom.dr1.members import PURPOSES, closed, digest, list_of, one_of, token

_SECRETS: Final = list_of(closed({"party": token, "purpose": one_of(*PURPOSES), "secret": digest}))


def secret_commitment(issuer: str, draw: str, purpose: str, party: str, secret: str) -> str:
    """What a party commits to: the hash of its 64 hex digits, bound to draw, purpose and party."""
    return H(f"dr1|secret|{issuer}|{draw}|{purpose}|{party}|{secret}")


def seed(
    plan_hash: str,
    purpose: str,
    beacon: str,
    secrets: Mapping[str, str],
    rehearsal: bool = False,  # noqa: FBT001, FBT002 - the protocol's word, last of five
) -> str:
    """The seed of one purpose.

    Args:
        plan_hash: The plan's.
        purpose: `subject` or `inspector`.
        beacon: The beacon text, empty at level C.
        secrets: The 64 hex digits of each party for this purpose, in any order.
        rehearsal: Whether this is one, which must not give a real draw's seed.
    """
    prefix = "dr1-rehearsal" if rehearsal else "dr1"
    joined = ",".join(f"{party}={secrets[party]}" for party in sorted(secrets))
    return H(f"{prefix}|seed|{plan_hash}|{purpose}|{beacon}|{joined}")


def seeds(plan: Record, plan_hash: str, beacon: str, secrets: Sequence[Record]) -> dict[str, str]:
    """The seed of each purpose, from a plan and its checked secrets (as in secrets.json)."""
    return {
        purpose: seed(plan_hash, purpose, beacon, secrets_of(secrets, purpose), rehearsal=plan["rehearsal"])
        for purpose in PURPOSES
    }


def secrets_of(secrets: Sequence[Record], purpose: str) -> dict[str, str]:
    """Each party's hex digits for one purpose, from entries as in secrets.json."""
    return {entry["party"]: entry["secret"] for entry in secrets if entry["purpose"] == purpose}


def check_secrets(plan: Record, secrets: Any, purposes: Sequence[str] = PURPOSES) -> None:
    """Check opened secrets (as in secrets.json) against the plan's commitments.

    Args:
        plan: A checked plan.
        secrets: A list of `{"party", "purpose", "secret"}` in plan order, all of them.
        purposes: Those whose secrets are opened here; where subjects are closed, `("inspector",)`.

    Raises:
        BadSecretError: One is missing, too many, out of order, or does not open its commitment.
    """
    try:
        _SECRETS(secrets, "secrets")
    except ProtocolError as error:
        raise BadSecretError(reason=str(error)) from error
    wanted = [entry for entry in plan["secrets"] if entry["purpose"] in purposes]
    order = [(entry["party"], entry["purpose"]) for entry in wanted]
    if [(entry["party"], entry["purpose"]) for entry in secrets] != order:
        raise BadSecretError(reason="not the plan's parties in the plan's order")
    for entry, promised in zip(secrets, wanted, strict=True):
        party, purpose = entry["party"], entry["purpose"]
        opened = secret_commitment(plan["issuer"], plan["draw"], purpose, party, entry["secret"])
        if opened != promised["commitment"]:
            raise BadSecretError(party=party, purpose=purpose, reason="does not open the commitment")
