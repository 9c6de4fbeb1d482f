"""Commands on absences: leave, training, other duty; a later entry corrects an earlier one."""

from datetime import date, datetime

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import AbsenceAdded, AbsenceCorrected
from doublerandom.registry.errors import (
    AbsenceNotFoundError,
    AbsenceOverlapsError,
    AbsenceSupersededError,
    DaysOutOfOrderError,
    InvalidRecordError,
    PastAbsenceError,
)
from doublerandom.registry.models import Absence
from doublerandom.registry.readiness import KINDS_AWAY
from doublerandom.registry.texts import check_text


def add_absence(
    session: Session,
    certificate: str,
    *,
    kind: str,
    first_day: date,
    last_day: date,
    by: str,
    at: datetime,
    note: str = "",
    announced: bool = False,
) -> Absence:
    """
    Note leave, training or other duty of an inspector; both days count; draws on these days exclude them so.

    Different kinds may overlap: such a day counts once.

    Args:
        session: The session of the command.
        certificate: The pool id of the inspector.
        kind: leave, training or duty.
        first_day: The first day away.
        last_day: The last day away.
        by: Person token.
        at: Now.
        note: For people.
        announced: By the inspector, which holds at once: only days from today on.

    Raises:
        DaysOutOfOrderError, AbsenceOverlapsError, PastAbsenceError, InvalidRecordError.
    """
    _check(kind, first_day, last_day, note)
    if announced and first_day < local(at).date():
        raise PastAbsenceError(first=first_day)
    with transaction(session):
        inspector = queries.inspector(session, certificate)
        assert inspector.id is not None
        _refuse_overlap(session, inspector.id, kind, first_day, last_day)
        absence = Absence(
            inspector_id=inspector.id,
            kind=kind,
            first_day=first_day,
            last_day=last_day,
            note=note.strip(),
            announced=announced,
            by=by,
            at=at,
        )
        session.add(absence)
        act = AbsenceAdded(on_id=inspector.certificate, kind=kind, first_day=first_day, last_day=last_day)
        put_on_record(session, act, by=by, at=at, after=absence)
    return absence


def correct_absence(
    session: Session,
    certificate: str,
    absence_id: int,
    *,
    kind: str,
    first_day: date,
    last_day: date,
    by: str,
    at: datetime,
    note: str = "",
    withdrawn: bool = False,
    announced: bool = False,
) -> Absence:
    """
    Let a later entry take the place of an absence, or take it back (`withdrawn`); the earlier one stays.

    With `announced` the inspector corrects what they announced themselves: days that are past stay.

    Raises:
        AbsenceNotFoundError: It is not this inspector's, or not theirs to correct.
        AbsenceSupersededError: It was corrected before.
        DaysOutOfOrderError, AbsenceOverlapsError, PastAbsenceError, InvalidRecordError: As for a new one.
    """
    _check(kind, first_day, last_day, note)
    with transaction(session):
        inspector, row = queries.inspector(session, certificate), queries.absence(session, absence_id)
        if row.inspector_id != inspector.id or (announced and not row.announced):
            raise AbsenceNotFoundError
        if row.withdrawn or queries.superseded(session, absence_id):
            raise AbsenceSupersededError
        if announced:
            _refuse_past(row, first_day, last_day, local(at).date(), withdrawn=withdrawn)
        if not withdrawn:
            _refuse_overlap(session, row.inspector_id, kind, first_day, last_day, but=row.id)
        later = Absence(
            inspector_id=row.inspector_id,
            kind=kind,
            first_day=first_day,
            last_day=last_day,
            note=note.strip(),
            supersedes_id=row.id,
            withdrawn=withdrawn,
            announced=announced or row.announced,
            by=by,
            at=at,
        )
        session.add(later)
        act = AbsenceCorrected(
            on_id=inspector.certificate,
            corrects=absence_id,
            withdrawn=withdrawn,
            kind=kind,
            first_day=first_day,
            last_day=last_day,
        )
        put_on_record(session, act, by=by, at=at, before=row, after=later)
    return later


def _check(kind: str, first_day: date, last_day: date, note: str) -> None:
    if kind not in KINDS_AWAY:
        raise InvalidRecordError(field="kind", value=kind, reason=f"expected one of {', '.join(KINDS_AWAY)}")
    if last_day < first_day:
        raise DaysOutOfOrderError(first=first_day, last=last_day)
    check_text("note", note, longest=255)


def _refuse_overlap(
    session: Session, inspector_id: int, kind: str, first_day: date, last_day: date, *, but: int | None = None
) -> None:
    for row in queries.absences_of(session, inspector_id, since=first_day):
        if row.kind == kind and row.first_day <= last_day and row.id != but:
            raise AbsenceOverlapsError(first=row.first_day, last=row.last_day)


def _refuse_past(row: Absence, first_day: date, last_day: date, today: date, *, withdrawn: bool) -> None:
    """What has begun keeps its first day and is not taken back; what is over stays."""
    begun = row.first_day < today
    if begun and (withdrawn or first_day != row.first_day or last_day < today):
        raise PastAbsenceError(first=row.first_day)
    if not begun and first_day < today:
        raise PastAbsenceError(first=first_day)
