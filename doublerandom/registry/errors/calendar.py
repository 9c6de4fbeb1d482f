"""Errors of the working-day calendar."""

from doublerandom.errors import InvalidInputError, NotFoundError


class CalendarYearMissingError(NotFoundError):
    """The working-day calendar does not hold a year that is asked for; nothing is guessed."""

    code = "calendar_year_missing"


class UnreadableHolidaysError(InvalidInputError):
    """The holiday notice names a day that cannot be, or none at all."""

    code = "unreadable_holidays"


class CalendarYearThereError(InvalidInputError):
    """The year is in the calendar already: its days are changed one by one."""

    code = "calendar_year_there"
