"""Level C: each party's commitments before the plan is signed, its key, and its secrets once it is logged."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from doublerandom.accounts import services as accounts
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import HEX64, Record, canon
from doublerandom.dr1.plan import plan_hash
from doublerandom.draws import queries
from doublerandom.draws.acts import CommitmentSigned, SignatureLapsed
from doublerandom.draws.errors import CommitmentRefusedError, NotThePartyError, WrongDrawStateError
from doublerandom.draws.models import Draw, DrawStatus, PlanSignature
from doublerandom.draws.services.observing import hand_in
from doublerandom.ledger.keys import sign_with
from doublerandom.ledger.pins import pin_attempt
from doublerandom.ledger.trail import put_on_record


def make_party_key(
    session: Session, draw: Draw | str, *, pin: str, settings: Settings, by: str, at: datetime
) -> str:
    """
    Make the signing key of a party that a draw at level C names; gives the public half, which is logged.

    A key that the person had as a party ends; what it signed stays valid.

    Raises:
        NotThePartyError: The draw names no such party.
        WeakPinError.
    """
    with transaction(session):
        row = queries.draw(session, queries.number_of(draw))
        _entries(queries.plan_of(row), by)
        return accounts.make_party_key(session, by, pin=pin, settings=settings, at=at)


def submit_commitments(
    session: Session,
    draw: Draw | str,
    *,
    commitments: Mapping[str, str],
    pin: str,
    settings: Settings,
    by: str,
    at: datetime,
) -> Draw:
    """
    Take a party's commitments into the prepared plan, signed by its own key; the secrets stay with it.

    Until the operator has signed a party may send others (it lost its file): those before lapse, on record.

    Args:
        session: A command of its own.
        draw: The draw or its number, which the commitments bind.
        commitments: By purpose, for each that the plan names the party for.
        pin: Of the party's signing key.
        settings: For the count of wrong PINs.
        by: The party: the person's token.
        at: When.

    Raises:
        NotThePartyError: The plan names no such party, or has other randomness than the parties' secrets.
        WrongDrawStateError: The plan is signed.
        CommitmentRefusedError: One is missing, no hash, or stands there already.
        WrongPinError, WrongPinLockedError, NoSigningKeyError: Nothing was taken; the key is one of the body
            that the plan names.
    """
    number = queries.number_of(draw)
    with pin_attempt(session, by, settings=settings, at=at), transaction(session):
        row = queries.draw_for_update(session, number)
        plan = queries.plan_of(row)
        own = _entries(plan, by)
        if row.status is not DrawStatus.PREPARED:
            raise WrongDrawStateError(draw=number, status=row.status)
        _check(plan, commitments, own)
        _replace(session, row, own, by=by, at=at)
        before = row.plan_hash
        filled = [
            {**entry, "commitment": commitments[entry["purpose"]]} if n in own else entry
            for n, entry in enumerate(plan["secrets"])
        ]
        plan = {**plan, "secrets": filled}
        row.plan, row.plan_hash = canon(plan).decode(), plan_hash(plan)
        for n in own:
            _sign(session, row, n, filled[n], pin=pin, before=before, at=at)
    return row


def _entries(plan: Record, party: str) -> list[int]:
    """Which of the plan's secrets are this party's; raises NotThePartyError where none is."""
    own = [n for n, entry in enumerate(plan["secrets"]) if entry["party"] == party]
    if plan["randomness"] or not own:
        raise NotThePartyError(party=party)
    return own


def _check(plan: Record, commitments: Mapping[str, str], own: list[int]) -> None:
    wanted = {plan["secrets"][n]["purpose"] for n in own}
    if set(commitments) != wanted or not all(HEX64.fullmatch(value) for value in commitments.values()):
        raise CommitmentRefusedError(why="shape")
    others = {entry["commitment"] for n, entry in enumerate(plan["secrets"]) if n not in own}
    if len(set(commitments.values())) < len(wanted) or others.intersection(commitments.values()):
        raise CommitmentRefusedError(why="repeated")


def _replace(session: Session, draw: Draw, own: list[int], *, by: str, at: datetime) -> None:
    """Take back what the party signed before; the trail keeps it."""
    for row in queries.plan_signatures(session, draw):
        if row.role == "party" and row.n in own:
            act = SignatureLapsed(draw.number, draw.plan_hash, row.key, row.signature, "replaced")
            put_on_record(session, act, by=by, at=at, before=draw.plan_hash)
            session.delete(row)
    session.flush()


def _sign(
    session: Session, draw: Draw, n: int, entry: Record, *, pin: str, before: str, at: datetime
) -> None:
    assert draw.id is not None
    party, text = entry["party"], f"dr1|commit|{entry['commitment']}".encode()
    key, signature = sign_with(session, party, pin, text, role="party", body=entry["body"], at=at)
    row = PlanSignature(draw_id=draw.id, role="party", n=n, person=party, key=key, signature=signature, at=at)
    session.add(row)
    act = CommitmentSigned(draw.number, party, entry["purpose"], key, entry["commitment"])
    put_on_record(session, act, by=party, at=at, before=before, after=draw.plan_hash)


def hand_in_all(
    session: Session,
    draw: Draw | str,
    *,
    secrets: Mapping[str, str],
    settings: Settings,
    by: str,
    at: datetime,
) -> Draw:
    """
    Take all secrets of a party at once, or none; see `hand_in`.

    Args:
        session: A command of its own.
        draw: The draw or its number.
        secrets: By purpose, 64 hex digits each.
        settings: For the vault.
        by: The party.
        at: When.

    Raises:
        WrongDrawStateError, PartyMissingError, SecretRefusedError.
    """
    number = queries.number_of(draw)
    with transaction(session):
        for purpose, secret in sorted(secrets.items()):
            hand_in(
                session, number, party=by, purpose=purpose, secret=secret, settings=settings, by=by, at=at
            )
    return queries.draw(session, number)
