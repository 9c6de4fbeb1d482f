"""Commands on sign-ins that last: begun, seen, proved again, ended."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from doublerandom.accounts import acts, queries
from doublerandom.accounts.errors import UnknownPersonError
from doublerandom.accounts.models import SignInSession, User
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H
from doublerandom.ledger.trail import put_on_record

AGENT_LONGEST = 128


def begin_session(session: Session, user: User, *, second_factor: bool, agent: str, at: datetime) -> str:
    """Begin a sign-in; gives its random name, which only the browser keeps."""
    name = secrets.token_urlsafe(32)
    assert user.id is not None
    with transaction(session):
        session.add(
            SignInSession(
                user_id=user.id,
                digest=session_digest(name),
                at=at,
                seen_at=at,
                fresh_at=at,
                second_factor=second_factor,
                agent=agent[:AGENT_LONGEST],
            )
        )
    return name


def session_digest(name: str) -> str:
    """What is kept of a sign-in's name."""
    return H(f"session|{name}")


def session_seen(session: Session, digest: str, *, at: datetime) -> None:
    """Note that a sign-in is in use, so that it does not end for idleness."""
    with transaction(session):
        if found := queries.session_by_digest(session, digest):
            found[0].seen_at = at
            session.add(found[0])


def session_proved(session: Session, digest: str, *, at: datetime, second_factor: bool | None = None) -> None:
    """Note that it was just proved who it is, perhaps with a second factor."""
    with transaction(session):
        if found := queries.session_by_digest(session, digest):
            found[0].fresh_at = at
            if second_factor is not None:
                found[0].second_factor = second_factor
            session.add(found[0])


def end_session(session: Session, digest: str, *, at: datetime) -> None:
    """End one sign-in, as its person asks."""
    with transaction(session):
        if found := queries.session_by_digest(session, digest):
            found[0].ended_at = at
            session.add(found[0])


def end_sessions(session: Session, user: User, *, reason: str, by: str, at: datetime, keep: str = "") -> int:
    """End every sign-in of a person but the one of the digest `keep`; on record where there was one."""
    with transaction(session):
        ever = datetime.min.replace(tzinfo=at.tzinfo)
        ended = [row for row in queries.sessions_of(session, user.id, seen_after=ever) if row.digest != keep]
        for row in ended:
            row.ended_at = at
            session.add(row)
        if ended:
            act = acts.SessionsEnded(user.person, count=len(ended), reason=reason)
            put_on_record(session, act, by=by, at=at)
    return len(ended)


def end_session_of(session: Session, user: User, session_id: int, *, by: str, at: datetime) -> None:
    """End one of the person's own sign-ins, by its row; raises UnknownPersonError where it is none."""
    with transaction(session):
        ever = datetime.min.replace(tzinfo=at.tzinfo)
        for row in queries.sessions_of(session, user.id, seen_after=ever):
            if row.id == session_id:
                row.ended_at = at
                session.add(row)
                put_on_record(session, acts.SessionsEnded(user.person, 1, "by its person"), by=by, at=at)
                return
        raise UnknownPersonError(person=user.person)


def limits(settings: Settings) -> tuple[timedelta, timedelta]:
    """How long a sign-in lasts unused, and at all."""
    return timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
