"""Roles that sign, decide or audit take two persons; roles end on record; closing keeps everything."""

import re

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from visitors import NOON, PASSWORD, a_body, an_account, send, sign_in

from doublerandom.accounts import queries, services
from doublerandom.accounts.core import NEEDS_SECOND, ROLES
from doublerandom.accounts.errors import (
    AccountClosedError,
    AccountOpenError,
    GrantDecidedError,
    NotOneselfError,
    RoleHeldError,
    RoleNotHeldError,
    RolesDoNotCombineError,
    SamePersonTwiceError,
    SecondPersonNeededError,
    SignInRefusedError,
    UnknownGrantError,
    UnknownRoleError,
)
from doublerandom.accounts.models import RoleGrant, User
from doublerandom.accounts.services.roles import ask_again
from doublerandom.db import transaction
from doublerandom.ledger.errors import NoSigningKeyError
from doublerandom.ledger.keys import sign_with
from doublerandom.ledger.models import Act, LogEntry

NEW = "another long passphrase"


def text(answer):
    return answer.get_data(as_text=True)


def names(session):
    return [act.name for act in session.exec(select(Act).order_by(Act.id)).all()]


@pytest.fixture
def office(session):
    """An administrator, another, a head, and li, who keeps lists."""
    a_body(session)
    for username, role in (
        ("wang", "administrator"),
        ("zhu", "administrator"),
        ("han", "head"),
        ("li", "registrar"),
    ):
        an_account(session, username, roles=[role])


def ask(session, role="planner", person="LI", by="WANG"):
    return services.request_role(session, person, role, reason="new", by=by, at=NOON)


def roles_of(session, person="LI"):
    session.expire_all()
    return queries.user_by_person(session, person).own_roles


class TestGranting:
    def test_one_asks_and_another_confirms(self, session, office):
        row = ask(session)
        assert roles_of(session) == {"registrar"}

        services.decide_role(session, row.id, grant=True, by="ZHU", at=NOON)

        assert roles_of(session) == {"registrar", "planner"}
        asked, granted = session.exec(select(Act).order_by(Act.id)).all()[-2:]
        assert (asked.name, asked.by, granted.name, granted.by) == (
            "RoleRequested",
            "WANG",
            "RoleGranted",
            "ZHU",
        )
        with pytest.raises(GrantDecidedError):
            services.decide_role(session, row.id, grant=False, by="HAN", at=NOON)

    def test_every_role_that_signs_decides_or_audits_waits_and_no_other(self, session, office):
        assert {"planner", "supervisor", "head", "overseer", "auditor", "administrator"} == NEEDS_SECOND
        for role in sorted(set(ROLES) - {"auditor", "administrator", "registrar"}):
            assert (ask(session, role).decided_at is None) == (role in NEEDS_SECOND), role

    @pytest.mark.parametrize(("by", "error"), [("WANG", SamePersonTwiceError), ("LI", NotOneselfError)])
    def test_neither_who_asked_nor_who_gets_it_confirms(self, session, office, by, error):
        row = ask(session)

        for grant in (True, False):
            with pytest.raises(error):
                services.decide_role(session, row.id, grant=grant, by=by, at=NOON)

        assert roles_of(session) == {"registrar"}

    def test_the_schema_refuses_one_person_on_both_sides(self, session, office):
        row = ask(session)

        with pytest.raises(IntegrityError):
            decided_alone(session, row.id)

    def test_what_may_not_be_granted(self, session, office):
        for role, by, error in (
            ("king", "WANG", UnknownRoleError),
            ("registrar", "WANG", RoleHeldError),
            ("auditor", "WANG", RolesDoNotCombineError),
            ("planner", "LI", NotOneselfError),
        ):
            with pytest.raises(error):
                ask(session, role, by=by)
        ask(session)
        with pytest.raises(RoleHeldError):
            ask(session, by="ZHU")
        with pytest.raises(UnknownGrantError):
            services.decide_role(session, 999, grant=True, by="ZHU", at=NOON)

    def test_an_account_with_such_roles_at_once_needs_two_others(self, session, office):
        for second, error in (
            ("", SecondPersonNeededError),
            ("WANG", SamePersonTwiceError),
            ("QI", NotOneselfError),
        ):
            with pytest.raises(error):
                an_account_by(session, second)

        an_account_by(session, "HAN")

        assert names(session)[-2:] == ["UserCreated", "RoleGranted"]

    def test_withdrawing_is_on_record_and_ends_a_request_too(self, session, office):
        ask(session)
        services.withdraw_role(session, "LI", "planner", reason="mistake", by="WANG", at=NOON)
        services.withdraw_role(session, "LI", "registrar", reason="moved", by="WANG", at=NOON)

        assert roles_of(session) == frozenset()
        rows = session.exec(select(RoleGrant).where(RoleGrant.user_id == user_id(session))).all()
        assert {(row.role, row.granted, row.end_reason) for row in rows} == {
            ("registrar", True, "moved"),
            ("planner", False, ""),
        }
        with pytest.raises(RoleNotHeldError):
            services.withdraw_role(session, "LI", "planner", reason="x", by="WANG", at=NOON)


def decided_alone(session, grant_id):
    with transaction(session):
        kept = session.get(RoleGrant, grant_id)
        kept.decided_by, kept.decided_at = kept.requested_by, NOON
        session.add(kept)


def an_account_by(session, second):
    facts = {"username": "qi", "name": "齐", "person": "QI", "body_token": "hz-scjg", "password": PASSWORD}
    return services.create_user(session, **facts, roles=["planner"], by="WANG", second=second, at=NOON)


def user_id(session, person="LI"):
    return queries.user_by_person(session, person).id


class TestClosing:
    def test_closing_keeps_the_record_and_ends_all_that_acts(self, session, settings, office):
        row = ask(session)
        services.decide_role(session, row.id, grant=True, by="ZHU", at=NOON)
        public = services.make_signing_key(
            session, "LI", role="planner", pin="314159", settings=settings, at=NOON
        )

        services.deactivate(session, "LI", reason="left", settings=settings, by="WANG", at=NOON)

        assert not session.exec(select(User).where(User.person == "LI")).one().active
        assert roles_of(session) == {"registrar", "planner"}
        with pytest.raises(NoSigningKeyError):
            sign_with(session, "LI", "314159", b"x", role="operator", at=NOON)
        entries = [each.entry for each in session.exec(select(LogEntry).order_by(LogEntry.index)).all()]
        assert [("until" in each, public in each) for each in entries] == [(False, True), (True, True)]
        with pytest.raises(SignInRefusedError):
            services.sign_in(session, "li", PASSWORD, settings=settings, at=NOON)
        for error, act in (
            (AccountClosedError, lambda: ask(session, "credit_officer")),
            (
                AccountClosedError,
                lambda: services.issue_link(session, "LI", settings=settings, by="WANG", at=NOON),
            ),
            (AccountClosedError, lambda: self.close(session, settings, "LI")),
            (NotOneselfError, lambda: self.close(session, settings, "WANG")),
            (AccountOpenError, lambda: services.reactivate(session, "HAN", reason="x", by="WANG", at=NOON)),
            (NotOneselfError, lambda: services.reactivate(session, "LI", reason="x", by="LI", at=NOON)),
        ):
            with pytest.raises(error):
                act()

        services.reactivate(session, "LI", reason="back", by="WANG", at=NOON)
        assert services.sign_in(session, "li", PASSWORD, settings=settings, at=NOON).person == "LI"

    def link(self, session, settings):
        services.issue_link(session, "LI", settings=settings, by="WANG", at=NOON)

    def close(self, session, settings, person):
        services.deactivate(session, person, reason="x", settings=settings, by="WANG", at=NOON)


class TestPages:
    def test_an_invited_person_sets_a_password_once_and_the_role_waits(self, app, session, office):
        admin, new, head = app.test_client(), app.test_client(), app.test_client()
        sign_in(admin, "wang")
        fields = {"name": "齐新", "username": "qi", "person": "p-qi", "body": "hz-scjg", "roles": "planner"}
        assert (
            send(admin, "/people/new", page="/people/new", **{**fields, "username": "li"}).status_code == 422
        )

        page = text(send(admin, "/people/new", page="/people/new", **fields))
        link = re.search(r"http://localhost(/invitation\?token=[\w-]+)", page)[1]
        token = link.partition("=")[2]
        assert token not in "".join(act.facts for act in session.exec(select(Act)).all())

        assert "齐新" in text(new.get(link))
        for wrong in ({"new": "password123", "repeated": "password123"}, {"new": NEW, "repeated": "x"}):
            answer = send(new, "/invitation", page=link, token=token, **wrong)
            assert answer.status_code == 422, wrong
        assert send(new, "/invitation", page=link, token=token, new=NEW, repeated=NEW).location == "/desk"
        assert new.get(link).status_code == 404
        assert new.get("/me/signing-key").status_code == 403

        sign_in(head, "han")
        assert "齐新 · 计划员" in text(head.get("/desk"))
        assert "须由他人确认" in text(admin.get("/role-requests"))
        grant = session.exec(select(RoleGrant).where(RoleGrant.role == "planner")).one()
        refused = send(admin, f"/role-requests/{grant.id}/decision", decision="grant")
        assert (refused.status_code, "不能自己确认" in text(refused)) == (403, True)
        send(head, f"/role-requests/{grant.id}/decision", decision="grant")
        assert new.get("/me/signing-key").status_code == 200

    def test_the_persons_page_does_what_an_administrator_may_and_not_for_oneself(self, app, session, office):
        client = app.test_client()
        sign_in(client, "wang")

        send(client, "/people/LI/roles", role="reviewer", reason="more")
        send(client, "/people/LI/roles", role="supervisor", reason="more")
        send(client, "/people/LI/roles/withdrawal", role="registrar", reason="less")
        page = text(client.get("/people/LI"))
        assert ("待确认" in page, "已收回" in page, "无需第二人" in page) == (True, True, True)
        assert roles_of(session) == {"reviewer"}

        assert "不能为自己办理" in text(client.get("/people/WANG"))
        assert send(client, "/people/WANG/deactivation", reason="x").status_code == 403
        old = re.search(r"token=([\w-]+)", text(send(client, "/people/LI/link")))[1]
        assert "/invitation?token=" in text(send(client, "/people/LI/link"))
        assert client.get(f"/invitation?token={old}").status_code == 404
        assert send(client, "/people/LI/second-factor/removal", reason="lost").status_code == 409
        assert send(client, "/people/LI/deactivation", reason="left").location == "/people/LI"
        assert "恢复账户" in text(client.get("/people/LI"))
        assert send(client, "/people/LI/reactivation", reason="back").location == "/people/LI"

        csv = client.get("/people?role=reviewer&q=li&state=open&format=csv").data.decode("utf-8-sig")
        assert [line.split(",")[0] for line in csv.splitlines()] == ["用户名", "li"]
        assert "计划员" not in client.get("/role-requests?format=csv").data.decode()

    def test_nobody_acts_on_people_elsewhere(self, app, session, office):
        a_body(session, "nb-scjg", region="330200")
        an_account(session, "far", roles=["administrator"], body="nb-scjg")
        grant = ask(session)
        client = app.test_client()
        sign_in(client, "far")

        assert client.get("/people/LI").status_code == 404
        for act in ("roles", "roles/withdrawal", "link", "deactivation", "reactivation", "sessions/end"):
            answer = send(client, f"/people/LI/{act}", role="reviewer", reason="x")
            assert answer.status_code == 404, act
        assert send(client, f"/role-requests/{grant.id}/decision", decision="grant").status_code == 404
        assert "li某" not in text(client.get("/role-requests"))

    def test_a_body_enters_the_tree_below_one_in_sight(self, app, session, office):
        client = app.test_client()
        sign_in(client, "wang")
        fields = {"token": "hz-yh", "name": "余杭分局", "line": "scjg", "level": "county", "region": "330110"}
        fields |= {"parent": "hz-scjg", "pool": "listed"}

        assert send(client, "/bodies/new", page="/bodies/new", **fields).location == "/bodies"
        for wrong in ({}, {"token": "A B"}, {"token": "x", "region": "310000"}):
            assert (
                send(client, "/bodies/new", page="/bodies/new", **{**fields, **wrong}).status_code == 422
            ), wrong
        assert "仅列入名录的对象" in text(client.get("/bodies"))
        assert "hz-yh" in client.get("/bodies?format=csv").data.decode()


def test_roles_that_need_two_persons_wait_again_when_an_account_is_asked_anew(session, office):
    services.decide_role(session, ask(session).id, grant=True, by="HAN", at=NOON)
    session.expire_all()
    user = queries.user_by_person(session, "LI")
    assert user.own_roles == {"registrar", "planner"}

    with transaction(session):
        ask_again(session, user, reason="password reset", by="ZHU", at=NOON)

    session.expire_all()
    assert queries.user_by_person(session, "LI").own_roles == {"registrar"}
    waiting = queries.waiting_grant(session, user.id, "planner")
    assert waiting is not None
    assert (waiting.requested_by, waiting.reason) == ("ZHU", "password reset")
    with pytest.raises(SamePersonTwiceError):
        services.decide_role(session, waiting.id, grant=True, by="ZHU", at=NOON)
