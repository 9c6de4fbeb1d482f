"""Randomness and secrets come in once, right and at their time; everything else is refused on record."""

from datetime import timedelta

import pytest
from draws.a_city import DICE, DRAND, DUE, ROLLS, ROUND, SIGNATURE, SIGNED, hours
from sqlmodel import select

from doublerandom.db import transaction
from doublerandom.draws import queries, services
from doublerandom.draws.errors import (
    DiceDifferError,
    ObservationRefusedError,
    PartyMissingError,
    PlanRefusedError,
    RandomnessMissingError,
    SamePersonError,
    SecondValueError,
    SecretRefusedError,
    WrongDrawStateError,
    WrongTimeError,
)
from doublerandom.draws.models import DiceEntry
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.log import append


def refusals(city, draw):
    return [act for act in ledger.acts_on(city.session, "draw", draw.number) if act.name == "ValueRefused"]


def test_a_value_is_logged_and_with_the_last_one_the_beacon(city):
    draw = city.observe(city.committed())

    entries = [entry for _, entry in ledger.entries_of_draw(city.session, draw.number)]
    assert [entry["type"] for entry in entries] == ["plan", "observed", "beacon"]
    assert entries[1]["value"] == ROLLS
    assert entries[2]["beacon"] == draw.beacon == "dice:d10:" + ".".join(map(str, ROLLS["rolls"]))


def test_dice_count_when_a_second_person_typed_the_same(city):
    draw = city.type_in(city.committed(), by="li")

    assert queries.observations(city.session, draw) == []
    assert len(ledger.entries_of_draw(city.session, draw.number)) == 1
    assert queries.first_entry(city.session, draw, 0) == queries.FirstEntry(0, "li", DUE)
    assert not any('"rolls"' in act.facts for act in ledger.acts_on(city.session, "draw", draw.number)[3:])
    with pytest.raises(RandomnessMissingError):
        city.run(draw)

    draw = city.type_in(draw, by="wang", at=hours(0.1))

    (seen,) = queries.observations(city.session, draw)
    assert (seen.value, seen.by, seen.at) == (ROLLS, "wang", hours(0.1))
    assert queries.first_entries(city.session, draw) == []
    taken = ledger.acts_on(city.session, "draw", draw.number)[-1]
    assert (taken.name, taken.by) == ("ValueObserved", "wang")
    assert '"first_by":"li"' in taken.facts


def test_dice_that_two_persons_typed_differently_are_void_and_both_type_again(city):
    draw = city.type_in(city.committed(), by="li")

    with pytest.raises(DiceDifferError):
        city.type_in(draw, {"rolls": [1] * 40}, by="wang")

    (refused,) = refusals(city, draw)
    assert (refused.by, '"first_by":"li"' in refused.facts) == ("wang", True)
    assert queries.first_entry(city.session, draw, 0) is None
    typed = city.session.exec(select(DiceEntry).order_by(DiceEntry.id)).all()
    assert [(row.person, row.state) for row in typed] == [("li", "differed"), ("wang", "differed")]
    city.type_in(draw, by="wang")
    assert city.type_in(draw, by="li").beacon


def test_one_person_does_not_type_the_dice_twice(city):
    draw = city.type_in(city.committed(), by="li")

    for value in (ROLLS, {"rolls": [1] * 40}):
        with pytest.raises(SamePersonError):
            city.type_in(draw, value, by="li")

    assert len(refusals(city, draw)) == 2
    assert queries.first_entry(city.session, draw, 0).person == "li"
    assert city.type_in(draw, by="wang").beacon


NUMBERS = {"groups": [[33, 3, 12, 7, 9, 21], [16]]}
SSQ = {"kind": "lottery", "name": "cn-ssq", "issue": "2026024"}


def test_the_numbers_of_a_lottery_are_typed_by_two_persons_who_type_the_same(city):
    draw = city.type_in(city.committed(randomness=[SSQ, DICE]), NUMBERS, by="li")

    assert queries.observations(city.session, draw) == []
    with pytest.raises(DiceDifferError):
        city.type_in(draw, {"groups": [[1, 2, 3, 4, 5, 6], [7]]}, by="wang")
    assert not any('"groups"' in act.facts for act in ledger.acts_on(city.session, "draw", draw.number)[3:])

    city.type_in(draw, NUMBERS, by="wang")
    draw = city.type_in(draw, {"groups": [[3, 7, 9, 12, 21, 33], [16]]}, by="li")

    assert [row.n for row in queries.observations(city.session, draw)] == [0]
    (refused,) = queries.refusals(city.session, draw)
    assert (refused.first_by, refused.first) == ("li", "lottery:cn-ssq:2026024:3.7.9.12.21.33./16./")


@pytest.mark.parametrize("days", [None, -1, 1])
def test_a_drawing_before_the_commitment_or_of_no_day_is_refused_on_record(city, days):
    draw = city.committed(randomness=[SSQ, DICE])
    day = {} if days is None else {"drawn_on": DUE.date() + timedelta(days=days)}

    with pytest.raises(ObservationRefusedError, match="drawing_day"):
        services.observe(
            city.session, draw.number, n=0, value=NUMBERS, settings=city.settings, by="li", at=DUE, **day
        )

    assert [("drawn_on" in act.facts, act.by) for act in refusals(city, draw)] == [(True, "li")]


def test_an_issue_of_a_year_that_has_passed_is_not_planned(city):
    for issue in ("2020001", "2025150", "26024", "x"):
        with pytest.raises(PlanRefusedError, match="past_issue"):
            city.prepare(randomness=[{**SSQ, "issue": issue}, DICE])


@pytest.mark.parametrize(
    "value",
    [
        {"rolls": [10] * 40},
        {"rolls": [1] * 39},
        {"rolls": ["1"] * 40},
        {"groups": [[1]]},
        [],
        "x",
        {"rolls": [0.5] * 40},
    ],
)
def test_a_wrong_value_is_refused_and_put_on_record(city, value):
    draw = city.committed()

    with pytest.raises(ObservationRefusedError):
        city.observe(draw, value)

    assert len(refusals(city, draw)) == 1
    assert queries.observations(city.session, draw) == []
    assert len(ledger.entries_of_draw(city.session, draw.number)) == 1


def test_a_second_value_is_refused_even_the_same(city):
    draw = city.observe(city.committed())

    for value in (ROLLS, {"rolls": [1] * 40}):
        with pytest.raises(SecondValueError):
            city.observe(draw, value)
    assert len(refusals(city, draw)) == 2


def test_dice_alone_are_rolled_between_due_and_the_last_moment_for_the_result(city):
    draw = city.committed()

    for at in (DUE - timedelta(seconds=1), hours(1) + timedelta(seconds=1)):
        with pytest.raises(WrongTimeError):
            city.observe(draw, at=at)
    assert city.observe(draw, at=hours(1)).beacon


def test_a_value_whose_entry_would_bear_too_late_a_time_is_refused(city):
    draw = city.committed()
    with transaction(city.session):
        append(city.session, {"type": "note", "text": "late"}, settings=city.settings, at=hours(1.1))

    with pytest.raises(WrongTimeError):
        city.observe(draw, at=hours(1))


def test_beside_drand_the_dice_come_before_due(city):
    draw = city.prepare(
        due=ROUND, at=ROUND - timedelta(hours=3), randomness=[DRAND, DICE], rehearsal=True, on=DUE.date()
    )
    city.sign(draw, "operator", "li", ROUND - timedelta(hours=2))
    city.sign(draw, "supervisor", "wang", ROUND - timedelta(hours=2))

    with pytest.raises(WrongTimeError):
        city.observe(draw, n=1, at=ROUND)
    city.observe(draw, n=1, at=ROUND - timedelta(minutes=1))
    with pytest.raises(WrongTimeError):
        city.observe(draw, SIGNATURE, n=0, at=ROUND)
    with pytest.raises(ObservationRefusedError):
        city.observe(
            draw, {"signature": "a" + SIGNATURE["signature"][1:]}, n=0, at=ROUND + timedelta(seconds=5)
        )
    draw = city.observe(draw, SIGNATURE, n=0, at=ROUND + timedelta(hours=71))

    assert draw.beacon.startswith("drand:52db9ba7")
    assert ",dice:d10:" in draw.beacon
    assert not ledger.entries_of_draw(city.session, draw.number)


def test_there_is_no_source_beyond_the_plans(city):
    with pytest.raises(ObservationRefusedError):
        city.observe(city.committed(), n=1)


def test_nothing_is_observed_before_the_commitment_or_after_the_draw(city):
    draw = city.prepare()
    with pytest.raises(WrongDrawStateError):
        city.observe(draw)

    with pytest.raises(WrongDrawStateError):
        city.observe(city.drawn(plan_line="2026-008"))


def test_at_levels_a_and_b_no_secret_is_handed_in(city):
    draw = city.committed()
    hand = {"settings": city.settings, "at": SIGNED}

    with pytest.raises(SecretRefusedError):
        services.hand_in(
            city.session,
            draw.number,
            party="operator",
            purpose="subject",
            secret="0" * 64,
            by="operator",
            **hand,
        )
    with pytest.raises(PartyMissingError):
        services.hand_in(
            city.session, draw.number, party="nobody", purpose="subject", secret="0" * 64, by="nobody", **hand
        )
