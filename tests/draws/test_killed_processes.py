"""A draw executes once, whoever meets whom: real processes, killed between every two steps."""

import os
import signal
import time
from datetime import timedelta

import pytest
from draws.a_city import DUE
from draws.a_nursery import Nursery
from sqlmodel import func, select

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.accounts.services import create_user
from doublerandom.draws import queries
from doublerandom.draws.models import DrawStatus, Seat, Task
from doublerandom.draws.outcomes import outcome
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.audit import audit_log
from doublerandom.ledger.keys import log_public_hex
from doublerandom.ledger.trail import verify_trail

PEOPLE = (("li", "planner", ""), ("inspector", "inspector", "P000"))
KINDS = ["plan", "observed", "beacon", "result", "open"]
LEGAL = {
    ("committed", 1, 0, 0),
    ("committed", 3, 0, 0),
    ("drawn", 4, 6, 12),
    ("revealed", 5, 6, 12),
}


@pytest.fixture(scope="module")
def nursery():
    """A warm parent of processes."""
    found = Nursery()
    yield found
    found.close()


@pytest.fixture
def house(city, database_url):
    """What a process has to know of the city's house."""
    for person, role, certificate in PEOPLE:
        create_user(
            city.session,
            username=person,
            password="ein langer Satz 7!",
            name=person,
            person=person,
            body_token=city.body.token,
            roles=[role],
            certificate=certificate,
            by="system",
            at=DUE - timedelta(days=2),
        )
    return {
        "url": database_url,
        "data_dir": str(city.settings.data_dir),
        "origin": city.settings.log_origin,
    }


def state(session, number):
    """Where the draw stands: its status, log entries, tasks, seats; and the length of the trail."""
    session.rollback()
    draw = queries.draw(session, number)
    tasks = session.exec(select(func.count()).select_from(Task).where(Task.draw_id == draw.id)).one()
    seats = session.exec(select(func.count()).select_from(Seat)).one()
    last = ledger.last_act(session)
    found = (draw.status.value, len(ledger.entries_of_draw(session, number)), tasks, seats)
    session.rollback()
    return found, last.id if last else 0


def check_evidence(city):
    """Trail and log hold."""
    verify_trail(city.session)
    audit_log(city.session, public_key=log_public_hex(city.settings), origin=city.settings.log_origin)
    city.session.rollback()


def check_one_result(city, number):
    """One result in the log: the one that everything committed to gives, with one set of tasks."""
    draw = queries.draw(city.session, number)
    entries = [entry for _, entry in ledger.entries_of_draw(city.session, number)]
    found, _pool = outcome(city.session, draw, city.settings)
    results = [entry["result_root"] for entry in entries if entry["type"] == "result"]
    assert results == [draw.result_root] == [found.result_root]
    assert queries.drawn_codes(city.session, draw) == found.drawn
    executed = [act for act in ledger.acts_on(city.session, "draw", number) if act.name == "DrawExecuted"]
    assert len(executed) == 1
    check_evidence(city)


def test_a_draw_survives_kill_9_between_every_two_steps(city, house, nursery):
    draw = city.committed()
    deed = house | {
        "do": "live",
        "number": draw.number,
        "reveal": (draw.reveal_by - timedelta(minutes=5)).isoformat(),
    }
    number = draw.number
    met, before, kill_at, killed = {state(city.session, number)[0]}, state(city.session, number), 0, 0

    while True:
        kill_at += 1
        code, told = nursery.do(**deed, kill_at=kill_at)
        if code != -signal.SIGKILL:
            break
        killed += 1
        now = state(city.session, number)
        assert now[0] in LEGAL
        if now != before:  # something is on record: whoever comes next begins there, and is killed there
            check_evidence(city)
            met, before, kill_at = met | {now[0]}, now, 0

    assert (code, told) == (0, [])
    assert met == LEGAL
    assert killed > 60
    assert [entry["type"] for _, entry in ledger.entries_of_draw(city.session, number)] == KINDS
    check_one_result(city, number)
    for person, kinds in (
        ("li", {"committed", "drawn", "revealed"}),
        ("inspector", {"tasks"}),
    ):
        told = [row.kind for row in accounts.messages_of(city.session, person)]
        assert sorted(told) == sorted(set(told))
        assert kinds <= set(told)


def test_two_workers_and_a_person_who_meet_give_one_result(city, house, nursery):
    draw = city.observe(city.committed())
    number = draw.number
    city.session.rollback()
    deed = house | {"number": number, "at": (DUE + timedelta(minutes=1)).isoformat()}

    pids = nursery.start(deed | {"do": "work"}, deed | {"do": "run"}, deed | {"do": "work"}, meet=True)
    ends = [nursery.wait(pid) for pid in pids]

    assert [code for code, _ in ends] == [0, 0, 0]
    told = [what for _, each in ends for what in each]
    assert sorted(told) in (["run"], ["run", "wrong_draw_state"])
    city.session.rollback()
    assert queries.draw(city.session, number).status is DrawStatus.DRAWN
    check_one_result(city, number)


def test_the_lead_passes_on_when_its_process_is_killed(city, house, nursery, tmp_path):
    now = clock.now()
    draw = city.committed(
        due=now - timedelta(minutes=5), at=now - timedelta(hours=2), signed=now - timedelta(hours=2)
    )
    number = draw.number
    city.session.rollback()
    deed = house | {"do": "serve_jobs", "log": str(tmp_path / "jobs.log")}

    def until(found):
        end = time.monotonic() + 60
        while not (value := found()) and time.monotonic() < end:
            city.session.rollback()
            time.sleep(0.02)
        city.session.rollback()
        return value

    def leader():
        seen = queries.heartbeat(city.session)
        return int(seen.worker.rpartition(":")[2]) if seen else 0

    both = nursery.start(deed, deed)
    first = until(leader)
    second = next(pid for pid in both if pid != first)
    assert first in both

    os.kill(first, signal.SIGKILL)
    assert nursery.wait(first)[0] == -signal.SIGKILL
    assert until(lambda: leader() == second)
    city.observe(draw, at=now)
    assert until(lambda: queries.draw(city.session, number).status is DrawStatus.DRAWN)
    os.kill(second, signal.SIGTERM)
    assert nursery.wait(second)[0] == 0
    check_one_result(city, number)
    assert '"done": "run"' in (tmp_path / "jobs.log").read_text()
