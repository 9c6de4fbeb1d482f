"""What a draw is signed on is what it was prepared from; and nobody prepares twice to choose."""

from datetime import timedelta

import pytest
from draws.a_city import DUE, MORNING, PINS, SIGNED, hours, some_rules
from draws.test_manual_exclusions import ask, decide
from sqlmodel import select

from doublerandom.draws import services
from doublerandom.draws.errors import (
    BasisChangedError,
    BatchDrawnError,
    PreparedTooLongAgoError,
    SignatureLapsedError,
    WrongDrawStateError,
)
from doublerandom.draws.models import DraftState
from doublerandom.draws.next_acts import next_act
from doublerandom.ledger.models import PinAttempt
from doublerandom.registry import services as registry


def refused(city, draw, at=SIGNED):
    with pytest.raises(BasisChangedError) as error:
        city.sign(draw, "operator", "li", at)
    return error.value.params["what"]


def test_exclusions_or_rules_that_changed_since_are_not_signed_over(city):
    other, outside = (
        city.prepare(plan_line="2026-008", due=hours(24)),
        city.prepare(number="N", filter_text="region = 330103"),
    )
    row = decide(city, ask(city, city.codes[0]))

    assert f"{refused(city, other):zh}" == "人工排除"
    assert next_act(city.session, other, at=SIGNED).kind == "anew"
    assert next_act(city.session, outside, at=SIGNED).kind == "sign"
    services.lift_exclusion(city.session, row.id, reason="x", by="wang", at=MORNING)
    assert next_act(city.session, other, at=SIGNED).kind == "sign"

    rules = some_rules(version=2, capacity=19, valid_from="2026-03-03")
    added = registry.add_rule_set(city.session, rules, body_id=city.body.id, by="zhang", at=MORNING)
    registry.approve_rule_set(city.session, added.id, settings=city.settings, by="head", at=MORNING)
    assert f"{refused(city, other):en}" == "the rule set in force"


def test_a_prepared_draw_lapses_and_is_prepared_again_with_all_that_was_chosen(city):
    draw = city.prepare(due=hours(24 * 30))
    late = MORNING + timedelta(days=8)

    with pytest.raises(PreparedTooLongAgoError):
        city.sign(draw, "operator", "li", late)
    draft = services.prepare_again(city.session, draw.number, by="li", at=late)
    assert (draft.state, draft.wish) == (DraftState.OPEN, {})

    city.sign(draw, "operator", "li")
    with pytest.raises(WrongDrawStateError):
        services.prepare_again(city.session, draw.number, by="li", at=late)


def test_of_two_preparations_of_a_batch_one_is_signed_and_the_count_is_told(city):
    first, second = city.prepare(), city.prepare(due=hours(6), batch=1)
    third = city.prepare(due=hours(6))
    assert [draw.preflight["preparation"] for draw in (first, second, third)] == [1, 1, 2]
    assert "preparation" not in city.prepare(rehearsal=True).preflight
    for role, by in (("operator", "li"), ("supervisor", "wang")):
        city.sign(first, role, by)
    city.observe(first)
    city.run(first)

    for draw in (second, third):
        with pytest.raises(BatchDrawnError):
            city.sign(draw, "operator", "li", hours(2))
    with pytest.raises(BatchDrawnError):
        city.prepare(due=hours(6))
    assert city.prepare(due=hours(6), batch=2).preflight["preparation"] == 1


def test_an_attempt_on_a_lapsed_plan_forgives_no_wrong_pin(city):
    first = city.prepare()
    city.sign(first, "operator", "li")
    city.session.add(PinAttempt(person="wang", at=DUE - timedelta(minutes=1)))
    city.session.commit()
    with pytest.raises(SignatureLapsedError):
        services.sign(
            city.session,
            first.number,
            role="supervisor",
            pin=PINS["wang"],
            settings=city.settings,
            by="wang",
            at=DUE,
        )

    assert len(city.session.exec(select(PinAttempt).where(PinAttempt.person == "wang")).all()) == 1
