"""Access codes by which an enterprise sees its own record: issued at the counter, shown once, never kept."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlmodel import Session, col, select

from doublerandom.accounts import queries
from doublerandom.accounts.errors import SignInLockedError, WrongAccessCodeError
from doublerandom.accounts.models import AccessCode
from doublerandom.accounts.services import count_failure
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H
from doublerandom.ledger.trail import Fact, put_on_record

BYTES = 10  # 80 bits: far beyond guessing, so a plain digest keeps it


@dataclass(frozen=True)
class AccessCodeIssued(Fact):
    """An access code was issued to an enterprise; the code itself is nowhere."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    until: str


@dataclass(frozen=True)
class OwnRecordOpened(Fact):
    """An enterprise opened its own record of a draw with its access code."""

    on_kind: ClassVar[str] = "subject"
    on_id: str


def issue_access_code(session: Session, subject: str, *, days: int, by: str, at: datetime) -> str:
    """
    Issue an access code for a subject; earlier ones stay valid until they end.

    Args:
        session: The session of the command.
        subject: The subject's code.
        days: How long it is valid.
        by: Who issues it, having seen the enterprise's papers.
        at: Now.

    Returns:
        The code in groups of four; it is shown once and kept nowhere.
    """
    text = base64.b32encode(secrets.token_bytes(BYTES)).decode()
    until = at + timedelta(days=days)
    with transaction(session):
        session.add(
            AccessCode(subject=subject, digest=_digest(subject, text), issued_by=by, at=at, until=until)
        )
        put_on_record(session, AccessCodeIssued(on_id=subject, until=until.isoformat()), by=by, at=at)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def check_access_code(session: Session, subject: str, code: str, *, settings: Settings, at: datetime) -> None:
    """
    Let an enterprise in by its code, on record; failures are counted like those of sign-ins.

    Raises:
        WrongAccessCodeError: The code is not this subject's, or has ended.
        SignInLockedError: Too many failures for this subject.
    """
    since = at - timedelta(minutes=settings.sign_in_window_minutes)
    name = f"enterprise:{subject}"[:64]
    if queries.failures_since(session, name, since) >= settings.sign_in_attempts:
        raise SignInLockedError(minutes=settings.sign_in_window_minutes)
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    query = select(AccessCode).where(AccessCode.digest == _digest(subject, plain), col(AccessCode.until) > at)
    if session.exec(query).first() is None:
        count_failure(session, name, None, settings=settings, at=at)
        raise WrongAccessCodeError
    with transaction(session):
        put_on_record(session, OwnRecordOpened(on_id=subject), by="enterprise", at=at)


def _digest(subject: str, code: str) -> str:
    """What is kept of a code."""
    return H(f"{subject}|{code}")
