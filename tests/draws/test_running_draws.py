"""The draw itself: at its time, exactly once, and what it writes down."""

import threading
import time
from datetime import timedelta

import pytest
from draws.a_city import DUE, ROLLS, hours
from sqlalchemy import text
from sqlmodel import Session, select

from doublerandom.db import transaction
from doublerandom.dr1.tasks import result_root
from doublerandom.draws import queries, services
from doublerandom.draws.errors import (
    NotDueError,
    RandomnessMissingError,
    StorageDamagedError,
    TaskNotFoundError,
    TooLateToDrawError,
    WrongDrawStateError,
)
from doublerandom.draws.models import DrawStatus, Seat, Task
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.log import append


def test_the_result_is_fixed_in_the_log_and_tells_nothing_else(city):
    draw = city.drawn()

    _, entry = ledger.entries_of_draw(city.session, draw.number)[-1]
    tasks = city.session.exec(select(Task).order_by(Task.position)).all()
    assert entry == {
        "type": "result", "at": "2026-03-02T04:01:00Z", "draw": draw.number, "plan_hash": draw.plan_hash,
        "result_root": draw.result_root, "count": 6, "empty_seats": 0,
    }  # fmt: skip
    assert result_root(task.commitment for task in tasks) == draw.result_root
    assert [task.ticket for task in tasks] == sorted(task.ticket for task in tasks)


def test_tasks_and_seats_are_written_with_names_and_teams(city):
    draw = city.drawn()

    views = queries.tasks_of_draw(city.session, draw)
    by_inspector = {
        certificate: queries.tasks_of_inspector(city.session, certificate) for certificate in city.inspectors
    }
    assert [view.position for view in views] == list(range(6))
    assert all(view.subject_name == f"第{city.codes.index(view.subject)}号餐馆" for view in views)
    assert all(view.seats == ("lead", "member") and view.items == ("SPJY-01",) for view in views)
    assert all(view.open_for_results and view.body == "hz-scjg" for view in views)
    assert sum(map(len, by_inspector.values())) == 12
    assert queries.task_view(city.session, views[0].id) == views[0]
    with pytest.raises(TaskNotFoundError):
        queries.task_view(city.session, 10**6)


def test_it_runs_at_due_and_with_all_randomness_not_before(city):
    draw = city.committed()

    with pytest.raises(NotDueError):
        city.run(draw, DUE - timedelta(seconds=1))
    with pytest.raises(RandomnessMissingError):
        city.run(draw, DUE)
    city.observe(draw)
    assert city.run(draw, DUE).status is DrawStatus.DRAWN


def test_a_second_run_is_refused(city):
    draw = city.drawn()

    with pytest.raises(WrongDrawStateError):
        city.run(draw)
    assert len(city.session.exec(select(Task)).all()) == 6


def test_workers_that_meet_give_one_result(city, engine):
    draw = city.committed()
    city.observe(draw)
    number = draw.number
    city.session.rollback()
    outcomes = []
    gate = threading.Barrier(3)

    def work():
        with Session(engine) as session:
            gate.wait()
            try:
                outcomes.append(services.run(session, number, settings=city.settings, at=hours(0.1)).status)
            except DoubleRandomError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, outcomes)) == ["drawn", "wrong_draw_state", "wrong_draw_state"]
    assert len(city.session.exec(select(Task)).all()) == 6
    assert len(city.session.exec(select(Seat)).all()) == 12
    kinds = [entry["type"] for _, entry in ledger.entries_of_draw(city.session, number)]
    assert kinds == ["plan", "observed", "beacon", "result"]


def test_a_run_that_would_be_too_late_fails_the_draw_in_public(city):
    draw = city.observe(city.committed())

    with pytest.raises(TooLateToDrawError):
        city.run(draw, hours(1) + timedelta(seconds=1))

    draw = queries.draw(city.session, draw.number)
    assert (draw.status, draw.ended_reason) == (DrawStatus.FAILED, "no-result")
    assert not city.session.exec(select(Task)).all()
    assert queries.counts(city.session, year=2026).failures == 1


def test_a_result_whose_entry_would_bear_too_late_a_time_fails_the_draw(city):
    draw = city.observe(city.committed())
    with transaction(city.session):
        append(city.session, {"type": "note", "text": "later"}, settings=city.settings, at=hours(2))

    with pytest.raises(TooLateToDrawError):
        city.run(draw)
    assert queries.draw(city.session, draw.number).status is DrawStatus.FAILED


def test_a_pool_changed_on_disk_is_not_drawn_from(city):
    draw = city.observe(city.committed())
    pool = queries.frozen_pools(city.session, draw)["subjects"]
    path = city.settings.files_dir / pool.sha256[:2] / pool.sha256
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace("第1号餐馆".encode(), "第2号餐馆".encode()))

    with pytest.raises(StorageDamagedError):
        city.run(draw)
    assert queries.draw(city.session, draw.number).status is DrawStatus.COMMITTED


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE draws_draw SET plan = replace(plan, '餐饮', '餐厅')", "plan"),
        ('UPDATE draws_observation SET value = \'{"rolls":[' + ",".join("1" * 40) + "]}'", "beacon"),
    ],
    ids=["plan", "value"],
)
def test_a_plan_or_a_value_changed_in_the_database_is_not_drawn_from(city, change, what):
    draw = city.observe(city.committed())
    city.session.connection().execute(text(change))
    city.session.commit()

    with pytest.raises(StorageDamagedError) as refused:
        city.run(draw)

    assert refused.value.params["pool"] == what
    assert queries.draw(city.session, draw.number).status is DrawStatus.COMMITTED


def test_commands_that_meet_at_one_draw_wait_for_each_other_and_never_for_ever(city, engine):
    number = city.committed().number
    city.session.rollback()

    def ask():
        with Session(engine) as other:
            services.void_request(other, number, reason="leak", by="li", at=hours(-1))

    second = threading.Thread(target=ask)
    with transaction(city.session):
        lock_evidence(city.session)
        second.start()
        time.sleep(0.5)
        draw = queries.draw_for_update(city.session, number)
        assert queries.void_of(city.session, draw) is None
    second.join()

    assert queries.void_of(city.session, queries.draw(city.session, number)).reason == "leak"


def test_a_larger_draw_from_the_same_registry_has_nothing_to_do_with_the_first(city):
    first, second = city.drawn(), None
    second = city.committed(plan_line="2026-008", due=hours(5))
    city.observe(second, ROLLS, at=hours(5))
    second = city.run(second, hours(5))

    assert queries.drawn_codes(city.session, first) != queries.drawn_codes(city.session, second)
