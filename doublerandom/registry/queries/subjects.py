"""Subjects: one by code, and all in a scope as a stream with what the rules look at."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Label, Select, SQLColumnExpression, and_, case, func, literal, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.registry import filters
from doublerandom.registry.errors import SubjectNotFoundError
from doublerandom.registry.models import Measure, Subject, SubjectStanding, Visit
from doublerandom.registry.queries.bodies import chain_ids, within_region

STREAM = 5000


MANY = 500


_EFFECTS = {"exempt": 3, "raise": 2, "lower": 1}


_EFFECT_OF = {rank: effect for effect, rank in _EFFECTS.items()} | {0: ""}


class SubjectRow(NamedTuple):
    """A subject as a draw sees it, with what the rules look at (see `rules.SubjectFacts`)."""

    id: int
    code: str
    name: str
    region: str
    industry: str
    kind: str
    status: str
    credit_class: str
    grade: str
    effect: str
    excluded: str
    visits_this_year: int
    last_visit: date | None


def subject(session: Session, code: str) -> Subject:
    """The subject of this code, or SubjectNotFoundError."""
    found = subject_or_none(session, code)
    if found is None:
        raise SubjectNotFoundError(value=code)
    return found


def subject_or_none(session: Session, code: str) -> Subject | None:
    """The subject of this code, if there is one; the code is compared in upper case."""
    return session.exec(select(Subject).where(Subject.code == code.strip().upper())).first()


def subject_by_id(session: Session, subject_id: int) -> Subject:
    """The subject of this row, or SubjectNotFoundError."""
    found = session.get(Subject, subject_id)
    if found is None:
        raise SubjectNotFoundError(value=subject_id)
    return found


def subjects_by_codes(session: Session, codes: Collection[str]) -> list[Subject]:
    """The subjects of these codes by code bytes; codes that nobody has are left out."""
    found: list[Subject] = []
    for some in chunks(sorted(set(codes))):
        found.extend(session.exec(select(Subject).where(col(Subject.code).in_(some))))
    return sorted(found, key=lambda row: row.code.encode())


def subject_ids_by_codes(session: Session, codes: Collection[str]) -> dict[str, int]:
    """The ids of the subjects of these codes."""
    found: dict[str, int] = {}
    for some in chunks(sorted(set(codes))):
        rows = session.execute(
            sa_select(col(Subject.code), col(Subject.id)).where(col(Subject.code).in_(some))
        )
        found.update((code, number) for code, number in rows)
    return found


def subjects(
    session: Session,
    *,
    region: str = "",
    words: str = "",
    after: str = "",
    limit: int = 50,
) -> list[Subject]:
    """A page of subjects by code bytes, after the code `after`; `words` is in the name or begins the code."""
    statement = select(Subject)
    if region:
        statement = statement.where(within_region(col(Subject.region), region))
    if words:
        in_name = func.replace(Subject.name, words, "") != Subject.name
        statement = statement.where(or_(in_name, filters.begins(col(Subject.code), words.upper())))
    code = code_bytes(session)
    if after:
        statement = statement.where(code > after)
    return list(session.exec(statement.order_by(code).limit(limit)))


def subjects_count(session: Session, *, region: str = "") -> int:
    """How many subjects there are, in all or in a region."""
    statement = select(func.count()).select_from(Subject)
    if region:
        statement = statement.where(within_region(col(Subject.region), region))
    return session.exec(statement).one()


def subjects_in_scope(session: Session, *, body: Body, filter_text: str, on: date) -> Iterator[SubjectRow]:
    """
    Every subject of the body's region that the filter takes, ascending by code bytes, as a stream.

    None is left out for its status or an exclusion: those stay in the pool with a reason. Grades, tags and
    exclusions are those that the body itself gave; measures are its own and those of the bodies above it;
    visits are anyone's that count, in the calendar year of `on` and up to that day.
    """
    statement = scope_statement(session, body=body, filter_text=filter_text, on=on)
    for row in session.execute(statement, execution_options={"yield_per": STREAM}):
        yield _row(row)


def subject_row(session: Session, code: str, *, body: Body, on: date) -> SubjectRow | None:
    """One subject as a draw of this body would see it, whatever the scope; None outside its region."""
    statement = scope_statement(session, body=body, filter_text="", on=on).where(col(Subject.code) == code)
    found = session.execute(statement).first()
    return None if found is None else _row(found)


def scope_statement(session: Session, *, body: Body, filter_text: str, on: date) -> Select[Any]:
    """The statement behind `subjects_in_scope`; what nobody ever said is not looked for row by row."""
    assert body.id is not None
    expression = filters.parse(filter_text)
    own = [body.id]
    above = chain_ids(session, body)
    statement: Any = sa_select(
        col(Subject.id),
        col(Subject.code),
        col(Subject.name),
        col(Subject.region),
        col(Subject.industry),
        col(Subject.kind),
        col(Subject.status),
        col(Subject.credit_class),
        _said(session, "grade", own, on),
        _effect(session, above, on),
        _said(session, "excluded", own, on),
        *_visited(session, on),
    )
    scoped: Select[Any] = statement.where(
        within_region(col(Subject.region), body.region), filters.condition(expression, bodies=own, on=on)
    ).order_by(code_bytes(session))
    return scoped


def code_bytes(session: Session) -> SQLColumnExpression[str]:
    """The subject's code, compared by bytes: SQLite does, PostgreSQL only under COLLATE "C"."""
    column: SQLColumnExpression[str] = col(Subject.code)
    return column.collate("C") if session.get_bind().dialect.name == "postgresql" else column


def _said(session: Session, kind: str, bodies: list[int], on: date) -> Label[str]:
    """What the bodies said last of the subject, valid on that day; the empty text if nothing."""
    in_force = filters.standing_in_force(kind, bodies=bodies, on=on)
    if (
        session.exec(
            select(SubjectStanding.id).where(in_force).order_by(col(SubjectStanding.id)).limit(1)
        ).first()
        is None
    ):
        return literal("").label(kind)
    newest = (
        sa_select(col(SubjectStanding.value))
        .where(in_force, col(SubjectStanding.subject_id) == col(Subject.id))
        .order_by(col(SubjectStanding.valid_from).desc(), col(SubjectStanding.id).desc())
        .limit(1)
    )
    return func.coalesce(newest.scalar_subquery(), "").label(kind)


def _effect(session: Session, bodies: list[int], on: date) -> Label[int]:
    """The strongest measure in force, as its rank: exempt over raise over lower."""
    in_force = and_(
        col(Measure.body_id).in_(bodies),
        col(Measure.valid_from) <= on,
        col(Measure.valid_to) >= on,
    )
    if session.exec(select(Measure.id).where(in_force).order_by(col(Measure.id)).limit(1)).first() is None:
        return literal(0).label("effect")
    rank = case(_EFFECTS, value=col(Measure.effect), else_=0)
    strongest = sa_select(func.max(rank)).where(in_force, col(Measure.subject_id) == col(Subject.id))
    return func.coalesce(strongest.scalar_subquery(), 0).label("effect")


def _visited(session: Session, on: date) -> tuple[Label[Any], Label[Any]]:
    """Counting visits in the year of that day, and the last counting visit."""
    if session.exec(select(Visit.id).order_by(col(Visit.id)).limit(1)).first() is None:
        return literal(0).label("visits_this_year"), literal(None).label("last_visit")
    counting = and_(col(Visit.subject_id) == col(Subject.id), col(Visit.counts), col(Visit.visited_on) <= on)
    this_year = sa_select(func.count()).where(counting, col(Visit.visited_on) >= date(on.year, 1, 1))
    last = sa_select(func.max(col(Visit.visited_on))).where(counting)
    return this_year.scalar_subquery().label("visits_this_year"), last.scalar_subquery().label("last_visit")


def _row(row: Any) -> SubjectRow:
    return SubjectRow._make((*row[:9], _EFFECT_OF[row[9]], *row[10:]))


def chunks(values: list[Any]) -> Iterator[list[Any]]:
    """The values in lists of at most MANY, as one statement takes them."""
    for start in range(0, len(values), MANY):
        yield values[start : start + MANY]
