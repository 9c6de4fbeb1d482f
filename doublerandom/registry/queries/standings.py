"""What bodies say of subjects, and dated credit measures."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from doublerandom.registry.errors import RecordNotFoundError
from doublerandom.registry.models import Licence, Measure, Subject, SubjectListing, SubjectStanding


def standings_of(session: Session, subject_id: int, *, on: date) -> list[SubjectStanding]:
    """What bodies say of a subject on that day, by body, kind and number."""
    statement = select(SubjectStanding).where(
        SubjectStanding.subject_id == subject_id,
        col(SubjectStanding.valid_from) <= on,
        or_(col(SubjectStanding.valid_to).is_(None), col(SubjectStanding.valid_to) >= on),
    )
    order = (col(SubjectStanding.body_id), col(SubjectStanding.kind), col(SubjectStanding.id))
    return list(session.exec(statement.order_by(*order)))


def all_standings_of(session: Session, subject_id: int, *, bodies: Collection[int]) -> list[SubjectStanding]:
    """All that these bodies ever said of a subject, newest first."""
    statement = select(SubjectStanding).where(
        SubjectStanding.subject_id == subject_id, col(SubjectStanding.body_id).in_(bodies)
    )
    return list(session.exec(statement.order_by(col(SubjectStanding.id).desc())))


def standing_by_id(session: Session, standing_id: int) -> SubjectStanding:
    """One word of a body on a subject, or RecordNotFoundError."""
    found = session.get(SubjectStanding, standing_id)
    if found is None:
        raise RecordNotFoundError(value=standing_id)
    return found


def licences_of(session: Session, subject_id: int) -> list[Licence]:
    """The newest version of each licence of a subject, by number."""
    statement = select(Licence).where(Licence.subject_id == subject_id)
    rows = session.exec(statement.order_by(col(Licence.number), col(Licence.version)))
    return list({row.number: row for row in rows}.values())


def licence_of(session: Session, subject_id: int, number: str) -> Licence | None:
    """The newest version of one licence, if there is one."""
    statement = select(Licence).where(Licence.subject_id == subject_id, Licence.number == number)
    return session.exec(statement.order_by(col(Licence.version).desc())).first()


def listings_of(session: Session, subject_id: int) -> list[SubjectListing]:
    """The lists that a subject stands or stood on, newest first."""
    statement = select(SubjectListing).where(SubjectListing.subject_id == subject_id)
    order = (col(SubjectListing.valid_from).desc(), col(SubjectListing.id).desc())
    return list(session.exec(statement.order_by(*order)))


def operated_by(session: Session, subject_id: int) -> list[Subject]:
    """The products, projects, sites and activities that an enterprise answers for, by code."""
    statement = select(Subject).where(Subject.operator_id == subject_id)
    return list(session.exec(statement.order_by(col(Subject.code))))


def measures_in_force(session: Session, subject_id: int, *, on: date) -> list[Measure]:
    """Dated credit measures of a subject valid on that day, oldest first."""
    statement = select(Measure).where(
        Measure.subject_id == subject_id, col(Measure.valid_from) <= on, col(Measure.valid_to) >= on
    )
    return list(session.exec(statement.order_by(col(Measure.valid_from), col(Measure.id))))


def measure_by_source(session: Session, source: str) -> Measure | None:
    """The measure that came from this credit record, if it came."""
    return session.exec(select(Measure).where(Measure.source == source)).first()
