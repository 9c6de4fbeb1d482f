"""A draw's plan and story in words: sources and levels of randomness, exclusions, events in their order."""

from datetime import UTC, datetime, timedelta

import pytest

from doublerandom.draws.queries import Event
from doublerandom.draws.services import VOID_REASONS
from doublerandom.publish import draw_pages, plan_words

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DRAND = {"kind": "drand", "chain": "52db", "round": 657413}
DICE = {"kind": "dice", "sides": 10, "count": 40}
LOTTERY = {"kind": "lottery", "name": "cn-ssq", "issue": "2026088"}


@pytest.fixture(params=["zh", "en"])
def language(request, app):
    """The words of one language after the other."""
    with app.test_request_context(f"/?lang={request.param}"):
        yield request.param


def test_every_level_has_its_words():
    assert list(plan_words.LEVELS) == ["A", "B", "C"]


def test_each_source_is_told_in_words(language):
    told = [plan_words.source_words(source) for source in (DRAND, DICE, LOTTERY)]

    for words, number in zip(told, ("657,413", "40", "2026088"), strict=True):
        assert number in words
    assert ("双色球" if language == "zh" else "Double Colour Ball") in told[2]


def test_a_lottery_without_a_name_here_stands_for_itself(language):
    assert "fr-loto" in plan_words.source_words({**LOTTERY, "name": "fr-loto"})


def test_exclusions_come_with_their_reasons_the_most_frequent_first(language):
    rows = draw_pages.exclusion_rows({"cool-down": 2, "leave": 7, "no-such-code": 2})

    assert [count for _reason, count in rows] == [7, 2, 2]
    assert rows[0][0] == ("请假" if language == "zh" else "On leave")
    assert "no-such-code" in {reason for reason, _count in rows}


def test_every_reason_for_a_void_has_its_words():
    assert set(VOID_REASONS) <= set(draw_pages.VOID_REASONS)


def events(*kinds, done=True, entry=None):
    return [
        Event(kind, NOON + timedelta(hours=n), index=n, done=done, entry=entry)
        for n, kind in enumerate(kinds)
    ]


def told(some):
    return draw_pages.timeline(some, office="市局", log_url=lambda index: f"/log/{index}")


def test_outcomes_are_one_row_where_the_last_of_them_stands(language):
    rows = told(events("outcome", "outcome", "open"))

    assert [row["url"] for row in rows] == ["/log/1", "/log/2"]
    assert "2" in rows[0]["title"]


def test_the_first_step_that_is_still_to_come_is_the_present_one(language):
    rows = told([*events("committed"), *events("due", "reveal", done=False)])

    assert [row["state"] for row in rows] == ["done", "now", "todo"]


@pytest.mark.parametrize("kind", ["void", "failed"])
def test_an_end_without_result_looks_bad(language, kind):
    assert [row["state"] for row in told(events(kind))] == ["bad"]


def test_a_void_tells_its_reason_and_what_would_have_been(language):
    (row,) = told(events("void", entry={"reason": "leak", "would_be_root": "ab" * 32}))

    assert row["text"] == ("名单泄露" if language == "zh" else "The list leaked")
    assert row["hash"] == "ab" * 32


def test_a_void_before_the_result_has_no_root_to_show(language):
    (row,) = told(events("void", entry={"reason": "technical"}))

    assert "hash" not in row


@pytest.mark.parametrize("text", ["", "dice:d10:1.2.3"])
def test_randomness_is_shown_as_it_was_fixed_or_said_to_be_secrets_alone(language, text):
    (row,) = told(events("beacon", entry={"beacon": text}))

    assert (row.get("code") == text) if text else row["text"]
    assert not row["office"]


def test_what_is_in_no_log_links_to_nothing(language):
    (row,) = told([Event("committed", NOON)])

    assert "url" not in row
