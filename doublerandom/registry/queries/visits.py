"""Visits: of a subject, by source, and the last one of each."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import and_, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.registry.models import Visit
from doublerandom.registry.queries.subjects import chunks


def visits_of(session: Session, subject_id: int) -> list[Visit]:
    """The visits to a subject, newest first."""
    statement = select(Visit).where(Visit.subject_id == subject_id)
    return list(session.exec(statement.order_by(col(Visit.visited_on).desc(), col(Visit.id).desc())))


def visit_by_source(session: Session, source: str) -> Visit | None:
    """The visit learnt from this source, if it was."""
    return session.exec(select(Visit).where(Visit.source == source)).first()


def last_inspections(
    session: Session, *, on: date, subject_ids: Collection[int] | None = None
) -> Iterator[Visit]:
    """The newest visit to each subject up to that day, by subject: who inspected last time."""
    newest = sa_select(
        col(Visit.id).label("id"),
        func.row_number()
        .over(
            partition_by=col(Visit.subject_id), order_by=(col(Visit.visited_on).desc(), col(Visit.id).desc())
        )
        .label("place"),
    ).where(col(Visit.visited_on) <= on)
    some = [None] if subject_ids is None else list(chunks(sorted(set(subject_ids))))
    for numbers in some:
        ranked = (newest if numbers is None else newest.where(col(Visit.subject_id).in_(numbers))).subquery()
        statement = select(Visit).join(ranked, and_(col(Visit.id) == ranked.c.id, ranked.c.place == 1))
        yield from session.exec(statement.order_by(col(Visit.subject_id)))
