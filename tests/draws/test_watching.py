"""Alarms are raised by facts and ended by later ones; who has to enter a value hears of it in time."""

from datetime import timedelta

import pytest
from draws.a_city import DUE, MORNING, SIGNED, hours
from sqlmodel import select
from visitors import an_account

from doublerandom import jobs
from doublerandom.accounts import queries as accounts
from doublerandom.accounts.services import create_body
from doublerandom.draws import queries, services
from doublerandom.draws.models import Alarm, AlarmKind, JobError
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import verify_trail


@pytest.fixture
def watched(city):
    """The city with accounts: planner, supervisor, administrator, an inspector; an overseer elsewhere."""
    create_body(
        city.session,
        token="nb-scjg",
        name="宁波市市场监管局",
        line="scjg",
        level="city",
        region="330200",
        by="admin",
        at=MORNING,
    )
    for person, role, facts in (
        ("li", "planner", {}),
        ("wang", "supervisor", {}),
        ("root", "administrator", {}),
        ("p001", "inspector", {"certificate": "P001"}),
        ("far", "overseer", {"body": "nb-scjg"}),
    ):
        an_account(city.session, person, roles=[role], person=person, **facts)
    return city


def told(city, person):
    """The kinds of a person's messages, the oldest first."""
    return [row.kind for row in accounts.messages_of(city.session, person)][::-1]


def watch(city, at):
    return [(one.what, one.kind) for one in services.watch(city.session, at=at)]


def test_a_late_result_is_an_alarm_until_there_is_one(watched):
    city = watched
    draw = city.committed()
    number = draw.number

    assert watch(city, hours(-2)) == []
    assert told(city, "wang") == ["committed"]
    assert watch(city, hours(-0.9)) == watch(city, hours(-0.8)) == []
    assert told(city, "li") == ["committed", "value_soon"]
    assert watch(city, DUE) == []
    assert watch(city, hours(0.5)) == [("raised", AlarmKind.RESULT_LATE)]
    assert watch(city, hours(0.6)) == []
    city.observe(draw, at=hours(0.7))
    assert [one.what for one in jobs.run_due(city.session, city.settings, hours(0.7))] == ["run"]
    assert watch(city, hours(0.75)) == [("resolved", AlarmKind.RESULT_LATE)]

    assert told(city, "li") == ["committed", "value_soon", "value_missing", "alarm_result_late", "drawn"]
    assert told(city, "root") == ["alarm_result_late"]
    assert told(city, "far") == []
    assert told(city, "p001") in ([], ["tasks"])
    ((alarm, of_draw),) = queries.alarms(city.session, below="")
    assert (of_draw.number, alarm.since, alarm.told) == (number, DUE, ["li", "root", "wang"])
    acts = [act.name for act in ledger.acts_on(city.session, "draw", number)]
    assert acts[-5:] == ["AlarmRaised", "DiceTyped", "ValueObserved", "DrawExecuted", "AlarmResolved"]
    verify_trail(city.session)


def test_a_failure_is_an_alarm_until_another_draw_supersedes_it(watched):
    city = watched
    draw = city.observe(city.committed())
    number = draw.number

    assert watch(city, hours(1)) == [
        ("raised", AlarmKind.RESULT_LATE),
        ("raised", AlarmKind.RESULT_MISSING),
    ]
    done = [(one.draw, one.what) for one in jobs.run_due(city.session, city.settings, hours(2))]
    assert done == [(number, "failed"), (number, "shown")]
    assert sorted(watch(city, hours(2))) == [
        ("raised", AlarmKind.FAILED),
        ("resolved", AlarmKind.RESULT_LATE),
        ("resolved", AlarmKind.RESULT_MISSING),
    ]
    assert "failed_no_result" in told(city, "wang")
    city.committed(supersedes=number, due=hours(9), at=hours(3), signed=hours(3))
    assert watch(city, hours(3)) == [("resolved", AlarmKind.FAILED)]


def test_what_fails_again_and_again_pauses_and_becomes_an_alarm(watched):
    city = watched
    draw = city.observe(city.committed())
    number, sha256 = draw.number, queries.frozen_pools(city.session, draw)["inspectors"].sha256
    place = city.settings.files_dir / sha256[:2] / sha256
    content = place.read_bytes()
    place.unlink()

    def look(seconds):
        at = DUE + timedelta(seconds=seconds)
        done = [one.what for one in jobs.run_due(city.session, city.settings, at)]
        return done, watch(city, at)

    assert look(0) == (["error"], [])
    assert look(3) == ([], [])
    assert look(5) == (["error"], [])
    assert look(14) == ([], [])
    assert look(15) == (["error"], [("raised", AlarmKind.ERROR_REPEATS)])
    place.write_bytes(content)
    assert look(40) == (["run"], [("resolved", AlarmKind.ERROR_REPEATS)])
    error = city.session.exec(select(JobError)).one()
    assert (error.times, error.code, error.ended_at) == (3, "storage_damaged", DUE + timedelta(seconds=40))
    assert "alarm_error_repeats" in told(city, "root")
    assert queries.draw(city.session, number).result_root


def test_a_worker_that_was_silent_while_something_was_due_says_so(watched):
    city = watched
    city.committed()
    beat = {"worker": "here:1", "started_at": SIGNED}

    def seen(at, **changes):
        return [one.kind for one in services.beat(city.session, **{**beat, **changes}, at=at)]

    assert queries.silent_since(city.session, at=hours(-1)) is None
    assert queries.silent_since(city.session, at=hours(0.2)) == DUE
    assert seen(hours(-1)) == seen(hours(-1) + timedelta(seconds=9)) == []
    assert queries.heartbeat(city.session).seen_at == hours(-1)
    assert queries.silent_since(city.session, at=hours(0.2)) == hours(-1)
    assert queries.silent_since(city.session, at=hours(0.2), below="elsewhere/") is None
    assert seen(hours(0.2), worker="there:2") == [AlarmKind.WORKER_SILENT]
    assert seen(hours(0.25)) == []
    assert queries.heartbeat(city.session).worker == "here:1"

    alarm = city.session.exec(select(Alarm)).one()
    assert (alarm.since, alarm.resolved_at) == (hours(-1), hours(0.2))
    assert told(city, "wang")[-1] == "alarm_worker_silent"


def test_an_overtaken_signature_lapses_by_itself_and_is_asked_again(watched):
    city = watched
    first = city.prepare()
    city.sign(first, "operator", "li")
    number = first.number
    city.committed(plan_line="2026-008", due=hours(3))

    done = [(one.draw, one.what) for one in jobs.run_due(city.session, city.settings, hours(-2))]

    assert done == [(number, "lapsed")]
    assert told(city, "li") == ["committed", "lapsed_overtaken"]
    assert jobs.run_due(city.session, city.settings, hours(-2)) == []


def test_a_void_is_told_when_it_is_asked_for_and_when_it_is_confirmed(watched):
    city = watched
    city.void(city.committed(), hours(-1))

    assert told(city, "wang") == ["committed", "void_requested", "voided"]
