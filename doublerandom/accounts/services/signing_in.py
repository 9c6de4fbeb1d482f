"""Commands of signing in: who it is, and failures that lock."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from doublerandom.accounts import acts, queries
from doublerandom.accounts.errors import SignInLockedError, SignInRefusedError
from doublerandom.accounts.models import SignInFailure, User
from doublerandom.accounts.passwords import LONGEST, password_fits
from doublerandom.accounts.services.people import USERNAME
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record


def sign_in(session: Session, username: str, password: str, *, settings: Settings, at: datetime) -> User:
    """
    Check who it is and put the sign-in on record.

    A failure is counted under the user name, whether or not there is such an account; after
    `settings.sign_in_attempts` failures within the window no password is looked at until it has passed.

    Raises:
        SignInRefusedError: User name or password is wrong, or the account is closed.
        SignInLockedError: Too many failures.
    """
    username = username.strip().lower()
    if not USERNAME.fullmatch(username) or len(password) > LONGEST:
        raise SignInRefusedError
    since = at - timedelta(minutes=settings.sign_in_window_minutes)
    if queries.failures_since(session, username, since) >= settings.sign_in_attempts:
        raise SignInLockedError(minutes=settings.sign_in_window_minutes)
    user = queries.user_by_username(session, username)
    if not password_fits(password, user.password if user else None) or user is None or not user.active:
        count_failure(session, username, user, settings=settings, at=at)
        raise SignInRefusedError
    with transaction(session):
        session.execute(delete(SignInFailure).where(col(SignInFailure.username) == username))
        put_on_record(session, acts.SignedIn(person=user.person), by=user.person, at=at)
    return user


def count_failure(
    session: Session, username: str, user: User | None, *, settings: Settings, at: datetime
) -> None:
    """Count a failed sign-in; the one that locks an account is put on record. Old counts go."""
    since = at - timedelta(minutes=settings.sign_in_window_minutes)
    with transaction(session):
        session.execute(delete(SignInFailure).where(col(SignInFailure.at) <= since))
        session.add(SignInFailure(username=username, at=at))
        session.flush()
        failures = queries.failures_since(session, username, since)
        if user is not None and failures == settings.sign_in_attempts:
            put_on_record(
                session, acts.SignInLocked(person=user.person, failures=failures), by="system", at=at
            )
