"""Subjects: one by code, and all in a scope as a stream with what the rules look at."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Label, Select, SQLColumnExpression, and_, case, func, literal, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.registry import filters
from doublerandom.registry.errors import SubjectNotFoundError
from doublerandom.registry.models import (
    Measure,
    RegistrationStatus,
    Subject,
    SubjectListing,
    SubjectStanding,
)
from doublerandom.registry.queries.bodies import chain_ids, within_region
from doublerandom.registry.queries.membership import in_pool
from doublerandom.registry.queries.visit_facts import visit_facts

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
    visits_at_level: int = 0
    visits_by_agency: int = 0
    last_drawn: date | None = None
    last_upper_visit: date | None = None
    no_disturbance: bool = False


_REGION = SubjectRow._fields.index("region")


_STATUS = SubjectRow._fields.index("status")


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


def subjects_by_ids(session: Session, ids: Collection[int]) -> dict[int, Subject]:
    """The subjects of these rows, by row; rows that are not there are left out."""
    found: dict[int, Subject] = {}
    for some in chunks(sorted(set(ids))):
        statement = select(Subject).where(col(Subject.id).in_(some)).order_by(col(Subject.id))
        found.update((row.id, row) for row in session.exec(statement) if row.id is not None)
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


def subjects_in_scope(
    session: Session,
    *,
    body: Body,
    filter_text: str,
    on: date,
    caps: Mapping[str, Any] | None = None,
    items: Collection[str] = (),
) -> Iterator[SubjectRow]:
    """
    Every subject of the body's pool (see `in_pool`) that the filter takes, by code bytes, as a stream.

    None is left out for its status or an exclusion: those stay in the pool with a reason. Grades, tags and
    exclusions are those that the body itself gave; measures are its own and those of the bodies above it;
    visits are anyone's that count, in the calendar year of `on` and up to that day.
    """
    statement = scope_statement(session, body=body, filter_text=filter_text, on=on, caps=caps, items=items)
    for row in session.execute(statement, execution_options={"yield_per": STREAM}):
        yield row_of(row)


def scope_groups(
    session: Session,
    *,
    body: Body,
    filter_text: str,
    on: date,
    caps: Mapping[str, Any] | None = None,
    items: Collection[str] = (),
) -> Iterator[tuple[SubjectRow, int]]:
    """
    As `subjects_in_scope`, all of whom the rules would say the same taken together: how many they are.

    Of the rows only the region and what the rules look at are filled in.
    """
    columns, condition = scope_parts(
        session, body=body, filter_text=filter_text, on=on, caps=caps, items=items
    )
    looked_at = [column for n, column in enumerate(columns) if n == _REGION or n >= _STATUS]
    rows = sa_select(*looked_at).where(condition).subquery()
    statement = sa_select(*rows.c, func.count()).group_by(*rows.c).order_by(*rows.c)
    for region, *facts, number in session.execute(statement).all():
        yield row_of((0, "", "", region, "", "", *facts)), number


def rows_in_scope(
    session: Session,
    codes: Collection[str],
    *,
    body: Body,
    filter_text: str,
    on: date,
    caps: Mapping[str, Any] | None = None,
    items: Collection[str] = (),
) -> list[SubjectRow]:
    """Those of `subjects_in_scope` who have one of these codes."""
    statement = scope_statement(session, body=body, filter_text=filter_text, on=on, caps=caps, items=items)
    found: list[SubjectRow] = []
    for some in chunks(sorted(set(codes))):
        found += map(row_of, session.execute(statement.where(col(Subject.code).in_(some))))
    return found


def common_size(session: Session, scopes: Sequence[tuple[Body, str]], *, on: date) -> int:
    """How many registered subjects stand in all of these scopes: each a body's pool and a filter's text."""
    conditions: list[ColumnElement[bool]] = [col(Subject.status) == RegistrationStatus.ACTIVE.value]
    for body, text in scopes:
        assert body.id is not None
        conditions.append(in_pool(session, body=body, on=on))
        conditions.append(filters.condition(filters.parse(text), bodies=[body.id], on=on))
    statement = sa_select(func.count()).select_from(Subject).where(and_(*conditions))
    return session.scalar(statement) or 0


def scope_size(session: Session, *, body: Body, filter_text: str, on: date) -> int:
    """How many subjects of the body's pool the filter takes."""
    inside = in_pool(session, body=body, on=on)
    assert body.id is not None
    taken = filters.condition(filters.parse(filter_text), bodies=[body.id], on=on)
    return session.scalar(sa_select(func.count()).select_from(Subject).where(inside, taken)) or 0


def pool_exceeds(session: Session, number: int, *, body: Body, on: date) -> bool:
    """Whether the body's pool holds more than so many subjects; it counts no further."""
    some = sa_select(col(Subject.id)).where(in_pool(session, body=body, on=on)).limit(number + 1).subquery()
    return (session.scalar(sa_select(func.count()).select_from(some)) or 0) > number


def subject_row(
    session: Session,
    code: str,
    *,
    body: Body,
    on: date,
    caps: Mapping[str, Any] | None = None,
    items: Collection[str] = (),
) -> SubjectRow | None:
    """One subject as a draw of this body would see it, whatever the scope; None outside its pool."""
    statement = scope_statement(session, body=body, filter_text="", on=on, caps=caps, items=items)
    found = session.execute(statement.where(col(Subject.code) == code)).first()
    return None if found is None else row_of(found)


def scope_statement(
    session: Session,
    *,
    body: Body,
    filter_text: str,
    on: date,
    caps: Mapping[str, Any] | None = None,
    items: Collection[str] = (),
) -> Select[Any]:
    """The statement behind `subjects_in_scope`; what nobody ever said is not looked for row by row."""
    columns, condition = scope_parts(
        session, body=body, filter_text=filter_text, on=on, caps=caps, items=items
    )
    statement: Select[Any] = sa_select(*columns).where(condition).order_by(code_bytes(session))
    return statement


def scope_parts(
    session: Session,
    *,
    body: Body,
    filter_text: str,
    on: date,
    caps: Mapping[str, Any] | None = None,
    items: Collection[str] = (),
) -> tuple[list[Any], ColumnElement[bool]]:
    """The columns of a `SubjectRow`, and the condition of being in the body's pool and of the filter."""
    assert body.id is not None
    expression = filters.parse(filter_text)
    own = [body.id]
    above = chain_ids(session, body)
    columns = [
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
        *visit_facts(session, body=body, on=on, caps=caps, items=items),
        _no_disturbance(session, on),
    ]
    condition = and_(in_pool(session, body=body, on=on), filters.condition(expression, bodies=own, on=on))
    return columns, condition


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


def _no_disturbance(session: Session, on: date) -> Label[int]:
    """1 where the subject stands on a no-disturbance list on that day, else 0."""
    listed = and_(
        col(SubjectListing.kind) == "no_disturbance",
        col(SubjectListing.valid_from) <= on,
        or_(col(SubjectListing.valid_to).is_(None), col(SubjectListing.valid_to) >= on),
    )
    first = select(SubjectListing.id).where(listed).order_by(col(SubjectListing.id)).limit(1)
    if session.exec(first).first() is None:
        return literal(0).label("no_disturbance")
    names_it = col(Subject.id).in_(sa_select(col(SubjectListing.subject_id)).where(listed))
    return case((names_it, 1), else_=0).label("no_disturbance")


def row_of(row: Any) -> SubjectRow:
    """What a row of `scope_statement` says."""
    return SubjectRow._make((*row[:9], _EFFECT_OF[row[9]], *row[10:-1], bool(row[-1])))


def chunks(values: list[Any]) -> Iterator[list[Any]]:
    """The values in lists of at most MANY, as one statement takes them."""
    for start in range(0, len(values), MANY):
        yield values[start : start + MANY]
