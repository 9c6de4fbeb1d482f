"""What is left of each cap for one subject, and the warnings when it is visited too often."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from doublerandom.accounts.queries import Body, Sight
from doublerandom.registry.filters import begins
from doublerandom.registry.models import Subject, Visit
from doublerandom.registry.queries.subjects import subject_row
from doublerandom.registry.queries.visit_facts import visit_facts
from doublerandom.registry.rules import SubjectFacts, shifted

SPANS: Final = {"day": 1, "week": 7, "month": 31}
"""How many days a warning looks back, the last one included."""


class CapUse(NamedTuple):
    """
    How much of a cap is used up.

    For counts, `limit`, `used` and `left` are visits, and `until` is the day on which counting begins anew.
    For spans (`cool_down_days`, `drawn_years`, `upper_level_days`), `limit` and `left` are days, `used` those
    that have passed, and `until` is the first day on which the span is over; None where none runs.
    """

    cap: str
    limit: int
    used: int
    left: int
    until: date | None


class FrequentVisits(NamedTuple):
    """A subject visited more often within a day, a week or a month than the rules warn at."""

    subject_id: int
    span: str
    limit: int
    visits: int
    first: date
    last: date


def cap_use(
    session: Session, subject: Subject, *, body: Body, rules: Mapping[str, Any], on: date
) -> list[CapUse]:
    """
    What is used and left of every cap that the rules set, for a draw of this body on that day.

    Args:
        session: Where to read.
        subject: Whom; its operator's visits count where it has one.
        body: Who would draw.
        rules: The complete rule set object.
        on: The day.
    """
    caps = rules["caps"]
    statement = sa_select(*visit_facts(session, body=body, on=on, caps=caps)).select_from(Subject)
    row = session.execute(statement.where(col(Subject.id) == subject.id)).one()
    facts = SubjectFacts(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row's mapping
    low = _low_risk(session, subject, body, rules, on)
    return [*_counts(caps, facts, low, on), *_spans(caps, facts, on)]


def _low_risk(
    session: Session, subject: Subject, body: Body, rules: Mapping[str, Any], on: date
) -> Mapping[str, Any] | None:
    """The cap of subjects of low risk, if this is one; read as the strata are, by grade or by class."""
    low: Mapping[str, Any] | None = rules["caps"].get("low_risk")
    row = subject_row(session, subject.code, body=body, on=on) if low else None
    if low is None or row is None:
        return None
    value = row.grade if rules["strata"]["by"] == "grade" else shifted(row.credit_class, row.effect)
    return low if value in low["classes"] else None


def _counts(
    caps: Mapping[str, Any], facts: SubjectFacts, low: Mapping[str, Any] | None, on: date
) -> Iterator[CapUse]:
    counted = (
        ("per_year", caps["per_year"], facts.visits_this_year),
        ("per_level", caps.get("per_level"), facts.visits_at_level),
        ("per_agency", caps.get("per_agency"), facts.visits_by_agency),
        ("low_risk", low["number"] if low else None, facts.visits_this_year),
    )
    for cap, limit, used in counted:
        if limit is not None:
            yield CapUse(cap, limit, used, max(0, limit - used), date(on.year + 1, 1, 1))


def _spans(caps: Mapping[str, Any], facts: SubjectFacts, on: date) -> Iterator[CapUse]:
    yield _span("cool_down_days", facts.last_visit, caps["cool_down_days"], on)
    if "drawn_years" in caps:
        yield _span("drawn_years", facts.last_drawn, _days(facts.last_drawn or on, caps["drawn_years"]), on)
    if "upper_level_days" in caps:
        yield _span("upper_level_days", facts.last_upper_visit, caps["upper_level_days"], on)


def _days(day: date, years: int) -> int:
    """How many days so many years from that day are."""
    year = min(day.year + years, date.max.year)
    leaps_away = (day.month, day.day) == (2, 29) and date(year, 3, 1) - date(year, 2, 28) == timedelta(1)
    return ((date(year, 3, 1) if leaps_away else day.replace(year=year)) - day).days


def _span(cap: str, last: date | None, days: int, on: date) -> CapUse:
    until = None if last is None else last + timedelta(days=days)
    if until is None or last is None or until <= on:
        return CapUse(cap, days, 0, 0, None)
    return CapUse(cap, days, (on - last).days, (until - on).days, until)


def frequent_visits(
    session: Session,
    *,
    warn: Mapping[str, int],
    on: date,
    subject_id: int | None = None,
    sight: Sight | None = None,
    limit: int = 200,
) -> list[FrequentVisits]:
    """
    Who was visited more often than the rules warn at, of any kind and by anybody, worst first.

    Args:
        session: Where to read.
        warn: The rules' `caps.warn`: more than so many visits in a `day`, `week` or `month`.
        on: The last day that is looked at.
        subject_id: Only this one; None: everybody.
        sight: Only subjects in it.
        limit: At most so many of each span.
    """
    found: list[FrequentVisits] = []
    for span, most in warn.items():
        first = on - timedelta(days=SPANS[span] - 1)
        number = func.count()
        statement = (
            sa_select(
                col(Visit.answerable_id), number, func.min(Visit.visited_on), func.max(Visit.visited_on)
            )
            .join(Subject, col(Subject.id) == col(Visit.answerable_id))
            .where(and_(~col(Visit.superseded), col(Visit.visited_on) >= first, col(Visit.visited_on) <= on))
            .group_by(col(Visit.answerable_id))
            .having(number > most)
        )
        if subject_id is not None:
            statement = statement.where(col(Visit.answerable_id) == subject_id)
        if sight is not None:
            statement = statement.where(begins(col(Subject.region), sight.region_prefix))
        statement = statement.order_by(number.desc(), col(Visit.answerable_id)).limit(limit)
        found += [
            FrequentVisits(subject, span, most, visits, earliest, latest)
            for subject, visits, earliest, latest in session.execute(statement)
        ]
    return found
