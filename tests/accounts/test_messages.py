"""Messages: each event once for each person, read by that person alone; by e-mail where a server is set."""

import email
import email.policy
from datetime import timedelta
from string import Formatter

import pytest
from accounts.a_mail_server import a_mail_server
from sqlmodel import select
from visitors import a_body, an_account, send, sign_in

from doublerandom import clock
from doublerandom.accounts import queries, services
from doublerandom.accounts.errors import UnknownMessageError
from doublerandom.accounts.message_words import WORDS, sentence
from doublerandom.accounts.models import Mail
from doublerandom.db import transaction

NOW = clock.now()
DRAWN = {"draw": "HZ-SCJG-2026-0001", "tasks": 6, "empty": 0}


@pytest.fixture
def office(session, settings):
    """Two people of the city, one of the province above it."""
    a_body(session)
    for username, roles in (("li", ["planner"]), ("qi", ["registrar"]), ("gone", ["planner"])):
        an_account(session, username, roles=roles)
    services.deactivate(session, "GONE", reason="left", settings=settings, by="X", at=NOW)


def tell(session, *, to=("LI",), kind="drawn", params=None, key="a", at=NOW):
    """A message about a draw."""
    return services.send(session, to=to, kind=kind, params=params or DRAWN, url="/draws", at=at, key=key)


def kinds(session, person="LI"):
    session.expire_all()
    return [row.kind for row in queries.messages_of(session, person)]


def test_every_kind_is_worded_in_both_languages_with_the_same_facts():
    def facts(words):
        return {name for _text, name, _format, _conversion in Formatter().parse(words) if name}

    assert [kind for kind, (zh, en) in WORDS.items() if facts(zh) != facts(en)] == []
    due = sentence("alarm_worker_silent", {"since": "2026-03-02T04:00:00+00:00"}, "zh")
    assert "2026-03-02 12:00" in due


def test_an_event_told_twice_is_one_message_and_goes_to_open_accounts_alone(session, office):
    assert tell(session, to=["LI", "GONE", "nobody", "LI"]) == ["LI"]
    assert tell(session, to=["LI", "QI"]) == ["LI", "QI"]
    tell(session, key="b", kind="revealed")

    assert kinds(session) == ["revealed", "drawn"]
    assert kinds(session, "QI") == ["drawn"]
    assert queries.unread_messages(session, "LI") == 2


def test_a_message_is_of_the_event_or_is_not(session, office):
    def event():
        with transaction(session):
            tell(session)
            tell(session, kind="revealed", params={"nothing": 1})

    with pytest.raises(KeyError):
        event()

    assert kinds(session) == []


def test_reading_is_of_ones_own_messages(session, office):
    tell(session)
    (row,) = queries.messages_of(session, "LI")

    with pytest.raises(UnknownMessageError):
        services.read_message(session, "QI", row.id, at=NOW)
    later = NOW + timedelta(hours=1)
    services.read_message(session, "LI", row.id, at=NOW)
    assert services.read_message(session, "LI", row.id, at=later).read_at == NOW
    tell(session, key="b")
    tell(session, key="c")
    (newest, *_) = queries.messages_of(session, "LI")
    assert services.read_all_messages(session, "LI", up_to=newest.id - 1, at=NOW) == 1
    assert queries.unread_messages(session, "LI") == 1


def test_who_stands_in_for_a_holder_and_who_holds_a_role_above_hear_of_it(session, office):
    a_body(session, "gs-scjg", level="county", region="330105", parent_token="hz-scjg")
    an_account(session, "boss", roles=["planner"], body="gs-scjg")
    today = clock.local(NOW).date()
    services.set_stand_in(
        session,
        "LI",
        "QI",
        roles=["planner"],
        first_day=today,
        last_day=today,
        reason="away",
        by="LI",
        at=NOW,
    )
    below = queries.body(session, "gs-scjg").path

    assert list(queries.holders_for(session, below, ["planner"], on=today)) == ["BOSS"]
    all_above = queries.holders_for(session, below, ["planner"], above=True, on=today)
    assert list(all_above) == ["BOSS", "LI", "QI"]
    assert list(queries.holders_for(session, below, ["head"], above=True, on=today)) == []


def test_the_page_shows_counts_and_marks(client, session, office):
    sign_in(client, "li")
    empty = client.get("/messages").get_data(as_text=True)
    assert "还没有消息" in empty
    assert "inbox-count" not in empty
    tell(session)
    tell(session, key="b", kind="revealed")
    rows = queries.messages_of(session, "LI")

    page = client.get("/messages?lang=en").get_data(as_text=True)
    assert "Draw HZ-SCJG-2026-0001 has run: 6 tasks" in page
    assert ", 2 unread" in page
    opened = send(client, f"/messages/{rows[1].id}/read", page="/messages")
    assert (opened.status_code, opened.location) == (303, "/draws")
    assert send(client, "/messages/999/read", page="/messages").status_code == 404
    done = send(client, "/messages/read", page="/messages", newest=str(rows[0].id))
    assert done.location == "/messages"
    assert "inbox-count" not in client.get("/messages").get_data(as_text=True)
    assert send(client, "/messages/read", page="/messages", newest="x").status_code == 303
    assert "还没有消息" in client.get(f"/messages?after={rows[1].id}&lang=zh").get_data(as_text=True)


def test_messages_go_out_by_e_mail_and_again_until_they_arrive(session, office, settings):
    tell(session, to=["LI", "QI"])
    assert services.send_mail(session, settings, NOW) == {"sent": 0, "failed": 0, "given_up": 0}
    with a_mail_server() as server:
        host, port = server.server_address
        mailing = settings.model_copy(
            update={"smtp_host": host, "smtp_port": port, "base_url": "https://dr.test/"}
        )
        server.refuses = True
        assert services.send_mail(session, mailing, NOW)["failed"] == 2
        assert services.send_mail(session, mailing, NOW)["failed"] == 0
        server.refuses = False
        (first, *_) = queries.messages_of(session, "QI")
        services.read_message(session, "QI", first.id, at=NOW)
        tell(session, to=["QI"], key="old", at=NOW - timedelta(days=3))
        told = services.send_mail(session, mailing, NOW + timedelta(minutes=1))

    assert told == {"sent": 2, "failed": 0, "given_up": 0}
    letter = email.message_from_string(server.letters[0], policy=email.policy.default)
    words = letter.get_content()
    assert letter["To"] == queries.user_by_person(session, "LI").email
    assert "HZ-SCJG-2026-0001 已完成：6 项任务" in words
    assert "https://dr.test/draws" in words
    assert len(server.letters) == 2


def test_a_letter_that_never_arrives_is_given_up_with_its_reason(session, office, settings):
    tell(session)
    nowhere = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "tls"})
    at, told = NOW, []
    for _ in range(9):
        told.append(services.send_mail(session, nowhere, at))
        at += timedelta(hours=4)

    assert [each["failed"] for each in told] == [1] * 7 + [0, 0]
    assert [each["given_up"] for each in told] == [0] * 7 + [1, 0]
    mail = session.exec(select(Mail)).one()
    assert (mail.tries, mail.next_at, mail.sent_at) == (8, None, None)
    assert "ConnectionRefusedError" in mail.error
