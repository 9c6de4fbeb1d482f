"""The working-day calendar: a year entered wholly, a day changed with its reason."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import insert
from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import CalendarDayChanged, CalendarYearEntered
from doublerandom.registry.errors import CalendarYearThereError, InvalidRecordError
from doublerandom.registry.holidays import Day, year_of
from doublerandom.registry.models import CalendarDay

SEED = "chinesecalendar"


def seed_calendar(session: Session, *, years: Collection[int] = (), by: str, at: datetime) -> list[int]:
    """
    Enter the years that the package chinesecalendar knows and the calendar lacks.

    Args:
        session: The database.
        years: Only these; empty: all that it knows.
        by: Who enters them.
        at: When.

    Returns:
        The years entered.
    """
    from chinese_calendar import constants, is_workday  # noqa: PLC0415 - only where it is seeded

    known = range(min(constants.holidays).year, max(constants.holidays).year + 1)
    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    with transaction(session):
        there = set(queries.calendar_years(session))
        missing = [year for year in known if year not in there and (not years or year in years)]
        for year in missing:
            _enter(session, year, _known_days(year, is_workday, constants, names), SEED, by=by, at=at)
    return missing


def _known_days(year: int, is_workday: object, constants: object, names: dict[str, str]) -> list[Day]:
    """A year as the package knows it."""
    special: dict[date, str] = {**constants.holidays, **constants.workdays}  # type: ignore[attr-defined]
    return [
        Day(each.day, is_workday(each.day), names.get(special.get(each.day, ""), ""))  # type: ignore[operator]
        for each in _every_day(year)
    ]


def _every_day(year: int) -> list[Day]:
    """All days of a year."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return [Day(date.fromordinal(n), working=False) for n in range(first, last + 1)]


def enter_calendar_year(
    session: Session, year: int, *, notice: str, source: str = "", by: str, at: datetime
) -> None:
    """
    Enter a year by the State Council's holiday notice, pasted.

    Raises:
        UnreadableHolidaysError: A line cannot be read, or no day is named.
        CalendarYearThereError: The year is there already.
    """
    days = year_of(year, notice)
    with transaction(session):
        if year in queries.calendar_years(session):
            raise CalendarYearThereError(year=year)
        _enter(session, year, days, source or "notice", by=by, at=at)


def _enter(session: Session, year: int, days: Iterable[Day], source: str, *, by: str, at: datetime) -> None:
    rows = [
        {"day": each.day, "working": each.working, "name": each.name, "reason": "", "by": by, "at": at}
        for each in days
    ]
    session.execute(insert(CalendarDay), rows)
    act = CalendarYearEntered(
        on_id=str(year),
        source=source[:255],
        working_days=sum(row["working"] is True for row in rows),
        holidays=sum(bool(row["name"]) and row["working"] is False for row in rows),
    )
    put_on_record(session, act, by=by, at=at, after=[(row["day"], row["working"]) for row in rows])


def change_calendar_day(
    session: Session, day: date, *, working: bool, name: str = "", reason: str, by: str, at: datetime
) -> CalendarDay:
    """
    Make one day a working day, or none; what was published before keeps the deadline it was given.

    Raises:
        CalendarYearMissingError: Its year is not there.
        InvalidRecordError: No reason is given.
    """
    if not reason.strip():
        raise InvalidRecordError(field="reason", value="", reason="is missing")
    with transaction(session):
        row = queries.calendar_day(session, day)
        before, was = fingerprint(row), row.working
        row.sqlmodel_update(
            {"working": working, "name": name[:64], "reason": reason[:255], "by": by, "at": at}
        )
        act = CalendarDayChanged(
            on_id=str(day.year), day=day.isoformat(), working=working, was=was, reason=row.reason
        )
        put_on_record(session, act, by=by, at=at, before=before, after=row)
    return row
