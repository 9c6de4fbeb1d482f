"""The wizard: from a plan line to a prepared draw by confirmations alone; calendar; temporary tasks."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from draws.a_city import City, a_city, some_rules
from publish.staff import text
from sqlmodel import select
from visitors import a_body, an_account, send, sign_in

from doublerandom.draws.models import Draft, DraftState, Draw
from doublerandom.draws.services import counting
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries as registry
from doublerandom.registry import services
from doublerandom.registry.services import PlanLineIn

NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
CONFIRMED = {
    "scope": {"title": "餐饮服务抽查", "batch": "0", "filter": ""},
    "strata": {},
    "team": {
        "inspectors": "persons",
        "seat_0": "lead", "department_0": "scjg", "skills_0": "可任组长",
        "seat_1": "member", "department_1": "scjg",
    },
    "when": {
        "due": "2026-03-04T10:00", "level": "A", "throws": "40", "result_minutes": "60", "reveal_days": "30",
    },
}  # fmt: skip


@pytest.fixture
def city(session, settings, client) -> City:
    """The city with a planner, a head and an auditor, and a planner of another city."""
    lines = [
        PlanLineIn("2026-007", "餐饮服务抽查", ["SPJY-01"]),
        PlanLineIn("2026-008", "联合", ["SPJY-01"], partners=["fire"]),
    ]
    city = a_city(session, settings, lines=lines, rules=some_rules(quorum={"persons": 2}))
    for token in ("nb-scjg", "gongzheng"):
        a_body(session, token, region="330200", name="宁波市市场监管局")
    for name in ("planner", "head", "auditor"):
        an_account(session, name, roles=[name], person=f"P-{name}")
    an_account(session, "far", roles=["planner"], body="nb-scjg", person="P-far")
    an_account(session, "notary", roles=["supervisor"], body="gongzheng", person="P-notary")
    with time_machine.travel(NOW, tick=False):
        sign_in(client, "planner")
        yield city


def anew(city: City) -> list[Draft]:
    """The drafts as the database has them."""
    city.session.rollback()
    city.session.expire_all()
    return list(city.session.exec(select(Draft).order_by(Draft.id)))


def become(client, name):
    """Sign in as somebody else."""
    send(client, "/sign-out")
    sign_in(client, name)


def begun(client, **more: str) -> str:
    """The address of a draft of the first line."""
    answer = send(client, "/desk/draws/drafts", plan_line="2026-007", **more)
    return str(answer.location).removesuffix("/scope")


def test_an_ordinary_draw_is_a_few_confirmations(client, city):
    assert "没有正在准备的抽取" in text(client.get("/desk/draws/drafts"))
    assert "餐饮服务抽查" in text(client.get("/desk/draws/new"))
    at = begun(client)
    assert "继续准备抽取" in text(client.get("/desk"))
    assert client.get(at).location.endswith("/scope")
    for step, sent in CONFIRMED.items():
        page = client.get(f"{at}/{step}")
        assert page.status_code == 200, step
        answer = send(client, f"{at}/{step}", **sent)
        assert answer.status_code == 303, text(answer)
    (draft,) = anew(city)
    assert draft.confirmed == ["scope", "strata", "team", "when"]
    assert draft.wish == {"due": "2026-03-04T10:00:00+08:00", "randomness": [{"kind": "drand"}]}

    assert "开始预检" in text(client.get(f"{at}/preflight"))
    assert send(client, f"{at}/check").status_code == 303
    assert "准备抽取，进入签名" in text(client.get(f"{at}/preflight"))
    assert city.session.exec(select(Draw)).first() is None
    prepared = send(client, f"{at}/prepare")

    (draft,) = anew(city)
    assert draft.state is DraftState.PREPARED
    assert prepared.location.endswith(f"/desk/draws/{draft.draw_number}")
    assert client.get(at).location == client.get(f"{at}/preflight").location == prepared.location
    assert send(client, f"{at}/check").status_code == 409
    assert send(client, f"{at}/strata").status_code == 422
    assert draft.draw_number in text(client.get("/desk/draws/drafts"))
    assert "餐饮服务抽查" in text(client.get("/desk/draws/calendar?month=2026-03"))
    assert client.get("/desk/draws/calendar?month=2026-03&format=csv").status_code == 200
    assert "2026-03" in text(client.get("/desk/draws/calendar?month=soon"))


def test_what_is_chosen_is_kept_and_what_cannot_be_is_shown_again(client, city):
    at = begun(client)
    tried = client.get(f"{at}/scope?build=1&region=330102")
    assert "region+%3D+330102" in tried.location
    assert "还没有保存" in text(client.get(tried.location))
    unreadable = client.get(f"{at}/scope?build=1&status=weird&rest=tag+%3D+x")
    assert "按这个范围不能抽取" in text(client.get(unreadable.location))
    for wrong in ({"filter": "region ="}, {"filter": "class = A and"}, {"batch": "x"}):
        answer = send(client, f"{at}/scope", **{**CONFIRMED["scope"], **wrong})
        assert answer.status_code == 422, wrong
    narrower = {"filter": "region = 330102", "title": "东片抽查", "batch": "2"}
    assert send(client, f"{at}/scope", **narrower).status_code == 303
    assert "region = 330102" in client.get(f"{at}/scope").get_data(as_text=True)
    assert send(client, f"{at}/strata", whole="y", batches="3").status_code == 422, "no key items"
    assert send(client, f"{at}/strata", batches="half").status_code == 422
    assert send(client, f"{at}/team", inspectors="persons", seat_0="expert").status_code == 422
    when = CONFIRMED["when"]
    for wrong in (
        {"due": "2026-03-03T10:30"},
        {"level": "B"},
        {"level": "B", "dice": "y", "throws": "10"},
        {"level": "C", "party_0": "P-planner", "party_1": "P-head"},
        {"result_minutes": "90"},
        {"due": "someday"},
    ):
        assert send(client, f"{at}/when", **{**when, **wrong}).status_code == 422, wrong
    assert (
        send(client, f"{at}/when", **{**when, "level": "B", "dice": "y", "reveal_days": "9"}).status_code
        == 303
    )
    (draft,) = anew(city)
    assert draft.wish["filter"] == "region = 330102"
    assert draft.wish["title"] == "东片抽查"
    assert draft.wish["randomness"] == [{"kind": "dice", "sides": 10, "count": 40}]
    assert draft.wish["reveal_by"].startswith("2026-03-13")
    assert "还有步骤没有确认" in text(client.get(f"{at}/preflight"))
    assert {act.name for act in ledger.acts_on(city.session, "draw_draft", str(draft.id))} == {
        "DraftOpened",
        "DraftStepConfirmed",
    }
    parties = {"level": "C", "party_0": "P-planner", "party_1": "P-far", "party_2": "P-notary"}
    assert send(client, f"{at}/when", **{**when, **parties, "closed": "inspectors"}).status_code == 303
    alone = {"inspectors": "persons", "seat_0": "lead", "department_0": "scjg"}
    assert send(client, f"{at}/preflight").status_code == 404, "nothing to confirm there"
    assert send(client, f"{at}/team", **alone).location.endswith("/team"), "one inspector does not suffice"
    page = text(client.get(f"{at}/preflight"))
    assert "C 级" in page
    assert "notary某" in page
    assert send(client, f"{at}/leave").status_code == 303
    assert "已放弃" in text(client.get("/desk/draws/drafts"))


def test_a_department_that_co_operates_has_a_seat_and_teams_take_one_for_each(client, city):
    at = str(send(client, "/desk/draws/drafts", plan_line="2026-008").location).removesuffix("/scope")
    page = client.get(f"{at}/team").get_data(as_text=True)
    assert '<option selected value="joint">' in page
    seats = CONFIRMED["team"] | {"seat_2": "joint", "department_2": "fire"}
    send(client, f"{at}/team", **seats)
    assert anew(city)[0].wish["team"][-1] == {"seat": "joint", "department": "fire"}
    send(client, f"{at}/team", **{**seats, "inspectors": "teams", "days": "30"})
    (draft,) = anew(city)
    assert draft.wish["days"] == 30
    assert [(seat["seat"], seat["department"]) for seat in draft.wish["team"]] == [
        ("team", "scjg"),
        ("team", "fire"),
    ]


def test_drafts_are_seen_at_and_above_their_body_and_rehearsals_are_marked(client, city):
    at = begun(client, rehearsal="y")
    assert "演练" in text(client.get("/desk/draws/drafts"))
    assert "不写入存证日志" in text(client.get(f"{at}/when"))
    become(client, "auditor")
    assert client.get(f"{at}/scope").status_code == 200
    assert send(client, f"{at}/scope", **CONFIRMED["scope"]).status_code == 403
    assert client.get(f"{at}/nowhere").status_code == 404
    become(client, "far")
    assert client.get(f"{at}/scope").status_code == 404
    assert send(client, f"{at}/leave").status_code == 404
    assert "没有正在准备的抽取" in text(client.get("/desk/draws/drafts"))
    assert "还没有已公布的年度计划" in text(client.get("/desk/draws/new"))
    assert "还没有公布年度计划" in text(client.get("/desk/draws/new/temporary"))
    assert anew(city)[0].rehearsal


def test_a_temporary_task_is_published_with_its_number_before_it_is_drawn(client, city):
    task = {
        "approval": "杭市监批〔2026〕3号", "name": "节前专项检查", "items": "SPJY-01", "scope": "餐饮店",
        "filter": "industry = 62", "start": "2026-03-05", "complete_by": "2026-04-30", "reason": "节前",
    }  # fmt: skip
    assert client.get("/desk/draws/new/temporary").status_code == 200
    for wrong in ({"approval": ""}, {"filter": "industry ="}, {"reason": ""}, {"complete_by": "2026-01-01"}):
        answer = send(client, "/desk/draws/new/temporary", **{**task, **wrong})
        assert answer.status_code == 422, wrong
    city.session.rollback()
    assert len(registry.annual_plans(city.session)) == 1

    drafting = services.amend_annual_plan(
        city.session,
        registry.annual_plans(city.session)[0].id,
        body=city.body,
        reason="下半年",
        by="P-planner",
        at=NOW,
    ).id
    joined = {**task, "reason": "", "name": "专项检查之二", "approval": "4号"}
    assert send(client, "/desk/draws/new/temporary", **joined).location.endswith(f"/{drafting}")
    assert "修订待提交" in text(client.get("/desk/draws/new"))
    services.submit_annual_plan(city.session, drafting, by="P-planner", at=NOW)
    services.approve_annual_plan(city.session, drafting, approval="8", by="P-head", at=NOW)
    assert send(client, "/desk/draws/new/temporary", **task).status_code == 422, "one amendment at a time"
    services.publish_annual_plan(
        city.session, drafting, body=city.body, settings=city.settings, by="P-head", at=NOW
    )
    city.session.rollback()

    added = send(client, "/desk/draws/new/temporary", **task)

    assert added.status_code == 303
    page = text(client.get("/desk/draws/new"))
    assert "待机关负责人批准" in page
    assert "杭市监批〔2026〕3号" in page
    assert "正待机关负责人批准" in text(client.get("/desk/draws/new/temporary"))
    city.session.rollback()
    plan = registry.plan_versions(city.session, body_id=city.body.id, year=2026)[0]
    services.approve_annual_plan(city.session, plan.id, approval="2026-9", by="P-head", at=NOW)
    services.publish_annual_plan(
        city.session, plan.id, body=city.body, settings=city.settings, by="P-head", at=NOW
    )
    earlier, line = (row for row in registry.lines_of_plan(city.session, plan.id) if row.approval)
    assert (earlier.number, earlier.approval) == ("2026-001", "4号")
    assert (line.number, line.approval) == ("2026-002", "杭市监批〔2026〕3号")
    assert "杭市监批〔2026〕3号" in text(client.get(f"/plans/{plan.id}"))
    city.session.rollback()
    assert send(client, "/desk/draws/drafts", plan_line=line.number).status_code == 303


def test_a_large_scope_is_counted_beside_the_page_and_a_stale_draw_is_prepared_anew(
    client, city, monkeypatch
):
    draw = city.prepare(due=NOW + timedelta(days=20))
    at = begun(client)
    monkeypatch.setattr(counting, "LARGE", 59)
    assert "正在统计名录" in text(client.get(f"{at}/scope"))
    for step in ("scope", "strata", "team"):
        assert "按 10:00 的名录" in text(client.get(f"{at}/{step}")), step
    assert send(client, f"{at}/count", step="team").location.endswith("/team")
    assert "正在统计名录" in text(client.get(f"{at}/team"))

    assert "照此重新准备" not in text(client.get(f"/desk/draws/{draw.number}"))
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        sign_in(client, "planner")
        page = text(client.get(f"/desk/draws/{draw.number}"))
        assert "准备后已超过 7 天" in page
        assert "照此重新准备" in page
        assert "这一批的第 1 次准备" in page
        assert send(client, f"/desk/draws/{draw.number}/again").location.endswith("/scope")
        become(client, "far")
        assert send(client, f"/desk/draws/{draw.number}/again").status_code == 404
