"""Signing: two persons, places in the issuer's row, and a first signature that another plan overtakes."""

import threading
from datetime import timedelta

import pytest
from draws.a_city import DUE, PINS, SIGNED, hours
from sqlmodel import Session, select
from visitors import an_account

from doublerandom.accounts.errors import StandsInForOtherSideError
from doublerandom.accounts.services import set_stand_in
from doublerandom.draws import queries, services
from doublerandom.draws.errors import (
    LivePlanError,
    PartyMissingError,
    SamePersonError,
    SignatureLapsedError,
    SignatureMissingError,
    SignerRoleError,
    TooLateToSignError,
    WrongDrawStateError,
)
from doublerandom.draws.models import DrawStatus, PlanSignature
from doublerandom.errors import InvalidInputError
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.errors import NoSigningKeyError, WrongPinError, WrongPinLockedError
from doublerandom.ledger.keys import create_signing_key
from doublerandom.ledger.trail import facts_of


def test_the_second_signature_puts_the_plan_into_the_log(city):
    draw = city.committed()

    plan = queries.plan_of(draw)
    (index, entry), *_ = ledger.entries_of_draw(city.session, draw.number)
    assert entry == {
        "type": "plan", "at": "2026-03-02T01:30:00Z", "draw": draw.number, "issuer": "hz-scjg", "seq": 1,
        "plan_hash": draw.plan_hash,
    }  # fmt: skip
    assert (plan["seq"], plan["previous"], plan["committed_at"]) == (1, "0" * 64, "2026-03-02T01:30:00Z")
    assert index == ledger.log_size(city.session) - 1
    assert [act.name for act in ledger.acts_on(city.session, "draw", draw.number)] == [
        "DrawPrepared", "PlanSigned", "PlanSigned", "DrawCommitted",
    ]  # fmt: skip


def test_who_supervises_only_in_the_operators_place_does_not_sign_beside_the_operator(city):
    an_account(city.session, "li", person="li", roles=["planner", "supervisor"])
    an_account(city.session, "wang", person="wang", roles=["registrar"])
    days = {"first_day": SIGNED.date(), "last_day": SIGNED.date()}
    set_stand_in(city.session, "li", "wang", roles=["supervisor"], **days, reason="away", by="li", at=SIGNED)
    draw = city.prepare()
    city.sign(draw, "operator", "li")

    with pytest.raises(StandsInForOtherSideError):
        city.sign(draw, "supervisor", "wang")

    assert queries.draw(city.session, draw.number).status is DrawStatus.SIGNED


def test_who_stood_in_for_the_supervisor_on_the_day_of_the_first_signature_leaves_the_second_to_others(city):
    an_account(city.session, "wang", person="wang", roles=["supervisor", "planner"])
    an_account(city.session, "li", person="li", roles=["registrar"])
    days = {"first_day": SIGNED.date(), "last_day": SIGNED.date()}
    set_stand_in(city.session, "wang", "li", roles=["planner"], **days, reason="away", by="wang", at=SIGNED)
    draw = city.prepare(due=hours(40))
    city.sign(draw, "operator", "li")

    with pytest.raises(StandsInForOtherSideError):
        city.sign(draw, "supervisor", "wang", hours(24))

    assert queries.draw(city.session, draw.number).status is DrawStatus.SIGNED


def test_who_lost_the_role_does_not_sign_with_the_key_that_is_left(city):
    an_account(city.session, "li", person="li", roles=["registrar"])
    draw = city.prepare()

    with pytest.raises(SignerRoleError):
        city.sign(draw, "operator", "li")

    assert not city.session.exec(select(PlanSignature)).all()
    assert queries.draw(city.session, draw.number).status is DrawStatus.PREPARED


def test_a_first_signature_that_another_plan_overtook_lapses_and_is_asked_again(city):
    slow = city.prepare()
    city.sign(slow, "operator", "li")
    quick = city.committed(plan_line="2026-008")

    with pytest.raises(SignatureLapsedError):
        city.sign(slow, "supervisor", "wang")

    slow = queries.draw(city.session, slow.number)
    assert slow.status is DrawStatus.PREPARED
    assert queries.plan_signatures(city.session, slow) == []
    assert ledger.acts_on(city.session, "draw", slow.number)[-1].name == "SignatureLapsed"
    city.sign(slow, "operator", "li")
    slow = city.sign(slow, "supervisor", "wang")
    assert (slow.seq, queries.plan_of(slow)["previous"]) == (2, quick.plan_hash)


def test_an_operator_who_was_overtaken_signs_anew_at_once(city):
    slow = city.prepare()
    city.sign(slow, "operator", "li")
    quick = city.committed(plan_line="2026-008")

    slow = city.sign(slow, "operator", "li")

    assert (slow.status, queries.plan_of(slow)["previous"]) == (DrawStatus.SIGNED, quick.plan_hash)
    names = [act.name for act in ledger.acts_on(city.session, "draw", slow.number)]
    assert names == ["DrawPrepared", "PlanSigned", "SignatureLapsed", "PlanSigned"]


def test_of_two_plans_signed_at_once_one_is_logged_and_the_other_lapses(city, engine):
    numbers = [city.prepare().number, city.prepare(plan_line="2026-008").number]
    for number in numbers:
        city.sign(queries.draw(city.session, number), "operator", "li")
    city.session.rollback()
    outcomes = []
    gate = threading.Barrier(2)

    def second(number):
        with Session(engine) as session:
            gate.wait()
            try:
                services.sign(
                    session,
                    number,
                    role="supervisor",
                    pin=PINS["wang"],
                    settings=city.settings,
                    by="wang",
                    at=SIGNED,
                )
            except SignatureLapsedError:
                outcomes.append("lapsed")
            else:
                outcomes.append("committed")

    threads = [threading.Thread(target=second, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["committed", "lapsed"]
    states = sorted(queries.draw(city.session, number).status.value for number in numbers)
    assert states == ["committed", "prepared"]


def test_nobody_signs_twice(city):
    draw = city.prepare()
    city.sign(draw, "operator", "li")

    with pytest.raises(SamePersonError):
        city.sign(draw, "supervisor", "li")
    assert queries.draw(city.session, draw.number).status is DrawStatus.SIGNED


def test_the_order_and_the_roles_of_signatures_are_fixed(city):
    draw = city.prepare()

    with pytest.raises(SignatureMissingError):
        city.sign(draw, "supervisor", "wang")
    with pytest.raises(NoSigningKeyError):
        city.sign(draw, "operator", "wang")
    with pytest.raises(PartyMissingError):
        city.sign(draw, "party", "wang")
    with pytest.raises(InvalidInputError):
        city.sign(draw, "head", "wang")
    city.sign(draw, "operator", "li")
    with pytest.raises(WrongDrawStateError):
        city.sign(draw, "operator", "li")


def test_a_wrong_pin_signs_nothing(city):
    draw = city.prepare()

    with pytest.raises(WrongPinError):
        services.sign(
            city.session,
            draw.number,
            role="operator",
            pin=PINS["wang"],
            settings=city.settings,
            by="li",
            at=SIGNED,
        )
    assert queries.draw(city.session, draw.number).status is DrawStatus.PREPARED
    assert not city.session.exec(select(PlanSignature)).all()


def test_wrong_pins_are_on_record_and_too_many_close_the_key_for_the_window(city):
    draw = city.prepare()
    attempts = city.settings.sign_in_attempts
    facts = {"role": "operator", "settings": city.settings, "by": "li"}

    for _ in range(attempts):
        with pytest.raises(WrongPinError):
            services.sign(city.session, draw.number, pin=PINS["wang"], at=SIGNED, **facts)
    with pytest.raises(WrongPinLockedError):
        services.sign(city.session, draw.number, pin=PINS["li"], at=SIGNED, **facts)

    wrong = [act for act in ledger.acts_on(city.session, "person", "li") if act.name == "WrongPinEntered"]
    assert [facts_of(act)["count"] for act in wrong] == list(range(1, attempts + 1))
    assert [facts_of(act)["locked"] for act in wrong] == [False] * (attempts - 1) + [True]
    later = SIGNED + timedelta(minutes=city.settings.sign_in_window_minutes)
    signed = services.sign(city.session, draw.number, pin=PINS["li"], at=later, **facts)
    assert signed.status is DrawStatus.SIGNED


def test_the_first_signature_comes_an_hour_before_the_randomness_the_second_before_it(city):
    late = city.prepare()
    with pytest.raises(TooLateToSignError):
        city.sign(late, "operator", "li", DUE - timedelta(minutes=59))

    city.sign(late, "operator", "li", hours(-1))
    with pytest.raises(SignatureLapsedError):
        city.sign(late, "supervisor", "wang", DUE)
    assert queries.draw(city.session, late.number).status is DrawStatus.PREPARED


def test_one_line_of_the_plan_has_one_live_draw(city):
    first = city.committed()
    other = city.prepare()
    with pytest.raises(LivePlanError):
        city.sign(other, "operator", "li")

    batch = city.committed(batch=2)
    assert queries.plan_of(batch)["annual_item"] == "2026-007.2"
    city.observe(first)
    city.run(first)
    assert queries.live_draw(city.session, city.body.id, "2026-007") is None


def test_an_operator_of_another_body_does_not_sign(city):
    create_signing_key(
        city.session,
        "chen",
        name="chen",
        role="operator",
        body="nb-scjg",
        pin="314159",
        settings=city.settings,
        by="admin",
        at=SIGNED,
    )
    draw = city.prepare()

    with pytest.raises(NoSigningKeyError):
        services.sign(
            city.session,
            draw.number,
            role="operator",
            pin="314159",
            settings=city.settings,
            by="chen",
            at=SIGNED,
        )
