"""A subject's record on pages: what registrars do there, the record of a day, who left, the classes."""

from datetime import date

import pytest
from publish.staff import text
from registry.a_registry import NOON, a_code, a_rule_set_object, a_subject, some_subjects
from registry.an_import import a_file, run
from visitors import a_body, an_account, send, sign_in

from doublerandom.db import transaction
from doublerandom.registry import queries, services

pytestmark = pytest.mark.usefixtures("today")
CODE = a_code(1)
PAGE = f"/registry/subjects/{CODE}"
OFFICE = {"line": "fire", "name": "市消防救援支队"}


@pytest.fixture
def shop(session, client):
    """A restaurant of the city, one elsewhere; a registrar of the city's market regulator is signed in."""
    body = a_body(session)
    services.seed_industries(session, by="system", at=NOON)
    some_subjects(
        session,
        a_subject(1, name="旧名饭店", industry="6210", credit_class="B", credit_class_on=date(2026, 2, 1)),
        a_subject(2, region="330203"),
    )
    an_account(session, "reg", roles=["registrar"], person="REG")
    an_account(session, "aud", roles=["auditor"], person="AUD")
    an_account(session, "over", roles=["overseer"], person="OVER")
    sign_in(client, "reg")
    return body


def test_the_record_shows_names_for_codes_and_takes_what_a_registrar_does(session, client, shop):
    page = text(client.get(PAGE))
    assert "住宿和餐饮业 › 餐饮业 › 正餐服务 6210" in page
    assert client.get(f"/registry/subjects/{a_code(2, region='330203')}").status_code == 404

    said = send(
        client, f"{PAGE}/standings", said="tag", value="canteen", valid_from="2026-03-01", why="学校食堂"
    )
    refused = send(
        client, f"{PAGE}/standings", said="excluded", value="不是代号", valid_from="2026-03-01", why="x"
    )
    licence = send(
        client, f"{PAGE}/licences", number="JY1", licence_name="食品经营许可", licence_status="valid",
        licence_source="许可决定 1 号", valid_until="2030-01-01",
    )  # fmt: skip
    listing = send(
        client,
        f"{PAGE}/listings",
        listing="abnormal_list",
        listed_from="2026-02-01",
        listing_source="决定 2 号",
    )
    assert [said.status_code, licence.status_code, listing.status_code] == [303, 303, 303]
    assert refused.status_code == 422
    page = text(client.get(PAGE))
    for words in ("canteen", "食品经营许可", "经营异常名录", "决定 2 号"):
        assert words in page

    subject = queries.subject(session, CODE)
    standing = queries.standings_of(session, subject.id, on=date(2026, 3, 4))[0]
    listed = queries.listings_of(session, subject.id)[0]
    ended = send(client, f"{PAGE}/standings/{standing.id}/end", reason="停办")
    delisted = send(client, f"{PAGE}/listings/{listed.id}/end", reason="已补报")
    assert [ended.status_code, delisted.status_code] == [303, 303]
    assert send(client, f"{PAGE}/listings/999/end", reason="x").status_code == 404
    page = text(client.get(PAGE))
    assert "终止：标签 canteen" in page
    assert "；移出：已补报" in page


def test_another_bodys_word_is_not_a_registrars_to_end(session, client, shop):
    fire = a_body(session, "hz-fire", **OFFICE)
    standing = services.set_standing(
        session, subject_code=CODE, body_id=fire.id, kind="grade", value="C", valid_from=date(2026, 3, 1),
        by="li", at=NOON,
    )  # fmt: skip

    assert send(client, f"{PAGE}/standings/{standing.id}/end", reason="x").status_code == 404


def test_a_list_entry_is_ended_where_it_was_made_or_above(session, client, shop):
    a_body(session, "hz-fire", **OFFICE)
    an_account(session, "fire", roles=["registrar"], body="hz-fire", person="FIRE")
    listed = services.put_on_list(
        session, CODE, kind="abnormal_list", valid_from=date(2026, 2, 1), source="决定 3 号",
        by="FIRE", at=NOON,
    )  # fmt: skip

    assert f"/listings/{listed.id}/end" not in text(client.get(PAGE))
    assert send(client, f"{PAGE}/listings/{listed.id}/end", reason="x").status_code == 404
    assert queries.listings_of(session, listed.subject_id)[0].valid_to is None


def test_who_leaves_the_pool_is_counted_by_person_for_who_watches(session, client, shop):
    left = send(client, f"{PAGE}/leave", reason="duplicate", note="与另一户重复")
    assert left.status_code == 303
    assert send(client, f"{PAGE}/leave", reason="duplicate", note="再次").status_code == 422
    assert "已移出" in text(client.get(PAGE))
    client.post("/sign-out")
    client.delete_cookie("session")
    sign_in(client, "aud")

    page = client.get("/registry/pool-changes")
    file = client.get("/registry/pool-changes?format=csv").get_data(as_text=True)
    english = text(client.get("/registry/pool-changes?kind=status&lang=en"))

    assert "reg某" in text(page)
    assert "与另一户重复" in text(page)
    assert "重复录入" in file
    assert "registration" in english.lower()
    assert client.get("/registry/pool-changes?since=yesterday").status_code == 422
    assert client.get(f"{PAGE}/correction").status_code == 403


def test_who_left_can_be_taken_in_again(session, client, shop):
    send(client, f"{PAGE}/leave", reason="duplicate", note="误判")

    joined = send(client, f"{PAGE}/join", join_reason="核实后不是重复")

    assert joined.status_code == 303
    assert queries.subject_row(session, CODE, body=shop, on=date(2026, 3, 4)) is not None


def test_a_correction_is_shown_with_from_to_and_source_and_undone_in_the_record_of_the_day_before(
    session, client, shop
):
    filled = {
        "kind": "enterprise",
        "name": "新名饭店",
        "region": "330102",
        "status": "active",
        "industry": "6210",
    }

    assert "旧名饭店" in client.get(f"{PAGE}/correction").get_data(as_text=True)
    sent = send(client, f"{PAGE}/correction", reason="换照", **filled)
    wrong = send(client, f"{PAGE}/correction", reason="换照", **{**filled, "industry": "9999"})

    assert (sent.status_code, wrong.status_code) == (303, 422)
    page = text(client.get(PAGE))
    assert "名称：旧名饭店 → 新名饭店" in page
    assert "本机关登记信息（机关hz-scjg）" in page
    before = client.get(f"{PAGE}?on=2026-03-03")
    assert "<h1>旧名饭店</h1>" in before.get_data(as_text=True)
    assert "只供查阅" in text(before)
    assert "还没有录入平台" in text(client.get(f"{PAGE}?on=2026-03-01"))
    assert client.get(f"{PAGE}?on=soon").status_code == 422


def test_a_project_entered_by_an_office_that_registers_nobody_needs_a_document_and_gets_a_code(
    session, client, shop
):
    fire = a_body(session, "hz-fire", **OFFICE)
    with transaction(session):
        fire.pool = "listed"
        session.add(fire)
    an_account(session, "fire", roles=["registrar"], body="hz-fire", person="FIRE")
    client.delete_cookie("session")
    sign_in(client, "fire")
    filled = {"kind": "project", "name": "一号工地", "region": "330106", "status": "active", "operator": CODE}

    assert client.get("/registry/subjects/new").status_code == 200
    refused = send(client, "/registry/subjects/new", **filled)
    away = send(client, "/registry/subjects/new", **{**filled, "region": "330203"}, source="s")
    added = send(client, "/registry/subjects/new", **filled, source="施工许可 3 号")

    assert "请写明依据的文件" in text(refused)
    assert (refused.status_code, away.status_code) == (422, 422)
    assert added.location == "/registry/subjects/XM-330106-2026-00001"
    page = text(client.get(added.location))
    assert "旧名饭店" in page
    assert "施工许可 3 号" in page
    assert "一号工地" in text(client.get(PAGE))
    assert [row.code for row in queries.subjects_in_scope(
        session, body=fire, filter_text="", on=date(2026, 3, 4)
    )] == ["XM-330106-2026-00001"]  # fmt: skip


def test_the_monthly_classes_show_who_moved_and_are_not_for_the_overseer(session, client, shop, tmp_path):
    path = a_file(tmp_path, f"{CODE},D", header="code,class", name="三月分类.csv")
    run(session, "classes", path, on=date(2026, 3, 1), by="REG")
    batch = queries.class_batches(session)[0]

    overview = client.get("/registry/classes")
    page = client.get(f"/registry/classes/{batch.id}")
    file = client.get(f"/registry/classes/{batch.id}?format=csv").get_data(as_text=True)
    files = client.get("/registry/classes?format=csv").get_data(as_text=True)

    assert "三月分类.csv" in text(overview)
    assert "B 类 → D 类 1" in page.get_data(as_text=True)
    assert "B,D,1" in file
    assert "三月分类.csv" in files
    assert client.get("/registry/classes/999").status_code == 404
    record = text(client.get(PAGE))
    assert "D 类（2026-03-01）" in record
    client.delete_cookie("session")
    sign_in(client, "over")
    assert client.get(f"/registry/classes/{batch.id}").status_code == 403
    assert "D 类" not in text(client.get(PAGE))


def test_classes_older_than_the_rules_allow_are_warned_of(session, settings, client, shop, tmp_path):
    rules = a_rule_set_object(class_snapshot_days=10)
    row = services.add_rule_set(session, rules, body_id=shop.id, by="zhang", at=NOON)
    services.approve_rule_set(session, row.id, settings=settings, by="head", at=NOON)
    path = a_file(tmp_path, f"{CODE},D", header="code,class")
    run(session, "classes", path, on=date(2026, 2, 10))
    batch = queries.class_batches(session)[0]

    assert "超过细则规定的 10 天" in text(client.get(f"/registry/classes/{batch.id}"))
    assert "22 天没有更新" in text(client.get(PAGE))


def test_the_cap_of_low_risk_is_not_told_to_who_sees_no_class(session, settings, client, shop):
    rules = a_rule_set_object()
    rules["caps"] = {**rules["caps"], "low_risk": {"classes": ["B"], "number": 1}}
    row = services.add_rule_set(session, rules, body_id=shop.id, by="zhang", at=NOON)
    services.approve_rule_set(session, row.id, settings=settings, by="head", at=NOON)
    assert "低风险对象全年" in text(client.get(PAGE))
    client.delete_cookie("session")
    sign_in(client, "over")

    assert "低风险对象全年" not in text(client.get(PAGE))
