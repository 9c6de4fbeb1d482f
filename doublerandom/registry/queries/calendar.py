"""The working-day calendar: never a guess, a year that is missing is an error that says so."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from doublerandom.registry.errors import CalendarYearMissingError
from doublerandom.registry.models import CalendarDay

_WINDOW = 60


def is_working_day(session: Session, day: date) -> bool:
    """Whether a day is worked, by the calendar with its shifted days; raises CalendarYearMissingError."""
    return calendar_day(session, day).working


def calendar_day(session: Session, day: date) -> CalendarDay:
    """One day of the calendar, or CalendarYearMissingError."""
    found = session.get(CalendarDay, day)
    if found is None:
        raise CalendarYearMissingError(year=day.year)
    return found


def add_working_days(session: Session, day: date, n: int) -> date:
    """
    The n-th working day after a day; the day itself for 0.

    Raises:
        CalendarYearMissingError: `year` is the first year that would be needed and is not there.
    """
    while n > 0:
        for row in _following(session, day):
            if row.day != day + timedelta(days=1):
                break
            day = row.day
            n -= row.working
            if n == 0:
                return day
        else:
            if _has(session, day + timedelta(days=1)):
                continue
        raise CalendarYearMissingError(year=(day + timedelta(days=1)).year)
    return day


def _following(session: Session, day: date) -> Sequence[CalendarDay]:
    statement = select(CalendarDay).where(col(CalendarDay.day) > day)
    return session.exec(statement.order_by(col(CalendarDay.day)).limit(_WINDOW)).all()


def _has(session: Session, day: date) -> bool:
    return session.get(CalendarDay, day) is not None


def working_days_between(session: Session, first: date, last: date) -> int:
    """
    How many working days follow `first`, up to and including `last`; 0 where it does not come later.

    Raises:
        CalendarYearMissingError: A day between them is in a year that is not there.
    """
    if last <= first:
        return 0
    within = (col(CalendarDay.day) > first, col(CalendarDay.day) <= last)
    days, worked = session.exec(
        select(func.count(), func.count(func.nullif(col(CalendarDay.working), False))).where(*within)
    ).one()
    if days != (last - first).days:
        there = set(calendar_years(session))
        missing = next(year for year in range(first.year, last.year + 1) if year not in there)
        raise CalendarYearMissingError(year=missing)
    return worked


def calendar_years(session: Session) -> list[int]:
    """The years that the calendar holds, ascending."""
    first_days = select(col(CalendarDay.day)).where(
        func.extract("month", col(CalendarDay.day)) == 1, func.extract("day", col(CalendarDay.day)) == 1
    )
    return [day.year for day in session.exec(first_days.order_by(col(CalendarDay.day)))]


def calendar_of_year(session: Session, year: int) -> list[CalendarDay]:
    """All days of a year in order; none where the year is missing."""
    within = (col(CalendarDay.day) >= date(year, 1, 1), col(CalendarDay.day) <= date(year, 12, 31))
    return list(session.exec(select(CalendarDay).where(*within).order_by(col(CalendarDay.day))))
