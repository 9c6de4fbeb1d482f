"""What the caps ask of visits, as columns beside subjects: cheap where nobody was visited or no rule asks."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Label, Text, and_, cast, func, literal, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.registry.models import Subject, Visit
from doublerandom.registry.visit_kinds import counting_kinds, exempt_grounds, levels_above

DRAWN_KINDS: Final = ("random", "joint")
"""The kinds of visits to which a draw sends."""


def counting(caps: Mapping[str, Any]) -> ColumnElement[bool]:
    """The condition on `Visit`: it uses up the caps of these rules (`visit_kinds.counts`, as SQL)."""
    conditions: list[ColumnElement[bool]] = [
        col(Visit.counts).is_(True),
        col(Visit.superseded).is_(False),
        col(Visit.exempt).not_in(exempt_grounds(caps)),
    ]
    kinds = counting_kinds(caps)
    if kinds is not None:
        conditions.append(col(Visit.kind).in_(kinds))
    return and_(*conditions)


def visit_facts(
    session: Session,
    *,
    body: Body,
    on: date,
    caps: Mapping[str, Any] | None = None,
    items: Collection[str] = (),
) -> tuple[Label[Any], ...]:
    """
    Six columns of a `SubjectRow`, up to that day: visits count where the subject's operator is.

    Args:
        session: Where to read.
        body: Who draws: its level, its line of work and its own visits are meant.
        on: The day of the draw; counts are of its calendar year.
        caps: The `caps` section of the rules; what it does not ask for is not looked up. None: only visits of
            the year and the last one, of every kind.
        items: Codes that will be inspected: of a higher level only visits that looked at one of them are
            meant, and those in its line of work whose items nobody told. Empty: any in its line of work.
    """
    asked = caps or {}
    none = session.exec(select(Visit.id).order_by(col(Visit.id)).limit(1)).first() is None
    of_subject = col(Visit.answerable_id) == func.coalesce(col(Subject.operator_id), col(Subject.id))
    until = and_(of_subject, counting(asked), col(Visit.visited_on) <= on)
    this_year = and_(until, col(Visit.visited_on) >= date(on.year, 1, 1))

    def count(name: str, condition: ColumnElement[bool], *, wanted: bool = True) -> Label[Any]:
        if none or not wanted:
            return literal(0).label(name)
        return sa_select(func.count()).select_from(Visit).where(condition).scalar_subquery().label(name)

    def last(name: str, condition: ColumnElement[bool], *, wanted: bool = True) -> Label[Any]:
        if none or not wanted:
            return literal(None).label(name)
        return sa_select(func.max(col(Visit.visited_on))).where(condition).scalar_subquery().label(name)

    own = col(Visit.body_id) == body.id
    above = upper_level(body, items=items)
    drawn = and_(of_subject, drawn_by(body), col(Visit.visited_on) <= on)
    return (
        count("visits_this_year", this_year),
        last("last_visit", until),
        count("visits_at_level", and_(this_year, at_levels([body.level])), wanted="per_level" in asked),
        count("visits_by_agency", and_(this_year, own), wanted="per_agency" in asked),
        last("last_drawn", drawn, wanted="drawn_years" in asked),
        last("last_upper_visit", and_(until, above), wanted="upper_level_days" in asked),
    )


def at_levels(levels: Iterable[str], *, line: str = "") -> ColumnElement[bool]:
    """The condition on `Visit`: made by a body of one of these levels (and of this line of work)."""
    wanted = sorted(levels)
    bodies = sa_select(col(Body.id)).where(col(Body.level).in_(wanted))
    outside = and_(col(Visit.body_id).is_(None), col(Visit.level).in_(wanted))
    if line:
        bodies = bodies.where(col(Body.line) == line)
        outside = and_(outside, col(Visit.line) == line)
    return or_(col(Visit.body_id).in_(bodies), outside)


def upper_level(body: Body, *, items: Collection[str] = ()) -> ColumnElement[bool]:
    """The condition on `Visit`: of a higher level, for one of these items (see `visit_facts`)."""
    in_line = at_levels(levels_above(body.level), line=body.line)
    if not items:
        return in_line
    told = cast(col(Visit.items), Text)  # JSON text on both databases; tokens have no quotes
    looked_at = or_(*(told.like(f'%"{_escaped(code)}"%', escape="\\") for code in sorted(set(items))))
    return or_(and_(at_levels(levels_above(body.level)), looked_at), and_(in_line, told == "[]"))


def _escaped(token: str) -> str:
    return token.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def drawn_by(body: Body) -> ColumnElement[bool]:
    """The condition on `Visit`: a draw of this body sent there."""
    return and_(
        col(Visit.counts),
        ~col(Visit.superseded),
        col(Visit.kind).in_(DRAWN_KINDS),
        col(Visit.body_id) == body.id,
    )
