"""Commands on certificates and qualifications: further ones, renewals, suspensions."""

from datetime import date, datetime

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import is_id, is_token
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries, readiness
from doublerandom.registry.acts import CertificateAdded, CertificateStatusSet, QualificationAdded
from doublerandom.registry.errors import (
    CertificateNotFoundError,
    CertificateOverlapsError,
    DaysOutOfOrderError,
    InvalidRecordError,
    QualificationNotFoundError,
)
from doublerandom.registry.models import Certificate, CertificateStatus, Inspector, Qualification
from doublerandom.registry.readiness import STATUSES
from doublerandom.registry.texts import check_text


def add_certificate(
    session: Session,
    certificate: str,
    *,
    number: str = "",
    kind: str = "enforcement",
    authority: str = "",
    valid_from: date,
    valid_to: date | None = None,
    by: str,
    at: datetime,
) -> Certificate:
    """
    Note a further certificate of an inspector, or the renewal of one (same number, later days).

    Args:
        session: The session of the command.
        certificate: The pool id of the inspector; it stays, whatever the number of the new one.
        number: Of the certificate; empty: the pool id.
        kind: Token, see `names.CERTIFICATE_NAMES`.
        authority: Who issued it.
        valid_from: First day.
        valid_to: Last day; None: without end.
        by: Person token.
        at: Now.

    Raises:
        DaysOutOfOrderError, CertificateOverlapsError, InvalidRecordError.
    """
    number = (number or certificate).strip().upper()
    if not is_id(number):
        raise InvalidRecordError(
            field="number", value=number, reason="expected an id of at most 31 characters"
        )
    if not is_token(kind):
        raise InvalidRecordError(field="kind", value=kind, reason="expected a token")
    check_text("authority", authority, longest=128)
    _in_order(valid_from, valid_to)
    with transaction(session):
        inspector = queries.inspector(session, certificate)
        _keep_own(session, inspector)
        for view in queries.certificates_of(session, inspector):
            _refuse_overlap(view.paper, number, valid_from, valid_to)
        row = Certificate(
            inspector_id=inspector.id,
            number=number,
            kind=kind,
            authority=authority.strip(),
            valid_from=valid_from,
            valid_to=valid_to,
            by=by,
            at=at,
        )
        session.add(row)
        if number == inspector.certificate:
            inspector.certificate_until = valid_to
        act = CertificateAdded(
            on_id=inspector.certificate, number=number, kind=kind, valid_from=valid_from, valid_to=valid_to
        )
        put_on_record(session, act, by=by, at=at, after=row)
    return row


def _keep_own(session: Session, inspector: Inspector) -> Certificate | None:
    """Give the certificate that only the inspector's row tells a row of its own; None where it has one."""
    if any(view.row is None for view in queries.certificates_of(session, inspector)):
        row = Certificate(
            inspector_id=inspector.id, number=inspector.certificate, valid_to=inspector.certificate_until
        )
        session.add(row)
        session.flush()
        return row
    return None


def _refuse_overlap(paper: readiness.Paper, number: str, first: date, last: date | None) -> None:
    """Days of one number stand once; a certificate without any days yields to one with."""
    undated = paper.first is None and paper.last is None
    if paper.number != number or undated:
        return
    if first <= (paper.last or date.max) and (paper.first or date.min) <= (last or date.max):
        raise CertificateOverlapsError(number=number, first=paper.first or "…", last=paper.last or "…")


def set_certificate_status(
    session: Session,
    certificate: str,
    certificate_id: int,
    *,
    status: str,
    valid_from: date,
    reason: str,
    by: str,
    at: datetime,
) -> CertificateStatus:
    """
    Suspend or revoke a certificate from a day on, or let it be valid again.

    Args:
        session: The session of the command.
        certificate: The pool id of the inspector.
        certificate_id: The certificate; 0: the one that only the inspector's row tells.
        status: suspended, revoked or restored.
        valid_from: The first day on which it holds.
        reason: Why; it goes on record.
        by: Person token.
        at: Now.

    Raises:
        CertificateNotFoundError: It is not this inspector's.
        InvalidRecordError: There is no such status, or no reason.
    """
    if status not in STATUSES:
        raise InvalidRecordError(
            field="status", value=status, reason=f"expected one of {', '.join(STATUSES)}"
        )
    check_text("reason", reason, longest=1000, needed=True)
    with transaction(session):
        inspector = queries.inspector(session, certificate)
        own = _keep_own(session, inspector)
        row = queries.certificate_row(session, certificate_id) if certificate_id else own
        if row is None or row.id is None or row.inspector_id != inspector.id:
            raise CertificateNotFoundError
        step = CertificateStatus(
            certificate_id=row.id, status=status, valid_from=valid_from, reason=reason.strip(), by=by, at=at
        )
        session.add(step)
        act = CertificateStatusSet(
            on_id=inspector.certificate,
            number=row.number,
            status=status,
            valid_from=valid_from,
            reason=step.reason,
        )
        put_on_record(session, act, by=by, at=at, after=step)
    return step


def add_qualification(
    session: Session,
    certificate: str,
    *,
    skill: str,
    valid_from: date,
    valid_to: date | None = None,
    evidence: str = "",
    replaces: int = 0,
    by: str,
    at: datetime,
) -> Qualification:
    """
    Note from when to when an inspector holds a skill, and what shows it; from then on the days decide.

    Args:
        session: The session of the command.
        certificate: The pool id of the inspector.
        skill: Token, see `names.SKILL_NAMES`.
        valid_from: First day.
        valid_to: Last day; None: without end.
        evidence: Certificate, course or document.
        replaces: An earlier entry that this one corrects or ends; 0: none.
        by: Person token.
        at: Now.

    Raises:
        QualificationNotFoundError: `replaces` is not this inspector's, or was replaced before.
    """
    if not is_token(skill):
        raise InvalidRecordError(field="skill", value=skill, reason="expected a token")
    check_text("evidence", evidence, longest=255)
    _in_order(valid_from, valid_to)
    with transaction(session):
        inspector = queries.inspector(session, certificate)
        assert inspector.id is not None
        if replaces:
            earlier = queries.qualification(session, replaces)
            replaced = queries.qualification_superseded(session, replaces)
            if earlier.inspector_id != inspector.id or earlier.skill != skill or replaced:
                raise QualificationNotFoundError
        row = Qualification(
            inspector_id=inspector.id,
            skill=skill,
            valid_from=valid_from,
            valid_to=valid_to,
            evidence=evidence.strip(),
            supersedes_id=replaces or None,
            by=by,
            at=at,
        )
        session.add(row)
        act = QualificationAdded(
            on_id=inspector.certificate,
            skill=skill,
            valid_from=valid_from,
            valid_to=valid_to,
            replaces=replaces,
        )
        put_on_record(session, act, by=by, at=at, after=row)
    return row


def _in_order(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise DaysOutOfOrderError(first=first, last=last)
