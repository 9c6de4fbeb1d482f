"""Filters write times, numbers, shares, hashes and durations."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from doublerandom.web import words
from doublerandom.web.icons import icon
from doublerandom.web.languages import LOCALES, HouseBabel
from doublerandom.web.navigation import ROOM_NAMES
from doublerandom.web.paging import Page


@pytest.fixture(params=["zh", "en"])
def language(request):
    app = Flask("words")
    HouseBabel(app)
    with app.test_request_context("/"), force_locale(LOCALES[request.param]):
        yield request.param


def test_times_are_shown_in_beijing():
    moment = datetime(2026, 11, 21, 16, 5, 9, tzinfo=UTC)

    assert words.local_time(moment) == "2026-11-22 00:05"
    assert words.local_time(moment, seconds=True) == "2026-11-22 00:05:09"
    assert words.local_date(moment) == "2026-11-22"
    assert words.local_date(date(2026, 1, 2)) == "2026-01-02"
    assert words.iso(moment) == "2026-11-21T16:05:09Z"
    assert words.local_time(None) == words.local_date(None) == ""


def test_numbers_have_separators():
    assert (words.number(1234567), words.number(0), words.number(None)) == ("1,234,567", "0", "")


def test_a_share_stands_on_its_counts(language):
    assert words.percent(12, 375) == {"zh": "3.2%（12/375）", "en": "3.2% (12/375)"}[language]
    assert words.percent(0, 0) == {"zh": "—（0/0）", "en": "— (0/0)"}[language]


def test_hashes_come_in_groups_of_four():
    assert words.hash_groups("0123456789") == "0123 4567 89"


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (timedelta(days=1, hours=2, minutes=59), "1 天 2 小时", "1 day 2 hours"),
        (timedelta(days=3), "3 天", "3 days"),
        (timedelta(hours=1, minutes=1), "1 小时 1 分钟", "1 hour 1 minute"),
        (timedelta(minutes=20), "20 分钟", "20 minutes"),
        (timedelta(seconds=59), "不到 1 分钟", "less than a minute"),
        (-timedelta(hours=5), "5 小时", "5 hours"),
        (7200, "2 小时", "2 hours"),
    ],
)
def test_durations_are_words(language, span, chinese, english):
    assert words.duration(span) == {"zh": chinese, "en": english}[language]


def test_an_icon_comes_from_the_package_and_an_unknown_one_is_a_mistake():
    assert 'aria-hidden="true"' in icon("lock")
    with pytest.raises(KeyError):
        icon("no-such-icon")


def test_a_page_of_rows_knows_where_the_next_begins():
    first = Page.cut([1, 2, 3], 2, key=lambda row: row, total=3)
    last = Page.cut([3], 2, key=lambda row: row)

    assert (list(first), len(first), first.next_after, first.total) == ([1, 2], 2, "2", 3)
    assert (list(last), last.next_after, last.total) == ([3], "", None)
    assert Page.cut([], 2, key=lambda row: row).next_after == ""


def test_every_room_has_a_name(language):
    assert all(str(name) for name in ROOM_NAMES.values())
