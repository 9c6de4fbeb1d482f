"""Rule sets on the desk: read in words, drafted section by section, compared, approved by another."""

import re

import pytest
from publish.staff import text
from registry.a_registry import NOON, a_rule_set_object
from visitors import a_body, an_account, send, sign_in

from doublerandom.registry import queries, services
from doublerandom.registry.models import RuleSetStatus
from doublerandom.registry.rule_shape import SECTIONS

pytestmark = pytest.mark.usefixtures("today")
LIST = "/registry/rule-sets"


@pytest.fixture
def city(session, settings):
    """A city below its province, whose own rules are approved."""
    above = a_body(session, "zj-scjg", region="330000", level="province")
    body = a_body(session, "hz-scjg", parent_token="zj-scjg")
    for each, rules in (
        (above, {**a_rule_set_object(domain="all", body="zj-scjg"), "quorum": {"persons": 2}}),
        (body, {name: value for name, value in a_rule_set_object().items() if name != "caps"}),
    ):
        row = services.add_rule_set(session, rules, body_id=each.id, by="zhang", at=NOON)
        services.approve_rule_set(session, row.id, settings=settings, by="wang", at=NOON)
    an_account(session, "author", roles=["registrar"])
    an_account(session, "boss", roles=["head"])
    an_account(session, "far", roles=["head"], body="zj-scjg")
    return body


def enter(client, username):
    client.delete_cookie("session")
    sign_in(client, username)


def draft(client):
    answer = send(client, LIST, domain="scjg", valid_from="2026-04-01", remark="依据新文件")
    assert answer.status_code == 303, text(answer)
    return answer.location


def fields(page):
    """What a browser would send of the form of a section: every field as it stands."""
    form = re.search(
        r'<form method="post"[^>]*class="form"[^>]*>(.*?)</form>', page.get_data(as_text=True), re.DOTALL
    )[1]
    found = {
        name: value
        for name, value in re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form)
        if name != "csrf_token"
    }
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        found[name] = (re.findall(r'<option selected value="([^"]*)"', options) or [""])[0]
    return found


def test_a_draft_goes_its_way_and_its_head_approves_it(city, client, session):
    enter(client, "author")
    page = draft(client)
    row = queries.versions_of(session, body_id=city.id, domain="scjg")[0]
    assert "新文件" in text(client.get(page))

    strata = fields(client.get(f"{page}/sections/strata"))
    strata |= {
        "quotas-0-quota__rate": "1/25",
        "quotas-4-stratum": "",
        "quotas-4-quota__kind": "",
        "otherwise": "d",
    }
    saved = send(client, f"{page}/sections/strata", **strata)
    assert saved.status_code == 303, text(saved)
    assert send(client, f"{page}/sections/credit", leave_open="1").status_code == 303
    assert send(client, f"{page}/days", valid_from="2026-05-01", remark="再议").status_code == 303
    compared = text(client.get(f"{page}/comparison"))
    assert "1/50" in compared
    assert "1/25" in compared
    assert "改为不作规定" in compared
    assert send(client, f"{page}/submission").status_code == 303
    assert client.get(f"{page}/sections/strata").status_code == 409
    assert send(client, f"{page}/approval", digest=row.digest).status_code == 403

    enter(client, "boss")
    assert "批准细则" in text(client.get("/desk"))
    assert send(client, f"{page}/return").status_code == 422
    assert send(client, f"{page}/approval", digest="0" * 64).status_code == 409
    session.rollback()
    assert (
        send(client, f"{page}/approval", digest=queries.rule_set_by_id(session, row.id).digest).status_code
        == 303
    )

    session.rollback()
    row = queries.rule_set_by_id(session, row.id)
    assert (row.status, row.approved_by, row.valid_from.isoformat()) == (
        RuleSetStatus.APPROVED,
        "BOSS",
        "2026-05-01",
    )
    assert [each["stratum"] for each in row.rules["strata"]["quotas"]] == ["a", "b", "c", "d"]
    assert "credit" not in row.rules
    assert "待施行" in text(client.get(LIST))


def test_a_returned_draft_waits_for_its_author_and_can_be_withdrawn(city, client, session):
    enter(client, "author")
    page = draft(client)
    assert send(client, LIST, domain="scjg", valid_from="2026-04-01").status_code == 422
    send(client, f"{page}/submission")
    enter(client, "boss")
    assert send(client, f"{page}/return", reason="比例太低").status_code == 303

    enter(client, "author")
    assert "完成草稿" in text(client.get("/desk"))
    assert "比例太低" in text(client.get(page))
    assert send(client, f"{page}/withdrawal").status_code == 422
    assert send(client, f"{page}/withdrawal", reason="不改了").status_code == 303

    assert "第 2 版" not in text(client.get(LIST))
    assert "第 2 版" in text(client.get(f"{LIST}?state=withdrawn"))
    listed = client.get(f"{LIST}?state=withdrawn&format=csv").get_data(as_text=True)
    assert listed.startswith("\ufeff机关,领域,版本,状态")
    assert len(listed.splitlines()) == 2


REFUSED = [
    ("strata", {"quotas-1-quota__rate": "3/2"}, "不大于 1 的比例"),
    ("strata", {"quotas-0-stratum": "b"}, "有一层出现了两次"),
    ("strata", {"otherwise": "nowhere"}, "这一层没有写明比例"),
    ("strata", {"quotas-2-quota__kind": ""}, "应写明比例种类"),
    ("conflicts", {"soft_needs": "很多"}, "应为不小于 0 的整数"),
    ("caps", {"per_year": "0"}, "应为不小于 1 的整数"),
    ("caps", {"low_risk__classes": "A"}, "不能缺少"),
    ("team", {"value-0-seat": "组 长"}, "应为代号"),
    ("capacity", {"value": ""}, "每人最多"),
]


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_saved(city, client, session):
    enter(client, "author")
    page = draft(client)
    before = queries.versions_of(session, body_id=city.id, domain="scjg")[0].digest

    for section, changed, said in REFUSED:
        whole = fields(client.get(f"{page}/sections/{section}"))
        refused = send(client, f"{page}/sections/{section}", **{**whole, **changed})
        assert refused.status_code == 422, (section, changed)
        assert said in text(refused), (section, changed)
        assert "有内容需要修改" in text(refused)

    session.rollback()
    assert queries.versions_of(session, body_id=city.id, domain="scjg")[0].digest == before


def test_every_section_is_told_and_can_be_opened(city, client):
    enter(client, "author")
    page = draft(client)

    for n, section in enumerate(SECTIONS):
        language = ("zh", "en")[n % 2]
        assert client.get(f"{page}/sections/{section}?lang={language}").status_code == 200
    assert client.get(f"{page}/sections/gossip").status_code == 422
    assert fields(client.get(f"{page}/sections/caps"))["per_year"] == "2"  # from above, to begin with
    for language in ("en", "zh"):
        source = "国市监信〔2019〕38号" if language == "zh" else "Guoshijianxin [2019] No. 38"
        assert source in text(client.get(f"{page}?lang={language}"))
        assert "机关zj-scjg" in text(client.get(f"{LIST}/in-force?lang={language}&domain=scjg"))
    assert text(client.get(f"{LIST}/in-force?on=2020-01-01&body=x")).count("没有任何一级机关") == 1


def test_only_those_who_may_see_change_and_decide(city, client, session):
    enter(client, "author")
    page = draft(client)
    a_body(session, "nb-scjg", region="330200", parent_token="zj-scjg")
    an_account(session, "beside", roles=["registrar"], body="nb-scjg")
    an_account(session, "reader", roles=["auditor"])

    enter(client, "beside")
    assert client.get(page).status_code == 404
    assert send(client, f"{page}/submission").status_code == 404
    assert "机关zj-scjg" in text(client.get(LIST))
    enter(client, "reader")
    assert client.get(page).status_code == 200
    assert send(client, f"{page}/submission").status_code == 403
    enter(client, "far")
    assert "批准细则" not in text(client.get(page))
    assert send(client, f"{page}/return", reason="x").status_code == 409
