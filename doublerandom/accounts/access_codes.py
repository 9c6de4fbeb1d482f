"""Access codes by which an enterprise sees its own record: from the counter or with a notice, never kept."""

import base64
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlmodel import Session, col, select

from doublerandom.accounts import queries
from doublerandom.accounts.errors import NoticeNumberMissingError, SignInLockedError, WrongAccessCodeError
from doublerandom.accounts.models import AccessCode
from doublerandom.accounts.services import count_failure
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H
from doublerandom.ledger.trail import Fact, put_on_record

WAYS = ("counter", "notice")
USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
BYTES = 10  # 80 bits: far beyond guessing, so a plain digest keeps it


@dataclass(frozen=True)
class AccessCodeIssued(Fact):
    """An access code was issued to an enterprise; the code itself is nowhere."""

    on_kind: ClassVar[str] = "subject"
    on_id: str
    until: str
    way: str
    notice: str


@dataclass(frozen=True)
class OwnRecordOpened(Fact):
    """An enterprise opened its own record of a draw with its access code."""

    on_kind: ClassVar[str] = "subject"
    on_id: str


def issue_access_code(
    session: Session,
    subject: str,
    *,
    days: int,
    by: str,
    at: datetime,
    way: str = "counter",
    notice: str = "",
) -> str:
    """
    Issue an access code for a subject; earlier ones stay valid until they end.

    Args:
        session: The session of the command.
        subject: The subject's code.
        days: How long it is valid.
        by: Who issues it: at the counter having seen the enterprise's papers, or with a notice.
        at: Now.
        way: `counter` or `notice`.
        notice: Number of the notice that carries it.

    Returns:
        The code in groups of four; it is shown once and kept nowhere.

    Raises:
        NoticeNumberMissingError: It goes with a notice that is not named.
    """
    if way not in WAYS or (way == "notice") != bool(notice):
        raise NoticeNumberMissingError
    text = base64.b32encode(secrets.token_bytes(BYTES)).decode()
    until = at + timedelta(days=days)
    with transaction(session):
        session.add(
            AccessCode(
                subject=subject,
                digest=_digest(subject, text),
                way=way,
                notice=notice,
                issued_by=by,
                at=at,
                until=until,
            )
        )
        act = AccessCodeIssued(on_id=subject, until=until.isoformat(), way=way, notice=notice)
        put_on_record(session, act, by=by, at=at)
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
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    query = select(AccessCode).where(AccessCode.digest == _digest(subject, plain), col(AccessCode.until) > at)
    if session.exec(query).first() is None:  # a right one opens whatever others typed: nobody guesses 80 bits
        if queries.failures_since(session, name, since) >= settings.sign_in_attempts:
            raise SignInLockedError(minutes=settings.sign_in_window_minutes)
        count_failure(session, name, None, settings=settings, at=at)
        raise WrongAccessCodeError
    with transaction(session):
        put_on_record(session, OwnRecordOpened(on_id=subject), by="enterprise", at=at)


def record_opened_by_provider(session: Session, subject: str, *, at: datetime) -> None:
    """Put on record that an enterprise, which an identity provider vouches for, opened its own record."""
    with transaction(session):
        put_on_record(session, OwnRecordOpened(on_id=subject), by="enterprise", at=at)


def plain_uscc(text: str) -> str:
    """A unified code as it is kept, in capitals; empty where the text is none."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    return plain if USCC.fullmatch(plain) else ""


def _digest(subject: str, code: str) -> str:
    """What is kept of a code."""
    return H(f"{subject}|{code}")
