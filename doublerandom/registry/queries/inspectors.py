"""The pool of inspectors: who may inspect, and who stays with a reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Text, cast
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, or_, select

from doublerandom.accounts.queries import Body
from doublerandom.registry import readiness
from doublerandom.registry.errors import InspectorNotFoundError
from doublerandom.registry.models import (
    Inspector,
    Qualification,
)
from doublerandom.registry.queries.bodies import within_region
from doublerandom.registry.queries.readiness import (
    away,
    certified,
    facts_of,
    last_day,
    range_of,
    visit_window,
)
from doublerandom.registry.readiness import Facts, Window


class InspectorRow(NamedTuple):
    """An inspector as a draw sees them; `excluded` is a reason code (token), or empty."""

    id: int
    certificate: str
    name: str
    body_id: int
    department: str
    regions: list[str]
    skills: list[str]
    excluded: str
    certificate_until: date | None = None
    expert: bool = False


@dataclass(frozen=True)
class Asked:
    """What a draw asks of inspectors: day, window of visits, items with their categories, whether experts."""

    on: date
    window: Window | None
    items: Mapping[str, str]
    experts: bool = False


def inspector(session: Session, certificate: str) -> Inspector:
    """The inspector with this certificate number, or InspectorNotFoundError."""
    found = inspector_or_none(session, certificate)
    if found is None:
        raise InspectorNotFoundError(value=certificate)
    return found


def inspector_or_none(session: Session, certificate: str) -> Inspector | None:
    """The inspector with this certificate number, if there is one; compared in upper case."""
    return session.exec(select(Inspector).where(Inspector.certificate == certificate.strip().upper())).first()


def inspector_by_id(session: Session, inspector_id: int) -> Inspector:
    """The inspector of this row, or InspectorNotFoundError."""
    found = session.get(Inspector, inspector_id)
    if found is None:
        raise InspectorNotFoundError(value=inspector_id)
    return found


def inspector_in_sight(session: Session, certificate: str, *, below: str) -> Inspector:
    """The inspector, if of a body at or below this path, else InspectorNotFoundError."""
    statement = _in_sight(below).where(Inspector.certificate == certificate.strip().upper())
    found: Inspector | None = session.scalars(statement.order_by(col(Inspector.id))).first()
    if found is None:
        raise InspectorNotFoundError(value=certificate)
    return found


def inspectors(session: Session, *, body_id: int | None = None) -> list[Inspector]:
    """All inspectors, or those of one body, by certificate bytes."""
    statement = select(Inspector)
    if body_id is not None:
        statement = statement.where(Inspector.body_id == body_id)
    found = session.exec(statement.order_by(col(Inspector.certificate))).all()
    return sorted(found, key=lambda row: row.certificate.encode())


def inspectors_by_ids(session: Session, ids: Collection[int]) -> dict[int, Inspector]:
    """These inspectors by their row."""
    statement = select(Inspector).where(col(Inspector.id).in_(sorted(set(ids))))
    return {row.id: row for row in session.exec(statement.order_by(col(Inspector.id))) if row.id is not None}


def inspectors_count(session: Session) -> int:
    """How many inspectors there are."""
    return session.exec(select(func.count()).select_from(Inspector)).one()


@dataclass(frozen=True)
class InspectorFilter:
    """What a reader of the list asked for; empty members ask for nothing."""

    words: str = ""
    body: str = ""
    department: str = ""
    skill: str = ""
    state: str = ""
    """available, away, expert, active or inactive."""
    ending: date | None = None
    """No certificate goes beyond this day."""
    expired: bool = False


def inspectors_page(
    session: Session,
    wanted: InspectorFilter,
    *,
    below: str,
    on: date,
    after: str = "",
    limit: int | None = 51,
) -> list[Inspector]:
    """Those of bodies at and below a path that the filter leaves, by certificate, following one."""
    statement = _filtered(_in_sight(below), wanted, on=on)
    if after:
        statement = statement.where(col(Inspector.certificate) > after)
    return list(session.scalars(statement.order_by(col(Inspector.certificate)).limit(limit)))


def inspectors_found(session: Session, wanted: InspectorFilter, *, below: str, on: date) -> int:
    """How many the filter leaves."""
    counted = _filtered(_in_sight(below), wanted, on=on).with_only_columns(func.count())
    return int(session.scalar(counted) or 0)


def certificates_ending(session: Session, *, below: str, until: date) -> int:
    """How many active inspectors in sight have no certificate beyond that day, the expired among them."""
    statement = _in_sight(below).where(col(Inspector.active).is_(True), last_day() <= until)
    return int(session.scalar(statement.with_only_columns(func.count())) or 0)


def _in_sight(below: str) -> Any:
    return (
        sa_select(Inspector)
        .join(Body, col(Body.id) == col(Inspector.body_id))
        .where(col(Body.path).startswith(below, autoescape=True))
    )


def _filtered(statement: Any, wanted: InspectorFilter, *, on: date) -> Any:
    if wanted.words:
        like = f"%{_escaped(wanted.words)}%"
        named = col(Inspector.name).like(like, escape="\\")
        statement = statement.where(
            or_(named, col(Inspector.certificate).like(_escaped(wanted.words.upper()) + "%", escape="\\"))
        )
    if wanted.body:
        statement = statement.where(col(Body.path).startswith(wanted.body, autoescape=True))
    if wanted.department:
        statement = statement.where(col(Inspector.department) == wanted.department)
    if wanted.skill:
        statement = statement.where(_has_skill(wanted.skill))
    if wanted.ending:
        statement = statement.where(col(Inspector.active).is_(True), last_day() <= wanted.ending)
    if wanted.expired:
        statement = statement.where(col(Inspector.active).is_(True), last_day() < on)
    return _in_state(statement, wanted.state, on)


def _in_state(statement: Any, state: str, on: date) -> Any:
    active, expert = col(Inspector.active).is_(True), col(Inspector.expert).is_(True)
    match state:
        case "available":
            return statement.where(active, ~expert, ~away(on), certified(on))
        case "away":
            return statement.where(active, away(on))
        case "expert":
            return statement.where(active, expert)
        case "active":
            return statement.where(active)
        case "inactive":
            return statement.where(~active)
    return statement


def _has_skill(skill: str) -> Any:
    """A skill in the row's list (JSON text on both databases, tokens have no quotes), or a qualification."""
    listed = cast(col(Inspector.skills), Text).like(f'%"{_escaped(skill)}"%', escape="\\")
    of_them = sa_select(col(Qualification.inspector_id)).where(col(Qualification.skill) == skill)
    return or_(listed, col(Inspector.id).in_(of_them))


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def inspectors_for(
    session: Session,
    *,
    lines: Collection[str],
    region: str,
    on: date,
    until: date | None = None,
    working_days: int = 1,
    items: Collection[str] = (),
    neighbours: Collection[str] = (),
    experts: bool = False,
) -> list[InspectorRow]:
    """
    The pool of inspectors of bodies in this region and below, in these lines of work, by certificate bytes.

    Nobody is filtered out in the dark: who cannot inspect stays with a reason — `inactive`, `expert` (never
    one of the two), `certificate-expired`, `certificate-suspended`, `certificate-revoked`, `item-range`,
    `leave`, `training`, `duty`, `not-enough-days`.

    Args:
        session: Where to read.
        lines: Departments (tokens); empty: all.
        region: GB/T 2260 code of the drawing body.
        on: The day of the draw: certificates are looked up for it, and absences where there is no `until`.
        until: Last day of the window of visits: who has fewer than `working_days` of its working days free of
            absences, under a valid certificate, is left out.
        working_days: How many are needed, with `until`.
        items: Codes that will be inspected; whose range does not cover them is left out.
        neighbours: Regions whose bodies' inspectors are asked for beside those of `region`.
        experts: Whether experts go along: then being one is no reason, nor is lacking a certificate.

    Raises:
        CalendarYearMissingError: The window reaches into a year that the calendar does not know.
    """
    statement = sa_select(Inspector).join(Body, col(Body.id) == col(Inspector.body_id))
    places = [region, *sorted(set(neighbours))]
    statement = statement.where(or_(*(within_region(col(Body.region), place) for place in places)))
    if lines:
        statement = statement.where(col(Inspector.department).in_(sorted(set(lines))))
    found = session.scalars(statement.order_by(col(Inspector.certificate))).all()
    asked = asked_for(session, on=on, until=until, working_days=working_days, items=items, experts=experts)
    return sorted(as_dealt(session, found, asked), key=lambda row: row.certificate.encode())


def asked_for(
    session: Session,
    *,
    on: date,
    until: date | None,
    working_days: int,
    items: Collection[str],
    experts: bool = False,
) -> Asked:
    """What `inspectors_for` and `teams_for` ask, looked up once."""
    window = None if until is None else visit_window(session, on=on, until=until, needed=working_days)
    return Asked(on, window, range_of(session, items, on=on) if items else {}, experts)


def as_dealt(session: Session, rows: Sequence[Inspector], asked: Asked) -> list[InspectorRow]:
    """These inspectors as a draw sees them, in their order."""
    facts = facts_of(session, rows)
    return [_inspector_row(row, facts[row.id], asked) for row in rows if row.id is not None]


def _inspector_row(row: Inspector, facts: Facts, asked: Asked) -> InspectorRow:
    assert row.id is not None
    return InspectorRow(
        row.id,
        row.certificate,
        row.name,
        row.body_id,
        row.department,
        list(row.regions),
        _skills(row, facts, asked),
        reason_of(row, facts, asked),
        readiness.valid_until(facts.papers, asked.on),
        row.expert,
    )


def _skills(row: Inspector, facts: Facts, asked: Asked) -> list[str]:
    """The skills that hold; of an expert who goes along, what they are an expert for too."""
    found = readiness.skills_on(row.skills, facts.held, asked.on)
    goes_along = row.expert and asked.experts
    return sorted({*found, *row.expert_types}) if goes_along else found


def reason_of(row: Inspector, facts: Facts, asked: Asked) -> str:
    """The code why an inspector cannot be dealt, or the empty text; the first that holds."""
    if not row.active:
        return "inactive"
    if row.expert:
        return readiness.away_on(facts.away, asked.on) if asked.experts else "expert"
    if lapsed := readiness.certificate_reason(facts.papers, asked.on):
        return lapsed
    if not readiness.in_range(row.items, asked.items):
        return "item-range"
    if asked.window is not None:
        return readiness.window_reason(facts, asked.window)
    return readiness.away_on(facts.away, asked.on)
