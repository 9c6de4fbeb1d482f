"""Visits: of a subject, by source, in a list, the last one of each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, cast, func, or_
from sqlalchemy import Text as SqlText
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Sight
from doublerandom.registry.errors.visits import VisitNotFoundError
from doublerandom.registry.filters import begins
from doublerandom.registry.models import Subject, Visit
from doublerandom.registry.queries.subjects import chunks


@dataclass(frozen=True)
class VisitFilter:
    """Which visits a list shows; what is empty asks for nothing. `inspector` is a certificate number."""

    body_id: int | None = None
    first: date | None = None
    last: date | None = None
    kind: str = ""
    subject: str = ""
    inspector: str = ""
    exempt: bool = False
    superseded: bool = False


def visits_of(session: Session, subject_id: int, *, superseded: bool = False) -> list[Visit]:
    """The visits to a subject and to what it is answerable for, newest first; corrected ones if asked for."""
    statement = select(Visit).where(
        or_(col(Visit.subject_id) == subject_id, col(Visit.answerable_id) == subject_id)
    )
    if not superseded:
        statement = statement.where(~col(Visit.superseded))
    return list(session.exec(statement.order_by(col(Visit.visited_on).desc(), col(Visit.id).desc())))


def visit_by_source(session: Session, source: str) -> Visit | None:
    """The visit learnt from this source as it stands now, corrections followed; None if there is none."""
    found = session.exec(select(Visit).where(Visit.source == source)).first()
    while found is not None and found.superseded:
        found = session.exec(select(Visit).where(Visit.supersedes_id == found.id)).first()
    return found


def visit(session: Session, visit_id: int, *, sight: Sight | None = None) -> Visit:
    """One visit, with `sight` one to a subject in it; or VisitNotFoundError."""
    found = session.get(Visit, visit_id)
    if found is None or (sight is not None and not _in_sight(session, found, sight)):
        raise VisitNotFoundError(value=visit_id)
    return found


def _in_sight(session: Session, found: Visit, sight: Sight) -> bool:
    subject = session.get(Subject, found.subject_id)
    return subject is not None and (sight.sees_region(subject.region) or found.body_id == sight.body_id)


def visit_history(session: Session, found: Visit) -> list[Visit]:
    """The visit as it was recorded and corrected, first to last, itself among them."""
    rows = [found]
    while rows[0].supersedes_id is not None:
        rows.insert(0, visit(session, rows[0].supersedes_id))
    while later := session.exec(select(Visit).where(Visit.supersedes_id == rows[-1].id)).first():
        rows.append(later)
    return rows


def visits_listed(
    session: Session, wanted: VisitFilter, *, sight: Sight, after: str = "", limit: int | None = 51
) -> list[tuple[Visit, Subject]]:
    """
    Visits of any body to subjects in sight (and those that the own body made), newest first.

    Args:
        session: Where to read.
        wanted: What the list is narrowed to.
        sight: Whose sight.
        after: `visit_key` of the last row of the page before.
        limit: At most so many; None: all.
    """
    statement: Select[Visit, Subject] = sa_select(Visit, Subject).join(
        Subject, col(Subject.id) == col(Visit.subject_id)
    )
    statement = statement.where(
        or_(begins(col(Subject.region), sight.region_prefix), col(Visit.body_id) == sight.body_id)
    )
    statement = _narrowed(statement, wanted)
    if after:
        day, _, number = after.partition(":")
        last, place = date.fromisoformat(day), int(number)
        earlier = and_(col(Visit.visited_on) == last, col(Visit.id) < place)
        statement = statement.where(or_(col(Visit.visited_on) < last, earlier))
    statement = statement.order_by(col(Visit.visited_on).desc(), col(Visit.id).desc())
    rows = session.execute(statement if limit is None else statement.limit(limit))
    return [(found, subject) for found, subject in rows]


def visit_key(row: tuple[Visit, Subject]) -> str:
    """What a page of the list continues after."""
    return f"{row[0].visited_on.isoformat()}:{row[0].id}"


def _narrowed(
    statement: Select[Visit, Subject], wanted: VisitFilter
) -> Select[Visit, Subject]:
    inspectors = cast(col(Visit.inspectors), SqlText)
    conditions = [
        (wanted.body_id is not None, col(Visit.body_id) == wanted.body_id),
        (wanted.first is not None, col(Visit.visited_on) >= (wanted.first or date.min)),
        (wanted.last is not None, col(Visit.visited_on) <= (wanted.last or date.max)),
        (wanted.kind, col(Visit.kind) == wanted.kind),
        (wanted.exempt, col(Visit.exempt) != ""),
        (not wanted.superseded, ~col(Visit.superseded)),
        (
            wanted.subject,
            or_(
                begins(col(Subject.code), wanted.subject.upper()),
                func.replace(Subject.name, wanted.subject, "") != Subject.name,
            ),
        ),
        (wanted.inspector, inspectors.contains(f'"{wanted.inspector}"', autoescape=True)),
    ]
    return statement.where(*(condition for asked, condition in conditions if asked))


def last_inspections(
    session: Session, *, on: date, subject_ids: Collection[int] | None = None
) -> Iterator[Visit]:
    """
    The newest visit up to that day whose inspectors are known, for each subject answerable, by subject.

    With `subject_ids` for those answerable for these subjects alone.
    """
    newest = sa_select(
        col(Visit.id).label("id"),
        func.row_number()
        .over(
            partition_by=col(Visit.answerable_id),
            order_by=(col(Visit.visited_on).desc(), col(Visit.id).desc()),
        )
        .label("place"),
    ).where(col(Visit.visited_on) <= on, ~col(Visit.superseded), cast(col(Visit.inspectors), SqlText) != "[]")
    some = [None] if subject_ids is None else list(chunks(_answerable_for(session, subject_ids)))
    for numbers in some:
        asked = newest if numbers is None else newest.where(col(Visit.answerable_id).in_(numbers))
        ranked = asked.subquery()
        statement = select(Visit).join(ranked, and_(col(Visit.id) == ranked.c.id, ranked.c.place == 1))
        yield from session.exec(statement.order_by(col(Visit.answerable_id)))


def _answerable_for(session: Session, subject_ids: Collection[int]) -> list[int]:
    """Who is answerable for these subjects, in order."""
    found: set[int] = set()
    for some in chunks(sorted(set(subject_ids))):
        answerable = sa_select(func.coalesce(Subject.operator_id, Subject.id))
        found.update(session.scalars(answerable.where(col(Subject.id).in_(some)).order_by(col(Subject.id))))
    return sorted(found)
