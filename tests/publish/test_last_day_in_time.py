"""Working days of the Chinese calendar: weekends and holidays do not count, shifted days do."""

from datetime import date

import chinese_calendar
import pytest

from doublerandom.publish.core import last_day_in_time


@pytest.mark.parametrize(
    ("ended_on", "days", "last"),
    [
        (date(2026, 3, 4), 0, date(2026, 3, 4)),
        (date(2026, 3, 4), 1, date(2026, 3, 5)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # over a weekend
        (date(2026, 3, 4), 20, date(2026, 4, 1)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday worked for the Spring Festival (调休)
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the festival
        (date(2026, 2, 27), 1, date(2026, 2, 28)),  # and the Saturday after it
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # New Year's shifted Sunday
        (date(2026, 12, 30), 1, date(2026, 12, 31)),
    ],
)
def test_the_last_day_in_time_follows_the_calendar_with_its_shifted_days(ended_on, days, last):
    assert last_day_in_time(ended_on, days, chinese_calendar.is_workday) == last


@pytest.mark.parametrize("ended_on", [date(2026, 12, 31), date(2027, 3, 1)])
def test_in_a_year_that_the_calendar_lacks_there_is_none(ended_on):
    assert last_day_in_time(ended_on, 1, chinese_calendar.is_workday) is None
