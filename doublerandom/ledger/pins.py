"""Wrong signing PINs: each is counted and on record; too many within the window close the key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlmodel import Session, col, delete

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger import queries
from doublerandom.ledger.errors import WrongPinError, WrongPinLockedError
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.models import PinAttempt
from doublerandom.ledger.trail import Fact, put_on_record


@dataclass(frozen=True)
class WrongPinEntered(Fact):
    """A PIN did not open a person's signing key: the `count`-th within the window, perhaps the last."""

    on_kind: ClassVar[str] = "person"
    on_id: str
    count: int
    locked: bool


@contextmanager
def pin_attempt(session: Session, person: str, *, settings: Settings, at: datetime) -> Iterator[None]:
    """
    Let a command try a person's PIN: around its transaction, whose rollback would take the count with it.

    The attempt is counted before the PIN is looked at, so that many at once gain nothing, and is forgotten
    when the PIN was right or was never reached.

    Raises:
        WrongPinLockedError: `settings.sign_in_attempts` attempts within `settings.sign_in_window_minutes`.
    """
    attempt = _begin(session, person, settings=settings, at=at)
    try:
        yield
    except WrongPinError:
        count_wrong_pin(session, person, settings=settings, at=at)
        raise
    except Exception:
        with transaction(session):
            session.exec(delete(PinAttempt).where(col(PinAttempt.id) == attempt))
        raise
    with transaction(session):
        session.exec(delete(PinAttempt).where(col(PinAttempt.person) == person))


def count_wrong_pin(session: Session, person: str, *, settings: Settings, at: datetime) -> None:
    """Put the wrong PIN of a counted attempt on record, in a transaction of its own."""
    with transaction(session):
        count = queries.pin_attempts_since(session, person, _window(settings, at))
        act = WrongPinEntered(on_id=person, count=count, locked=count >= settings.sign_in_attempts)
        put_on_record(session, act, by=person, at=at)


def _begin(session: Session, person: str, *, settings: Settings, at: datetime) -> int:
    """Count an attempt, one after the other; old counts go."""
    since = _window(settings, at)
    with transaction(session):
        lock_evidence(session)
        if queries.pin_attempts_since(session, person, since) >= settings.sign_in_attempts:
            raise WrongPinLockedError(minutes=settings.sign_in_window_minutes)
        session.exec(delete(PinAttempt).where(col(PinAttempt.at) <= since))
        attempt = PinAttempt(person=person, at=at)
        session.add(attempt)
        session.flush()
        assert attempt.id is not None
        return attempt.id


def _window(settings: Settings, at: datetime) -> datetime:
    return at - timedelta(minutes=settings.sign_in_window_minutes)
