"""The inspectors' desk: list, record, papers, calendar, teams; and each inspector's own page."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from publish.staff import text
from visitors import NOON, a_body, an_account, send, sign_in

from doublerandom.registry import queries, services
from doublerandom.registry.services import MemberIn

TODAY = date(2026, 3, 2)
LI = {"by": "li", "at": NOON}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime(2026, 3, 2, 5, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def house(session):
    """A bureau and its county office with four inspectors, an expert, a neighbour, and people at desks."""
    city = a_body(session)
    county = a_body(session, "xh-scjg", region="330106", parent_token="hz-scjg", name="西湖分局")
    far = a_body(session, "nb-scjg", region="330200")
    for n, body in enumerate((city, city, county, city, far), start=1):
        services.add_inspector(
            session,
            f"Z-{n}",
            name=f"检查员{n}",
            body_id=body.id,
            department="scjg",
            skills=["lead", "food"],
            certificate_until=TODAY + timedelta(days=20 * n),
            **LI,
        )
    services.add_inspector(
        session, "X-1", name="专家一", body_id=city.id, department="scjg", expert=True, **LI
    )
    for role in ("registrar", "head", "auditor", "planner"):
        an_account(session, role, roles=[role], person=role.upper())
    an_account(session, "wang", roles=["inspector"], certificate="Z-1", person="WANG")
    an_account(session, "new", roles=["inspector"], person="NEW")
    rules = {
        "body": "hz-scjg",
        "domain": "scjg",
        "version": 1,
        "valid_from": "2026-01-01",
        "availability": {"working_days": 1, "reminder_days": 45},
        "load": {"period_days": 90},
    }
    row = services.add_rule_set(session, rules, body_id=city.id, by="li", at=NOON)
    session.info["rule_set"] = row.id
    return session


def paper(client, what, **fields):
    """Send one of the forms of papers."""
    record = "/registry/inspectors/Z-1"
    return send(client, f"{record}/{what}", page=f"{record}/absences/new", **fields)


def typed(answer):
    """The page with what stands in its fields."""
    return answer.get_data(as_text=True)


def approved(session, settings):
    services.approve_rule_set(session, session.info["rule_set"], settings=settings, by="head", at=NOON)


@pytest.fixture
def registrar(house, client):
    sign_in(client, "registrar")
    return client


def test_the_list_shows_who_can_be_dealt_in_sight_filtered_and_as_files(house, settings, registrar):
    approved(house, settings)
    services.add_absence(house, "Z-2", kind="leave", first_day=TODAY, last_day=TODAY, **LI)
    services.note_dealt(house, "D-1", {"Z-1": 7}, on=TODAY)

    page = registrar.get("/registry/inspectors")

    words = text(page)
    for said in ("检查员1", "西湖分局", "请假", "专家，不计入", "还剩 20 天", "可派"):
        assert said in words
    assert "Z-5" not in words
    assert "检查员2" in text(registrar.get("/registry/inspectors?state=away"))
    assert "检查员1" not in text(registrar.get("/registry/inspectors?state=away"))
    assert "检查员3" in text(registrar.get("/registry/inspectors?body=hz-scjg/xh-scjg/"))
    assert "没有符合条件的人员" in text(registrar.get("/registry/inspectors?ending=expired"))
    soon = text(registrar.get("/registry/inspectors?ending=soon&lang=en"))
    assert "Z-2" in soon
    assert "Z-3" not in soon
    file = registrar.get("/registry/inspectors?format=csv&state=away").get_data(as_text=True)
    assert "Z-2" in file
    assert "Z-1" not in file
    with registrar.get("/registry/inspectors?format=xlsx") as book:
        assert zipfile.is_zipfile(io.BytesIO(book.data))
    assert "将于 2026-04-16 前到期：2 人" in text(registrar.get("/desk?lang=zh"))


def test_a_new_inspector_is_entered_changed_and_leaves_with_a_reason(house, registrar):
    new = {
        "certificate": "z-9",
        "name": "新来的",
        "body": str(queries.inspector(house, "Z-3").body_id),
        "department": "scjg",
        "skills": "食品安全、可任组长",
        "regions": "330106",
        "items": "SC-01，餐饮",
        "valid_from": "2026-01-01",
        "valid_to": "2030-01-01",
    }
    form = {"page": "/registry/inspectors/new"}

    again = send(
        registrar, "/registry/inspectors", **form, **{**new, "certificate": "Z-1", "regions": "西湖"}
    )
    there = send(registrar, "/registry/inspectors", **form, **{**new, "certificate": "Z-1"})
    sent = send(registrar, "/registry/inspectors", **form, **new)

    assert (again.status_code, there.status_code, sent.location) == (422, 422, "/registry/inspectors/Z-9")
    assert "新来的" in typed(again)
    page = text(registrar.get("/registry/inspectors/Z-9"))
    for said in ("2030-01-01", "食品安全", "可任组长", "SC-01", "西湖分局"):
        assert said in page
    change = "/registry/inspectors/Z-9/change"
    assert "食品安全" in typed(registrar.get(change))
    left = {name: new[name] for name in ("name", "body", "department", "skills")}
    assert send(registrar, change, page=change, **left).status_code == 422
    assert send(registrar, change, page=change, **left, reason="调离").status_code == 303
    assert "已离库" in text(registrar.get("/registry/inspectors/Z-9"))
    house.rollback()
    assert queries.inspector(house, "Z-9").regions == []


def test_papers_are_entered_on_their_forms_and_stand_on_the_record(house, registrar):
    record = "/registry/inspectors/Z-1"
    (view,) = queries.certificates_of(house, queries.inspector(house, "Z-1"))
    status = f"{record}/certificates/{view.row.id}/status"
    renewal = {"number": "Z-1", "kind": "enforcement", "valid_from": "2026-03-23", "valid_to": "2031-01-01"}
    course = {"kind": "training", "first_day": "2026-03-02", "last_day": "2026-03-06", "note": "培训班"}
    held = {"skill": "food", "valid_from": "2026-01-01"}
    for name in ("certificates", "qualifications"):
        assert registrar.get(f"{record}/{name}/new").status_code == 200
    assert registrar.get(status).status_code == 200
    sent = [
        paper(registrar, "certificates", **renewal),
        send(registrar, status, page=status, status="suspended", valid_from="2026-03-02", reason="年审未过"),
        paper(registrar, "qualifications", **held, valid_to="2026-02-01", evidence="证书 7"),
        paper(registrar, "qualifications", **held, evidence="证书 8"),
        paper(registrar, "absences", **course),
    ]

    assert [answer.status_code for answer in sent] == [303] * 5
    page = text(registrar.get(record))
    for said in ("2031-01-01", "年审未过", "证书 8", "培训班", "执法证件暂扣"):
        assert said in page
    assert "证书 7" not in page
    house.rollback()
    (row,) = queries.absences_of(house, queries.inspector(house, "Z-1").id)
    address = f"{record}/absences/{row.id}"
    facts = {"kind": "training", "first_day": "2026-03-02", "last_day": "2026-03-03"}
    assert send(registrar, address, page=address, **facts, withdrawn="y").status_code == 303
    assert send(registrar, address, page=address, **facts).status_code == 409
    assert "撤回原记录" in text(registrar.get(record))


def test_refused_papers_come_back_with_what_was_typed(house, registrar):
    record = "/registry/inspectors/Z-1"
    services.add_absence(house, "Z-1", kind="leave", first_day=TODAY, last_day=TODAY, **LI)
    (row,) = queries.absences_of(house, queries.inspector(house, "Z-1").id)
    services.add_absence(
        house,
        "Z-1",
        kind="leave",
        first_day=TODAY + timedelta(days=9),
        last_day=TODAY + timedelta(days=9),
        **LI,
    )
    leave = {"kind": "leave", "first_day": "2026-03-02", "last_day": "2026-03-30", "note": "写了很久"}

    (view,) = queries.certificates_of(house, queries.inspector(house, "Z-1"))
    again = {"number": "Z-1", "kind": "enforcement", "valid_from": "2026-01-01", "authority": "写了很久"}

    refused = [
        paper(registrar, "absences", **leave),
        paper(registrar, f"absences/{row.id}", **leave),
        paper(registrar, "qualifications", skill="food", evidence="写了很久"),
        paper(registrar, "certificates", **again),
        paper(registrar, f"certificates/{view.row.id}/status", reason="写了很久"),
    ]

    for answer in refused:
        assert answer.status_code == 422
        assert "写了很久" in typed(answer)
    assert registrar.get(f"{record}/certificates/999/status").status_code == 404
    assert registrar.get(f"{record}/absences/999").status_code == 404
    assert registrar.get("/registry/inspectors/Z-2/absences/" + str(row.id)).status_code == 404


def test_without_a_reminder_in_the_rules_nothing_waits(house, registrar):
    assert "前到期" not in text(registrar.get("/desk"))
    services.add_inspector(
        house,
        "Z-6",
        name="检查员6",
        body_id=queries.inspector(house, "Z-1").body_id,
        department="water",
        **LI,
    )
    assert "water" in typed(registrar.get("/registry/inspectors/Z-6/change"))


def test_other_bodies_inspectors_are_out_of_sight_and_only_registrars_write(house, client):
    sign_in(client, "planner")
    assert client.get("/registry/inspectors/Z-1").status_code == 200
    assert client.get("/registry/inspectors/Z-5").status_code == 404
    assert client.get("/registry/inspectors/new").status_code == 403
    assert send(client, "/registry/inspectors/Z-1/absences", kind="leave").status_code == 403
    assert client.get("/registry/me").status_code == 403


def test_the_calendar_shows_a_month_of_a_body(house, registrar):
    services.seed_calendar(house, years=[2026], by="li", at=NOON)
    services.add_absence(
        house,
        "Z-2",
        kind="training",
        first_day=date(2026, 3, 30),
        last_day=date(2026, 4, 2),
        note="党校",
        **LI,
    )

    march = text(registrar.get("/registry/availability"))

    assert "检查员2" in march
    assert "党校" in march
    assert "党校" in text(registrar.get("/registry/availability?month=2026-04&body=hz-scjg/"))
    assert "本月没有人" in text(registrar.get("/registry/availability?month=2026-05"))
    assert "党校" not in text(registrar.get("/registry/availability?body=hz-scjg/xh-scjg/"))
    assert registrar.get("/registry/availability?month=nonsense").status_code == 200
    assert "党校" in registrar.get("/registry/availability?format=csv").get_data(as_text=True)


def test_a_team_is_set_up_changed_and_ended(house, registrar):
    body = str(queries.inspector(house, "Z-1").body_id)
    new = {"page": "/registry/teams/new", "name": "餐饮一组", "body": body, "valid_from": "2026-03-02"}
    assert "还没有检查组" in text(registrar.get("/registry/teams"))

    alone = send(registrar, "/registry/teams", **new, lead="Z-1", members="Z-1")
    sent = send(registrar, "/registry/teams", **new, lead="Z-1", members="Z-2", experts="X-1")

    assert (alone.status_code, sent.location) == (422, "/registry/teams/HZ-SCJG-T01")
    assert "至少要有两名" in text(alone)
    page = text(registrar.get(sent.location))
    for said in ("餐饮一组", "检查员1", "检查员2", "专家一", "随行，不计入人数", "可派"):
        assert said in page
    members = f"{sent.location}/members"
    assert (
        send(registrar, members, page=members, lead="Z-1", members="Z-5", valid_from="2026-03-02").status_code
        == 422
    )
    assert (
        send(registrar, members, page=members, lead="Z-1", members="Z-4", valid_from="2026-03-02").status_code
        == 303
    )
    assert "检查员4" in text(registrar.get("/registry/teams"))
    assert "HZ-SCJG-T01" in registrar.get("/registry/teams?format=csv").get_data(as_text=True)
    assert "餐饮一组" in text(registrar.get("/registry/inspectors/Z-4"))
    assert (
        send(registrar, f"{sent.location}/end", page=sent.location, last_day="2026-03-01").status_code == 422
    )
    assert (
        send(registrar, f"{sent.location}/end", page=sent.location, last_day="2026-03-02").status_code == 303
    )
    assert "餐饮一组" in text(registrar.get("/registry/teams?all=1"))


class TestOwnPage:
    @pytest.fixture
    def wang(self, house, client):
        sign_in(client, "wang")
        return client

    def test_inspectors_announce_leave_and_correct_it(self, house, wang):
        services.found_team(
            house,
            name="一组",
            body_id=queries.inspector(house, "Z-1").body_id,
            members=[MemberIn("Z-1", "lead"), MemberIn("Z-2", "member")],
            valid_from=TODAY,
            **LI,
        )
        mine = {"page": "/registry/me", "kind": "leave"}
        past = send(
            wang, "/registry/me/absences", **mine, first_day="2026-03-01", last_day="2026-03-03", note="久病"
        )
        sent = send(
            wang, "/registry/me/absences", **mine, first_day="2026-03-09", last_day="2026-03-10", note="年假"
        )

        assert (past.status_code, sent.status_code) == (422, 303)
        assert "久病" in typed(past)
        page = text(wang.get("/registry/me"))
        for said in ("检查员1", "年假", "一组", "申报回避", "2026-03-22"):
            assert said in page
        house.rollback()
        (row,) = queries.absences_of(house, queries.inspector(house, "Z-1").id)
        assert (row.announced, row.by) == (True, "WANG")
        address = f"/registry/me/absences/{row.id}"
        facts = {"page": address, "kind": "leave", "first_day": "2026-03-09"}
        assert send(wang, address, **facts, last_day="2026-03-01").status_code == 422
        assert send(wang, address, **facts, last_day="2026-03-09").status_code == 303
        house.rollback()
        assert queries.absences_of(house, row.inspector_id)[0].last_day == date(2026, 3, 9)

    def test_what_the_registrar_entered_stays_the_registrars(self, house, wang):
        services.add_absence(house, "Z-1", kind="duty", first_day=TODAY, last_day=TODAY, **LI)
        (row,) = queries.absences_of(house, queries.inspector(house, "Z-1").id)

        assert "由名录管理员登记" in text(wang.get("/registry/me"))
        facts = {"kind": "duty", "first_day": "2026-03-02", "last_day": "2026-03-02", "withdrawn": "y"}
        assert send(wang, f"/registry/me/absences/{row.id}", **facts).status_code == 404

    def test_an_account_without_a_number_in_the_pool_is_told_so(self, house, client):
        sign_in(client, "new")

        assert "没有对应名录库中的执法证号" in text(client.get("/registry/me"))
        facts = {"kind": "leave", "first_day": "2026-03-09", "last_day": "2026-03-09"}
        assert send(client, "/registry/me/absences", **facts).status_code == 404
