"""What is wrong with a draw, and a silent worker, stand on the desks of those who watch and on no other."""

from datetime import timedelta

import time_machine
from draws.a_city import MORNING, a_city, hours
from visitors import an_account, sign_in

from doublerandom.accounts.services import create_body
from doublerandom.draws import services


def page(client, path):
    return client.get(path).get_data(as_text=True)


def test_an_alarm_and_a_silent_worker_stand_on_the_desks_of_those_who_watch(app, client, session, settings):
    city = a_city(session, settings, subjects=20, inspectors=4)
    create_body(
        session, token="nb", name="宁波", line="scjg", level="city", region="330200", by="admin", at=MORNING
    )
    for person, role, body in (
        ("li", "planner", "hz-scjg"),
        ("ins", "inspector", "hz-scjg"),
        ("far", "overseer", "nb"),
    ):
        an_account(session, person, roles=[role], body=body, person=person)
    number = city.committed().number
    services.beat(session, worker="here:1", started_at=MORNING, at=hours(0.7))
    services.watch(session, at=hours(0.7))
    session.rollback()

    with time_machine.travel(hours(0.7), tick=False) as clock:
        sign_in(client, "li")
        desk = page(client, "/desk")
        assert f"{number} · 过时未出结果" in desk
        assert "后台进程没有运行" not in desk
        alarms = page(client, "/desk/draws/alarms?lang=en")
        assert "Past its hour without a result" in alarms
        assert "The worker was last seen" in alarms
        assert "Stands" in alarms
        clock.move_to(hours(0.7) + timedelta(minutes=6))
        assert "后台进程没有运行，已有抽取到期" in page(client, "/desk")
        assert "has not been seen since 2026-03-02" in page(client, "/desk/draws/alarms?lang=en")
        clock.move_to(hours(1))
        assert f"{number} · 期限已到，日志中没有结果" in page(client, "/desk")

        for person, status in (("far", 200), ("ins", 403)):
            other = app.test_client()
            sign_in(other, person)
            answer = other.get("/desk/draws/alarms")
            assert answer.status_code == status
            assert number not in answer.get_data(as_text=True)
            assert number not in page(other, "/desk")
