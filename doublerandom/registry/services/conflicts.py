"""Commands on conflicts of interest: declared, and decided by another person."""

from datetime import date, datetime

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import ConflictDecided, ConflictDeclared
from doublerandom.registry.errors import (
    ConflictDecidedError,
    InvalidRecordError,
    OwnDecisionError,
)
from doublerandom.registry.models import Conflict, ConflictStatus
from doublerandom.registry.texts import check_text

SOURCES = ("declared", "hr", "subject", "rule")


def declare_conflict(
    session: Session,
    *,
    inspector: str,
    subject: str,
    ground: str,
    valid_from: date,
    by: str,
    at: datetime,
    valid_to: date | None = None,
    hard: bool = True,
    source: str = "declared",
    statement: str = "",
) -> Conflict:
    """
    Declare a conflict of interest: it keeps the pair apart in every draw from now on, until it is refused.

    Args:
        session: The session of the command.
        inspector: Certificate number.
        subject: Code.
        ground: Token, e.g. relative, former-employee, financial-interest.
        valid_from: First day.
        by: Person token.
        at: Now.
        valid_to: Last day; None: without end.
        hard: Whether it stands however few inspectors are left.
        source: declared, hr, subject or rule.
        statement: Particulars; they never leave the registry.
    """
    if not is_token(ground):
        raise InvalidRecordError(field="ground", value=ground, reason="expected a token")
    if source not in SOURCES:
        raise InvalidRecordError(field="source", value=source, reason=f"expected one of {', '.join(SOURCES)}")
    if valid_to is not None and valid_to < valid_from:
        raise InvalidRecordError(field="valid_to", value=valid_to.isoformat(), reason="before the first day")
    check_text("statement", statement, longest=4000)
    with transaction(session):
        who, whom = queries.inspector(session, inspector), queries.subject(session, subject)
        assert who.id is not None
        assert whom.id is not None
        conflict = Conflict(
            inspector_id=who.id,
            subject_id=whom.id,
            ground=ground,
            hard=hard,
            source=source,
            statement=statement,
            valid_from=valid_from,
            valid_to=valid_to,
            by=by,
            at=at,
        )
        session.add(conflict)
        session.flush()
        act = ConflictDeclared(
            on_id=str(conflict.id), inspector=who.certificate, subject=whom.code, ground=ground, source=source
        )
        put_on_record(session, act, by=by, at=at, after=conflict)
    return conflict


def decide_conflict(session: Session, conflict_id: int, *, uphold: bool, by: str, at: datetime) -> Conflict:
    """
    Uphold or refuse a declared conflict of interest.

    Raises:
        ConflictDecidedError: It was decided before.
        OwnDecisionError: Who declared it would decide it.
    """
    with transaction(session):
        conflict = queries.conflict(session, conflict_id)
        if conflict.status is not ConflictStatus.DECLARED:
            raise ConflictDecidedError(status=conflict.status.value)
        if conflict.by == by:
            raise OwnDecisionError(what="conflict")
        before = fingerprint(conflict)
        status = ConflictStatus.UPHELD if uphold else ConflictStatus.REFUSED
        conflict.sqlmodel_update({"status": status, "decided_by": by, "decided_at": at})
        act = ConflictDecided(on_id=str(conflict.id), upheld=uphold)
        put_on_record(session, act, by=by, at=at, before=before, after=conflict)
    return conflict
