"""Commands on inspectors: who is in the pool, and when they are away."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import is_id, is_token
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import AbsenceAdded, InspectorAdded
from doublerandom.registry.errors import (
    AlreadyThereError,
    InvalidRecordError,
)
from doublerandom.registry.models import Absence, Inspector
from doublerandom.registry.texts import check_text

ABSENCES = ("leave", "training")


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
