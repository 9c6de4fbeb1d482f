"""Stand-ins (A/B 角): the role is lent for some days, acts are B's own and name A, never on both sides."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select
from visitors import a_body, an_account, send, sign_in

from doublerandom import clock
from doublerandom.accounts import queries, services
from doublerandom.accounts.errors import (
    NotLendableError,
    RolesDoNotCombineError,
    StandInElsewhereError,
    StandInNotYoursError,
    StandInPeriodError,
    StandInSelfError,
    StandsInForOtherSideError,
    UnknownStandInError,
)
from doublerandom.accounts.models import StandIn
from doublerandom.ledger.models import Act

NOW = clock.now()
TODAY = clock.local(NOW).date()


@pytest.fixture
def office(session):
    """Han heads; li plans and reviews; qi keeps lists; an auditor; an administrator."""
    a_body(session)
    a_body(session, "nb-scjg", region="330200")
    for username, roles in (
        ("han", ["head"]),
        ("li", ["planner", "reviewer", "inspector"]),
        ("qi", ["registrar"]),
        ("shao", ["auditor"]),
        ("wang", ["administrator"]),
    ):
        an_account(session, username, roles=roles)
    an_account(session, "far", roles=["head"], body="nb-scjg")
    a_body(session, "wz-scjg", region="330300")
    an_account(session, "single", roles=["supervisor"], body="wz-scjg")


def lend(session, a="LI", b="QI", *, roles=("reviewer",), first=TODAY, last=TODAY, by=None):
    days = {"first_day": first, "last_day": last}
    return services.set_stand_in(session, a, b, roles=list(roles), **days, reason="away", by=by or a, at=NOW)


def test_b_holds_the_role_while_it_lasts_and_it_ends(session, office):
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    lend(session, roles=["planner"], first=tomorrow, last=tomorrow)
    row = lend(session, first=yesterday, last=TODAY, by="HAN")

    qi = queries.user_by_person(session, "QI")
    assert queries.sight(qi).has("reviewer")
    assert not queries.sight(qi).has("planner")
    assert qi.lent_roles(tomorrow) == {"planner": "LI"}
    assert qi.own_roles == {"registrar"}

    services.end_stand_in(session, row.id, by="QI", at=NOW)
    assert not queries.sight(queries.user_by_person(session, "QI")).has("reviewer")
    with pytest.raises(UnknownStandInError):
        services.end_stand_in(session, row.id, by="LI", at=NOW)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"roles": ["inspector"]}, NotLendableError),
        ({"roles": ["credit_officer"]}, NotLendableError),
        ({"roles": []}, NotLendableError),
        ({"a": "WANG", "roles": ["administrator"]}, NotLendableError),
        ({"a": "SHAO", "roles": ["auditor"]}, NotLendableError),
        ({"b": "SHAO"}, RolesDoNotCombineError),
        ({"b": "LI"}, StandInSelfError),
        ({"b": "FAR"}, StandInElsewhereError),
        ({"by": "QI"}, StandInNotYoursError),
        ({"by": "FAR"}, StandInNotYoursError),
        ({"last": TODAY - timedelta(days=1), "first": TODAY - timedelta(days=2)}, StandInPeriodError),
        ({"first": TODAY + timedelta(days=2), "last": TODAY + timedelta(days=1)}, StandInPeriodError),
        ({"last": TODAY + timedelta(days=400)}, StandInPeriodError),
    ],
)
def test_what_cannot_be_lent(session, office, facts, error):
    with pytest.raises(error):
        lend(session, **facts)

    assert not session.exec(select(StandIn)).all()


def test_it_ends_with_the_role_and_with_the_account(session, settings, office):
    first, second = lend(session), lend(session, roles=["planner"])

    services.withdraw_role(session, "LI", "reviewer", reason="x", by="WANG", at=NOW)
    session.expire_all()
    assert (first.ended_at is None, second.ended_at is None) == (False, True)
    services.deactivate(session, "QI", reason="x", settings=settings, by="WANG", at=NOW)
    session.expire_all()
    assert second.ended_at is not None


def test_the_two_never_stand_on_both_sides(session, office):
    lend(session, "HAN", "QI", roles=["head"])
    row = services.request_role(session, "LI", "supervisor", reason="x", by="HAN", at=NOW)

    with pytest.raises(StandsInForOtherSideError):
        services.decide_role(session, row.id, grant=True, by="QI", at=NOW)

    other = services.request_role(session, "LI", "overseer", reason="x", by="WANG", at=NOW)
    assert services.decide_role(session, other.id, grant=True, by="QI", at=NOW).granted


def test_a_stand_in_of_either_day_keeps_the_two_from_being_both_sides(session, office):
    row = lend(session, roles=["planner"])
    next_week = NOW + timedelta(days=7)
    sides = {"first_roles": ("planner",), "second_roles": ("supervisor",)}

    services.check_two_persons(session, "QI", "LI", **sides, at=next_week)
    with pytest.raises(StandsInForOtherSideError):
        services.check_two_persons(session, "QI", "LI", **sides, at=next_week, first_at=NOW)
    services.end_stand_in(session, row.id, by="LI", at=NOW + timedelta(hours=1))

    session.expire_all()
    with pytest.raises(StandsInForOtherSideError):
        services.check_two_persons(session, "QI", "LI", **sides, at=next_week, first_at=NOW)
    later = NOW + timedelta(hours=2)
    services.check_two_persons(session, "QI", "LI", **sides, at=next_week, first_at=later)


def test_on_pages_b_acts_in_the_own_name_and_a_stands_beside(app, session, office):
    client, boss = app.test_client(), app.test_client()
    alone = app.test_client()
    sign_in(alone, "single")
    assert "没有可以代理的其他人员" in alone.get("/stand-ins").get_data(as_text=True)
    sign_in(client, "li")
    day = TODAY.isoformat()
    fields = {"principal": "LI", "person": "QI", "first_day": day, "last_day": day, "reason": "away"}
    assert send(client, "/stand-ins", page="/stand-ins", **fields).status_code == 422
    assert send(client, "/stand-ins", page="/stand-ins", **fields, roles="planner").location == "/stand-ins"
    sign_in(boss, "han")
    fields |= {"principal": "HAN", "roles": "head"}
    assert send(boss, "/stand-ins", page="/stand-ins", **fields).location == "/stand-ins"
    row = services.request_role(session, "LI", "overseer", reason="x", by="WANG", at=NOW)

    send(client, "/sign-out")
    sign_in(client, "qi")
    desk = client.get("/desk").get_data(as_text=True)
    assert "您正在代理" in desk
    assert "li某 · 电子监察员" in desk
    assert "head" not in str(queries.user_by_person(session, "QI").own_roles)
    send(client, f"/role-requests/{row.id}/decision", decision="grant")

    session.rollback()
    act = session.exec(select(Act).where(Act.name == "RoleGranted").order_by(Act.id.desc())).first()
    assert (act.by, json.loads(act.facts)["for"]) == ("QI", "HAN")
    assert send(client, "/access-codes", subject="x").status_code in {404, 422}
    last = session.exec(select(Act).order_by(Act.id.desc())).first()
    assert "for" not in json.loads(last.facts) or last.id == act.id
    assert "qi某" in boss.get("/stand-ins?format=csv").data.decode()
    stand_in = session.exec(select(StandIn).where(StandIn.principal == "HAN")).one()
    assert send(boss, f"/stand-ins/{stand_in.id}/end").location == "/stand-ins"
    assert client.get("/role-requests").status_code == 403
