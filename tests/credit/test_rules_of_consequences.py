"""What a rule set makes of results: penalties of any category, rewards of clean visits in a row; pure."""

from datetime import date, timedelta

import pytest
from publish.a_result import PENALTY, REWARD

from doublerandom.credit.core import Consequence, consequences, measure_days, moved
from doublerandom.credit.error_texts import TEXTS
from doublerandom.errors import DoubleRandomError

RULES = [PENALTY, REWARD]
TWICE = {**REWARD, "when": {"categories": ["1"], "clean_visits": 2}}


def kinds(results, rules=RULES):
    return [found.kind for found in consequences(results, rules)]


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([{"1"}], ["reward"]),
        ([{"2"}], ["penalty"]),
        ([{"2", "5"}], ["penalty"]),
        ([{"2", "7"}], ["penalty"]),
        ([{"7"}], []),
        ([{"1", "7"}], []),
        ([set()], []),
        ([], []),
        ([{"1"}, {"2"}], ["reward"]),
        ([{"2"}, {"1"}], ["penalty"]),
    ],
)
def test_a_penalty_needs_one_of_its_categories_and_a_reward_nothing_else(results, expected):
    assert kinds(results) == expected


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([{"1"}], []),
        ([{"1"}, {"1"}], ["reward"]),
        ([{"1"}, {"1"}, {"2"}], ["reward"]),
        ([{"1"}, {"7"}, {"1"}], []),
        ([{"7"}, {"1"}, {"1"}], []),
        ([{"1"}, set()], []),
    ],
)
def test_a_reward_may_wait_for_several_clean_visits_in_a_row(results, expected):
    assert kinds(results, [TWICE]) == expected


def test_consequences_come_in_the_order_of_the_rules_and_know_which_rule_they_follow():
    found = consequences([{"2"}], [REWARD, PENALTY, {**PENALTY, "level": "serious"}])

    assert [(one.rule, one.level) for one in found] == [(1, "ordinary"), (2, "serious")]


def test_no_rules_no_consequences():
    assert consequences([{"2"}], []) == []


def test_display_counts_from_the_day_it_takes_effect_and_a_reward_may_have_none():
    shown, hidden = consequences([{"2"}], [PENALTY])[0], consequences([{"1"}], [REWARD])[0]

    assert shown.display(date(2026, 3, 4)) == (date(2026, 6, 2), date(2027, 3, 4))
    assert hidden.display(date(2026, 3, 4)) == (None, None)
    assert isinstance(shown, Consequence)


@pytest.mark.parametrize(
    ("days", "span"),
    [
        (0, None),
        (1, (date(2026, 3, 4), date(2026, 3, 4))),
        (365, (date(2026, 3, 4), date(2027, 3, 3))),
    ],
)
def test_a_measure_lasts_its_days_the_first_one_included(days, span):
    assert measure_days(date(2026, 3, 4), days) == span


def test_display_dates_move_with_the_day_of_effect():
    assert moved(date(2026, 3, 4), timedelta(days=3)) == date(2026, 3, 7)
    assert moved(None, timedelta(days=3)) is None


def test_every_error_of_credit_has_its_two_sentences():
    rooms = [DoubleRandomError]
    for one in rooms:
        rooms += one.__subclasses__()

    assert {one.code for one in rooms if one.__module__ == "doublerandom.credit.errors"} == set(TEXTS)


def test_a_penalty_without_a_period_of_its_own_is_shown_as_long_as_its_level_is():
    bare = {name: value for name, value in PENALTY.items() if not name.startswith("display")}
    display = [
        {"record": "penalty", "level": "ordinary", "max_days": 7},
        {"record": "credit", "level": "ordinary", "min_days": 30, "max_days": 60},
    ]

    (own,) = consequences([{"2"}], [PENALTY], display)
    (of_level,) = consequences([{"2"}], [bare], display)
    (reward,) = consequences([{"1"}], [REWARD], display)

    assert (own.display_min_days, own.display_max_days) == (90, 365)
    assert (of_level.display_min_days, of_level.display_max_days) == (30, 60)
    assert (reward.display_min_days, reward.display_max_days) == (None, None)
