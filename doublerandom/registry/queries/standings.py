"""What bodies say of subjects, and dated credit measures."""

from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from doublerandom.registry.models import Measure, SubjectStanding


def standings_of(session: Session, subject_id: int, *, on: date) -> list[SubjectStanding]:
    """What bodies say of a subject on that day, by body, kind and number."""
    statement = select(SubjectStanding).where(
        SubjectStanding.subject_id == subject_id,
        col(SubjectStanding.valid_from) <= on,
        or_(col(SubjectStanding.valid_to).is_(None), col(SubjectStanding.valid_to) >= on),
    )
    order = (col(SubjectStanding.body_id), col(SubjectStanding.kind), col(SubjectStanding.id))
    return list(session.exec(statement.order_by(*order)))


def measures_in_force(session: Session, subject_id: int, *, on: date) -> list[Measure]:
    """Dated credit measures of a subject valid on that day, oldest first."""
    statement = select(Measure).where(
        Measure.subject_id == subject_id, col(Measure.valid_from) <= on, col(Measure.valid_to) >= on
    )
    return list(session.exec(statement.order_by(col(Measure.valid_from), col(Measure.id))))


def measure_by_source(session: Session, source: str) -> Measure | None:
    """The measure that came from this credit record, if it came."""
    return session.exec(select(Measure).where(Measure.source == source)).first()
