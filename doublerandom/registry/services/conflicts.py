"""Commands on conflicts of interest: declared, entered, applied for; decided by another person; ended."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts.conflicts import (
    ConflictDecided,
    ConflictDeclared,
    ConflictEnded,
    RecusalAppliedFor,
)
from doublerandom.registry.errors import ConflictDecidedError, InvalidRecordError
from doublerandom.registry.errors.conflicts import ConflictNotInForceError, OwnConflictError
from doublerandom.registry.evidence import keep_evidence
from doublerandom.registry.grounds import APPLIED
from doublerandom.registry.models import Conflict, ConflictStatus
from doublerandom.registry.services.second_person import check_second_person
from doublerandom.registry.texts import check_text

SOURCES = ("declared", "hr", "subject", "rule")
Document = tuple[str, bytes]  # its name and content


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
    document: Document | None = None,
    settings: Settings | None = None,
    withheld_until: datetime | None = None,
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
        source: declared, hr, subject or rule; one that a subject applied for holds once it is upheld.
        statement: Particulars; they never leave the registry.
        document: Evidence, if there is any; it needs `settings`, for the file store.
        settings: Where files are kept.
        withheld_until: Where the conflict would tell who was drawn: until then none but whoever declares it
            and heads see it, and the trail does not name the subject.
    """
    _check(ground, source, valid_from, valid_to)
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
            evidence_file=_kept(session, document, settings, at),
            by=by,
            at=at,
            withheld_until=withheld_until,
        )
        session.add(conflict)
        session.flush()
        act = ConflictDeclared(
            on_id=str(conflict.id),
            inspector=who.certificate,
            subject="" if withheld_until else whom.code,
            ground=ground,
            source=source,
            evidence_file=conflict.evidence_file,
        )
        put_on_record(session, act, by=by, at=at, after=_told(conflict))
    return conflict


def _told(conflict: Conflict) -> str | None:
    """The row's fingerprint; of a withheld one none, for it would let whoever reads it try subjects."""
    return None if conflict.withheld_until else fingerprint(conflict)


def apply_for_recusal(
    session: Session,
    *,
    inspector: str,
    subject: str,
    statement: str,
    applicant: str,
    document: Document | None = None,
    settings: Settings | None = None,
    by: str,
    at: datetime,
) -> Conflict:
    """
    Take a subject's application that an inspector stay away; work goes on until the head grants it.

    Args:
        session: The session of the command.
        inspector: Certificate number.
        subject: Code.
        statement: The reasons that the subject gives.
        applicant: Who applies for the subject, by name.
        document: The written application; it needs `settings`, for the file store.
        settings: Where files are kept.
        by: Person token of who entered it (the subject's own page enters `system`).
        at: Now.

    Raises:
        InvalidRecordError: No reason or no applicant is given.
        BadEvidenceError: The document is none by its content.
    """
    check_text("statement", statement, longest=4000, needed=True)
    check_text("applicant", applicant, longest=64, needed=True)
    with transaction(session):
        who, whom = queries.inspector(session, inspector), queries.subject(session, subject)
        assert who.id is not None
        assert whom.id is not None
        conflict = Conflict(
            inspector_id=who.id,
            subject_id=whom.id,
            ground=APPLIED,
            source="subject",
            statement=statement,
            applicant=applicant,
            evidence_file=_kept(session, document, settings, at),
            valid_from=clock.local(at).date(),
            by=by,
            at=at,
        )
        session.add(conflict)
        session.flush()
        act = RecusalAppliedFor(
            on_id=str(conflict.id),
            inspector=who.certificate,
            subject=whom.code,
            evidence_file=conflict.evidence_file,
        )
        put_on_record(session, act, by=by, at=at, after=conflict)
    return conflict


def decide_conflict(
    session: Session, conflict_id: int, *, uphold: bool, by: str, at: datetime, reason: str = ""
) -> Conflict:
    """
    Uphold or refuse a conflict of interest.

    Raises:
        ConflictDecidedError: It was decided before.
        OwnConflictError: Who declared or entered it, or is the inspector in it, would decide it.
        StandsInForOtherSideError: Who decides does so only in the place of one of these, or the reverse.
        InvalidRecordError: An application is refused without a reason.
    """
    check_text("reason", reason, longest=1000)
    with transaction(session):
        conflict = queries.conflict(session, conflict_id)
        _may_decide(session, conflict, by, at)
        if not uphold and conflict.source == "subject" and not reason.strip():
            raise InvalidRecordError(field="审查理由", value="", reason="驳回申请要写明理由")
        before = _told(conflict)
        status = ConflictStatus.UPHELD if uphold else ConflictStatus.REFUSED
        decision = {"status": status, "decision_reason": reason, "decided_by": by, "decided_at": at}
        conflict.sqlmodel_update(decision)
        act = ConflictDecided(on_id=str(conflict.id), upheld=uphold, reason=reason)
        put_on_record(session, act, by=by, at=at, before=before, after=_told(conflict))
    return conflict


def decide_conflicts(
    session: Session, conflict_ids: Sequence[int], *, uphold: bool, by: str, at: datetime, reason: str = ""
) -> int:
    """Decide many alike, an act for each, all or none; gives how many. Errors as of `decide_conflict`."""
    with transaction(session):
        for number in dict.fromkeys(conflict_ids):
            decide_conflict(session, number, uphold=uphold, by=by, at=at, reason=reason)
    return len(set(conflict_ids))


def end_conflict(
    session: Session, conflict_id: int, *, ended_on: date, reason: str, by: str, at: datetime
) -> Conflict:
    """
    End a conflict before its last day: from `ended_on` on it holds no more; what it was stays readable.

    Raises:
        ConflictNotInForceError: It does not hold on that day.
        OwnConflictError: Who declared it would end it.
        StandsInForOtherSideError: As of `decide_conflict`.
        InvalidRecordError: No reason is given.
    """
    check_text("reason", reason, longest=1000, needed=True)
    with transaction(session):
        conflict = queries.conflict(session, conflict_id)
        _check_another(session, conflict, by, at)
        if conflict.ended_on is not None or not queries.holds_on(conflict, ended_on):
            raise ConflictNotInForceError(on=ended_on.isoformat())
        before = _told(conflict)
        conflict.sqlmodel_update({"ended_on": ended_on, "ended_by": by, "end_reason": reason})
        act = ConflictEnded(on_id=str(conflict.id), ended_on=ended_on, reason=reason)
        put_on_record(session, act, by=by, at=at, before=before, after=_told(conflict))
    return conflict


def _may_decide(session: Session, conflict: Conflict, by: str, at: datetime) -> None:
    if conflict.status is not ConflictStatus.DECLARED:
        raise ConflictDecidedError(status=conflict.status.value)
    _check_another(session, conflict, by, at)


def _check_another(session: Session, conflict: Conflict, by: str, at: datetime) -> None:
    """Refuse who declared or entered the conflict, is the inspector in it, or stands in for one of them."""
    certificate = queries.inspector_by_id(session, conflict.inspector_id).certificate
    people = {conflict.by, *accounts.people_by_certificate(session, certificate)}
    if by in people:
        raise OwnConflictError(id=conflict.id)
    check_second_person(session, people, by, at=at)


def _check(ground: str, source: str, valid_from: date, valid_to: date | None) -> None:
    if not is_token(ground):
        raise InvalidRecordError(field="ground", value=ground, reason="expected a token")
    if source not in SOURCES:
        raise InvalidRecordError(field="source", value=source, reason=f"expected one of {', '.join(SOURCES)}")
    if valid_to is not None and valid_to < valid_from:
        raise InvalidRecordError(field="截止日期", value=valid_to.isoformat(), reason="早于起始日期")


def _kept(session: Session, document: Document | None, settings: Settings | None, at: datetime) -> str:
    if document is None:
        return ""
    assert settings is not None, "a document needs a file store"
    name, content = document
    return keep_evidence(session, content, name=name, settings=settings, at=at)
