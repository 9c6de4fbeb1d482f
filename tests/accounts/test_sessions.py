"""Sign-ins end: unused, too long, with a new password, with the account, all at once; some acts ask again."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select
from visitors import PASSWORD, a_body, an_account, send, sign_in

from doublerandom import clock
from doublerandom.accounts import services
from doublerandom.accounts.models import SignInSession

NEW = "another long passphrase"


@pytest.fixture
def wang(session):
    a_body(session)
    return an_account(session, "wang", roles=["administrator"])


def is_in(client):
    return client.get("/me").status_code == 200


def test_a_sign_in_ends_unused_and_after_its_longest_time(app, session, settings, wang):
    now = clock.now()
    with time_machine.travel(now, tick=False) as journey:
        client, idle = app.test_client(), timedelta(minutes=settings.session_idle_minutes)
        sign_in(client, "wang")
        row = session.exec(select(SignInSession)).one()
        assert row.digest not in str(client.get_cookie("session").value)

        journey.move_to(now + idle - timedelta(seconds=1))
        assert is_in(client)
        journey.move_to(now + 2 * idle - timedelta(seconds=2))
        assert is_in(client)
        journey.shift(idle)
        assert not is_in(client)

        sign_in(client, "wang")
        begun = clock.now()
        while clock.now() + idle / 2 < begun + timedelta(hours=settings.session_hours):
            journey.shift(idle / 2)
            assert is_in(client)
        journey.shift(idle / 2)
        assert not is_in(client)


def test_a_copied_cookie_opens_nothing_after_signing_out(app, wang):
    client, thief = app.test_client(), app.test_client()
    sign_in(client, "wang")
    thief.set_cookie("session", client.get_cookie("session").value)
    assert is_in(thief)

    send(client, "/sign-out")

    assert not is_in(thief)


def test_a_new_password_ends_every_other_sign_in(app, session, settings, wang):
    here, elsewhere = app.test_client(), app.test_client()
    sign_in(here, "wang")
    sign_in(elsewhere, "wang")
    fields = {"present": PASSWORD, "new": NEW, "repeated": NEW}

    for wrong in ({"present": "no"}, {"repeated": "other"}, {"new": "short", "repeated": "short"}):
        answer = send(here, "/me/password", page="/me/password", **{**fields, **wrong})
        assert answer.status_code == 422, wrong
    same = {"present": PASSWORD, "new": PASSWORD, "repeated": PASSWORD}
    assert send(here, "/me/password", page="/me/password", **same).status_code == 422
    assert send(here, "/me/password", page="/me/password", **fields).location == "/me"

    assert is_in(here)
    assert not is_in(elsewhere)
    assert sign_in(app.test_client(), "wang", NEW).location == "/desk"


def test_one_or_all_other_sign_ins_are_ended_by_their_person(app, session, wang):
    clients = [app.test_client() for _ in range(4)]
    for client in clients:
        sign_in(client, "wang")
    second = session.exec(select(SignInSession).order_by(SignInSession.id)).all()[1]

    assert send(clients[0], f"/me/sessions/{second.id}/end").location == "/me"
    assert [is_in(client) for client in clients] == [True, False, True, True]
    assert send(clients[0], "/me/sessions/9999/end").status_code == 404
    send(clients[0], "/me/sessions/end")
    assert [is_in(client) for client in clients] == [True, False, False, False]


def test_acts_that_grant_ask_again_after_a_while_and_come_back(app, session, settings, wang):
    an_account(session, "li", roles=["registrar"])
    now = clock.now()
    with time_machine.travel(now, tick=False) as journey:
        client = app.test_client()
        sign_in(client, "wang")
        assert client.get("/people/new").status_code == 200

        journey.shift(timedelta(minutes=settings.fresh_minutes, seconds=1))
        assert client.get("/people").status_code == 200
        assert client.get("/people/new?x=1").location == "/sign-in/again?next=%2Fpeople%2Fnew%3Fx%3D1"
        sent = client.post(
            "/people/LI/deactivation",
            data={"csrf_token": _token(client), "reason": "x"},
            headers={"Referer": "http://localhost/people/LI"},
        )
        assert sent.location == "/sign-in/again?next=%2Fpeople%2FLI"
        machine = client.get("/people/new", headers={"Accept": "application/json"})
        assert (machine.status_code, machine.json["error"]["code"]) == (403, "fresh_sign_in_needed")

        again = "/sign-in/again?next=/people/new"
        assert (
            send(client, "/sign-in/again", page=again, password="wrong", next="/people/new").status_code
            == 422
        )
        answer = send(client, "/sign-in/again", page=again, password=PASSWORD, next="/people/new")
        assert answer.location == "/people/new"
        assert client.get("/people/new").status_code == 200


def _token(client):
    from visitors import csrf_token

    return csrf_token(client, "/me")


def test_a_closed_account_is_out_at_once_and_an_administrator_ends_sign_ins(app, session, settings, wang):
    an_account(session, "li", roles=["registrar"])
    admin, li = app.test_client(), app.test_client()
    sign_in(admin, "wang")
    sign_in(li, "li")

    send(admin, "/people/LI/sessions/end")
    assert not is_in(li)
    sign_in(li, "li")
    services.deactivate(session, "LI", reason="left", settings=settings, by="WANG", at=clock.now())
    assert not is_in(li)
