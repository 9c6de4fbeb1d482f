"""Commands on the own signing key: made, its PIN changed, ended."""

from datetime import datetime

from sqlmodel import Session

from doublerandom.accounts import queries
from doublerandom.accounts.core import SIGNING
from doublerandom.accounts.errors import NoKeyForRoleError
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger import keys
from doublerandom.ledger import queries as ledger


def make_signing_key(
    session: Session, person: str, *, role: str, pin: str, settings: Settings, at: datetime
) -> str:
    """
    Make the person's signing key for a role that signs; the one before it ends. Gives the public key.

    Args:
        session: The session of the command.
        person: Who will sign.
        role: `planner` (signs as operator) or `supervisor`.
        pin: The person's own; nothing keeps it.
        settings: Log origin and key folder.
        at: Now.

    Raises:
        NoKeyForRoleError: The person does not hold that role, or it signs nothing.
        WeakPinError.
    """
    with transaction(session):
        user = queries.user_by_person(session, person)
        if role not in SIGNING or role not in user.acting_roles:
            raise NoKeyForRoleError(role=role)
        return _make(session, user, role=SIGNING[role], pin=pin, settings=settings, at=at)


def make_party_key(session: Session, person: str, *, pin: str, settings: Settings, at: datetime) -> str:
    """
    Make the key by which a person signs commitments as a party (level C); the one before it ends.

    Who is a party of which draw is known above; any account may be one.

    Raises:
        WeakPinError.
    """
    with transaction(session):
        user = queries.user_by_person(session, person)
        return _make(session, user, role="party", pin=pin, settings=settings, at=at)


def _make(
    session: Session, user: queries.User, *, role: str, pin: str, settings: Settings, at: datetime
) -> str:
    """A key of that role in the log in place of the one before, inside a command."""
    assert user.body is not None
    for key in ledger.signing_keys(session, user.person):
        if key.role == role and (key.until is None or key.until > at):
            keys.end_signing_key(session, key, name=user.name, settings=settings, by=user.person, at=at)
    made = keys.create_signing_key(
        session,
        user.person,
        name=user.name,
        role=role,
        body=user.body.token,
        pin=pin,
        settings=settings,
        by=user.person,
        at=at,
    )
    return made.public_key


def end_all_keys(session: Session, user: queries.User, *, settings: Settings, by: str, at: datetime) -> None:
    """A person's keys sign no more from now on, inside a command."""
    for key in ledger.signing_keys(session, user.person):
        if key.until is None or key.until > at:
            keys.end_signing_key(session, key, name=user.name, settings=settings, by=by, at=at)


def end_own_key(session: Session, person: str, public_key: str, *, settings: Settings, at: datetime) -> None:
    """
    End the own key: it signs no more; what it signed stays valid. The public log says so.

    Raises:
        NoSigningKeyError: The person has no such key that still signs.
    """
    with transaction(session):
        user = queries.user_by_person(session, person)
        key = keys.live_key(session, person, public_key, at=at)
        keys.end_signing_key(session, key, name=user.name, settings=settings, by=person, at=at)
