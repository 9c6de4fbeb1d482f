"""The State Council's holiday notice of a year as days: which are off, which weekends are worked (调休)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from doublerandom.registry.errors import UnreadableHolidaysError

_ASIDE: Final = re.compile(r"[（(][^（）()]*[）)]")
_NUMBER: Final = re.compile(r"^\s*[一二三四五六七八九十\d]+\s*[、.．]\s*")
_DAYS: Final = re.compile(
    r"(?:(?P<y1>\d{4})年)?(?:(?P<m1>\d{1,2})月)?(?P<d1>\d{1,2})日"
    r"(?:\s*[至到—－-]+\s*(?:(?P<y2>\d{4})年)?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日)?"
)
_LONGEST: Final = 20  # days off in a row; more is a slip of the pen


@dataclass(frozen=True)
class Day:
    """A day of the calendar: whether it is worked, and the holiday it belongs to, if any."""

    day: date
    working: bool
    name: str = ""


def year_of(year: int, notice: str) -> list[Day]:
    """
    All days of a year by a holiday notice: weekends and days named are off, shifted ones are worked.

    Days that the notice names in the neighbouring years (2022年12月31日至…) are left to those.

    Args:
        year: The year.
        notice: Its lines, as published: `一、元旦：1月1日至3日放假调休，共3天。1月4日（周日）上班。`

    Raises:
        UnreadableHolidaysError: A day cannot be, a line has days but neither 放假 nor 上班, or there is none.
    """
    special = {each.day: each for each in _special_days(year, notice)}
    if not any(day.year == year for day in special):
        raise UnreadableHolidaysError(line=notice.strip()[:40])
    first = date(year, 1, 1)
    every = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return [special.get(day) or Day(day, day.weekday() < 5) for day in every]


def _special_days(year: int, notice: str) -> Iterator[Day]:
    for line in filter(None, (line.strip() for line in notice.splitlines())):
        plain = _NUMBER.sub("", _ASIDE.sub("", line))
        name, _, rest = plain.partition("：") if "：" in plain else plain.partition(":")
        if not rest:
            name, rest = "", plain
        if not _DAYS.search(rest):
            continue
        for sentence in filter(None, re.split(r"[。；;]", rest)):
            yield from _days_of(year, name.strip()[:64], sentence, line)


def _days_of(year: int, name: str, sentence: str, line: str) -> Iterator[Day]:
    spans = list(_DAYS.finditer(sentence))
    off, worked = "放假" in sentence or "休息" in sentence, "上班" in sentence
    if spans and off is worked:
        raise UnreadableHolidaysError(line=line[:60])
    month = ""
    for span in spans:
        month = span["m1"] or month
        try:
            first = date(int(span["y1"] or year), int(month or 0), int(span["d1"]))
            last = _last(span, first)
        except ValueError:
            raise UnreadableHolidaysError(line=line[:60]) from None
        if not 0 <= (last - first).days <= _LONGEST:
            raise UnreadableHolidaysError(line=line[:60])
        for n in range((last - first).days + 1):
            yield Day(first + timedelta(days=n), worked, name)
        month = str(last.month)


def _last(span: re.Match[str], first: date) -> date:
    """The last day of a span; over New Year the year may go without saying."""
    if not span["d2"]:
        return first
    month = int(span["m2"] or first.month)
    year = int(span["y2"] or first.year + (month < first.month))
    return date(year, month, int(span["d2"]))
