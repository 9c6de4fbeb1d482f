"""All reading of what was published; everything here is public."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from doublerandom import clock
from doublerandom.draws import queries as draws_queries
from doublerandom.inspect import queries as inspect_queries
from doublerandom.publish.errors import DisclosureNotFoundError
from doublerandom.publish.models import Disclosure
from doublerandom.registry import queries as registry_queries
from doublerandom.registry.errors import CalendarYearMissingError


@dataclass(frozen=True)
class Deadline:
    """By when a result had to be public and whether it was late; or the calendar year that is missing."""

    due: date | None
    late: bool
    missing_year: int | None = None


def disclosure(session: Session, disclosure_id: int) -> Disclosure:
    """One published result, or DisclosureNotFoundError."""
    found = session.get(Disclosure, disclosure_id)
    if found is None:
        raise DisclosureNotFoundError(id=disclosure_id)
    return found


def disclosure_of_inspection(session: Session, inspection_id: int) -> Disclosure | None:
    """The first publication of an inspection's result, if there is one."""
    statement = select(Disclosure).where(
        Disclosure.inspection_id == inspection_id, col(Disclosure.corrects_id).is_(None)
    )
    return session.exec(statement).one_or_none()


def record_of(disclosure: Disclosure) -> dict[str, Any]:
    """The published record as an object."""
    found: dict[str, Any] = json.loads(disclosure.record)
    return found


def disclosures(
    session: Session, *, search: str = "", before: int | None = None, limit: int = 50
) -> list[Disclosure]:
    """
    Published results, the newest first.

    Args:
        session: The database.
        search: Subject code (whole) or part of a name, in any case; empty: all.
        before: Continue below this id.
        limit: Most rows.
    """
    query = select(Disclosure)
    if search:
        named = col(Disclosure.name).icontains(search, autoescape=True)
        query = query.where(or_(col(Disclosure.subject) == search.upper(), named))
    if before is not None:
        query = query.where(col(Disclosure.id) < before)
    return list(session.exec(query.order_by(col(Disclosure.id).desc()).limit(limit)))


def disclosures_of_tasks(session: Session, draw: str, subjects: Collection[str]) -> dict[str, Disclosure]:
    """The published results of some of a draw's subjects, by subject; the latest correction counts."""
    statement = select(Disclosure).where(
        Disclosure.draw == draw, col(Disclosure.subject).in_(sorted(subjects))
    )
    return {row.subject: row for row in session.exec(statement.order_by(col(Disclosure.id)))}


def categories_found(session: Session, subject: str, *, body: str) -> list[set[str]]:
    """
    The categories found at a subject's published visits by a body, newest publication first.

    Of a result that was corrected only the latest correction counts.
    """
    statement = select(Disclosure).where(Disclosure.subject == subject)
    rows = session.exec(statement.order_by(col(Disclosure.id).desc())).all()
    corrected = {row.corrects_id for row in rows}
    records = [record_of(row) for row in rows if row.id not in corrected]
    return [
        {category["code"] for item in record["items"] for category in item["categories"]}
        for record in records
        if record["body"] == body
    ]


def count(session: Session) -> int:
    """How many results are public."""
    return session.exec(select(func.count()).select_from(Disclosure)).one()


def last_day_in_time(session: Session, ended_on: date, rules: Mapping[str, Any]) -> date | None:
    """
    The last day on which a result is published in time, or None while the calendar lacks a year it needs.

    Counting starts on the day after the check ended.

    Source: publication within 20 working days, by the calendar with its shifted days (国发〔2019〕5号).
    """
    found = _last_day(session, ended_on, rules)
    return found if isinstance(found, date) else None


def _last_day(session: Session, ended_on: date, rules: Mapping[str, Any]) -> date | int:
    """The last day in time, or the calendar year that is missing."""
    days: int = rules["deadlines"]["publish_working_days"]
    try:
        return registry_queries.add_working_days(session, ended_on, days)
    except CalendarYearMissingError as error:
        missing: int = error.params["year"]
        return missing


def deadline_of(session: Session, disclosure: Disclosure) -> Deadline:
    """
    The deadline of a publication: as it was then, or, where a year was missing then, by the calendar of now.

    What was published has its deadline for good; a later change of the calendar does not make it late.
    """
    if disclosure.due is not None:
        return Deadline(disclosure.due, disclosure.late)
    inspection = inspect_queries.inspection(session, disclosure.inspection_id)
    rules = draws_queries.task_view(session, inspection.task_id).rules
    due = _last_day(session, inspection.visited_on, rules)
    if isinstance(due, int):
        return Deadline(None, late=False, missing_year=due)
    return Deadline(due, late=clock.local(disclosure.at).date() > due)
