"""Inspectors, their absences, and conflicts of interest."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import is_id, is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import AbsenceAdded, ConflictDecided, ConflictDeclared, InspectorAdded
from doublerandom.registry.errors import (
    AlreadyThereError,
    ConflictDecidedError,
    InvalidRecordError,
    OwnDecisionError,
)
from doublerandom.registry.models import Absence, Conflict, ConflictStatus, Inspector
from doublerandom.registry.texts import check_text

ABSENCES = ("leave", "training")
SOURCES = ("declared", "hr", "subject", "rule")


def add_inspector(
    session: Session,
    certificate: str,
    *,
    name: str,
    body_id: int,
    department: str,
    by: str,
    at: datetime,
    regions: Sequence[str] = (),
    skills: Sequence[str] = (),
    position: str = "",
    certificate_until: date | None = None,
    expert: bool = False,
) -> Inspector:
    """
    Add an inspector to the pool of a body.

    Raises:
        InvalidRecordError: The certificate number is no id, or a region, skill or department is no token.
        AlreadyThereError: The certificate number is in a pool already.
    """
    certificate = certificate.strip().upper()
    if not is_id(certificate):
        raise InvalidRecordError(
            field="certificate", value=certificate, reason="expected an id of at most 31 characters"
        )
    check_text("name", name, longest=64, needed=True)
    check_text("position", position, longest=64)
    for field, values in (("department", [department]), ("regions", regions), ("skills", skills)):
        for value in values:
            if not is_token(value):
                raise InvalidRecordError(field=field, value=value, reason="expected a token")
    with transaction(session):
        if queries.inspector_or_none(session, certificate):
            raise AlreadyThereError(value=certificate)
        inspector = Inspector(
            certificate=certificate,
            name=name.strip(),
            body_id=body_id,
            department=department,
            regions=sorted(set(regions)),
            skills=sorted(set(skills)),
            position=position,
            certificate_until=certificate_until,
            expert=expert,
        )
        session.add(inspector)
        act = InspectorAdded(on_id=certificate, body_id=body_id, department=department)
        put_on_record(session, act, by=by, at=at, after=inspector)
    return inspector


def add_absence(
    session: Session, certificate: str, *, kind: str, first_day: date, last_day: date, by: str, at: datetime
) -> Absence:
    """Note leave or training of an inspector; both days count; draws on these days exclude them so."""
    if kind not in ABSENCES:
        raise InvalidRecordError(field="kind", value=kind, reason=f"expected one of {', '.join(ABSENCES)}")
    if last_day < first_day:
        raise InvalidRecordError(field="last_day", value=last_day.isoformat(), reason="before the first day")
    with transaction(session):
        inspector = queries.inspector(session, certificate)
        assert inspector.id is not None
        absence = Absence(inspector_id=inspector.id, kind=kind, first_day=first_day, last_day=last_day)
        session.add(absence)
        act = AbsenceAdded(on_id=inspector.certificate, kind=kind, first_day=first_day, last_day=last_day)
        put_on_record(session, act, by=by, at=at, after=absence)
    return absence


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
