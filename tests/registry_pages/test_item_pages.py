"""The desk of items: drafts saved, what is missing told, states, versions, texts read, the list published."""

import pytest
from publish.staff import text
from registry.an_item import READY
from visitors import NOON, a_body, an_account, send, sign_in

from doublerandom.accounts import queries as accounts
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries, services
from doublerandom.registry.models import ItemStatus

FORM = {
    "name": "餐饮检查",
    "key": "key",
    "ratio": "不低于3%",
    "frequency": "每年一次",
    "points": "★许可证\n台账",
}


@pytest.fixture
def desk(session, client):
    """A registrar of the city is signed in; gives a function that reads the database anew."""
    a_body(session)
    an_account(session, "wang", roles=["registrar"])
    sign_in(client, "wang")

    def anew(code="FOOD-01"):
        session.rollback()
        session.expire_all()
        return queries.item_versions(session, code)

    return anew


def test_an_item_goes_from_draft_to_the_published_list(session, client, desk):
    assert "没有符合条件的事项" in text(client.get("/registry/items"))
    assert client.get("/registry/items/new").status_code == 200
    wrong = send(client, "/registry/items", code="编号", **FORM)
    assert (wrong.status_code, "餐饮检查" in wrong.get_data(as_text=True)) == (422, True)

    added = send(client, "/registry/items", code="FOOD-01", **FORM)

    (draft,) = desk()
    assert (added.status_code, added.location) == (303, f"/registry/items/{draft.id}")
    assert draft.points == [{"name": "许可证", "key": True}, {"name": "台账", "key": False}]
    assert send(client, "/registry/items", code="FOOD-01", **FORM).status_code == 422
    page = text(client.get(added.location))
    assert page.count("缺少") == 4
    refused = send(client, f"{added.location}/state", act="put_in_force")
    assert refused.status_code == 422
    assert "法律依据、实施层级、抽查方式、检查人员要求" in text(refused)

    assert client.get(f"{added.location}/edit").status_code == 200
    saved = send(client, f"{added.location}/edit", **FORM, **READY)
    assert saved.status_code == 303
    in_force = send(client, f"{added.location}/state", act="put_in_force", first_day="2026-01-01")
    assert in_force.status_code == 303
    (item,) = desk()
    assert (item.status, item.valid_from.isoformat()) == (ItemStatus.IN_FORCE, "2026-01-01")

    assert "有变动，尚未公布" in text(client.get("/desk"))
    assert send(client, "/registry/items/publication").status_code == 303
    assert send(client, "/registry/items/publication").status_code == 409
    session.rollback()
    (entry,) = ledger.entries(session, 0, 1)
    assert entry["what"] == "item_list"
    for language in ("zh", "en"):
        public = client.get(f"/items?lang={language}")
        assert public.status_code == 200
        assert entry["digest"][:4] in text(public)
    list_id = queries.newest_item_lists(session)[0].id
    assert client.get(f"/items/lists/{list_id}.json").json["items"][0]["code"] == "FOOD-01"
    assert client.get("/items/lists/99.json").status_code == 404


def test_states_and_versions_can_be_followed_and_the_public_sees_any_day(session, client, desk):
    send(client, "/registry/items", code="FOOD-01", **FORM, **READY)
    (item,) = desk()
    at = f"/registry/items/{item.id}"
    send(client, f"{at}/state", act="put_in_force", first_day="2026-01-01")
    assert send(client, f"{at}/state", act="suspend", first_day="2026-02-01").status_code == 422
    send(client, f"{at}/state", act="suspend", first_day="2026-02-01", reason="依据修订")
    send(client, f"{at}/state", act="resume", first_day="2026-03-01")
    drafted = send(client, f"{at}/version")
    assert drafted.status_code == 303
    assert send(client, f"{at}/version").status_code == 409
    new = drafted.location.removesuffix("/edit")
    changed = {**FORM, **READY, "name": "餐饮检查（新）", "ratio": "不低于5%"}
    send(client, f"{new}/edit", **changed)
    assert "与第 1 版的差别" in text(client.get(new))
    send(client, f"{new}/state", act="put_in_force", first_day="2026-04-01")

    page = text(client.get(at))
    assert "依据修订" in page
    assert "由第 2 版替代" in page
    for on, name in {
        "2025-12-31": "",
        "2026-01-31": "餐饮检查",
        "2026-02-15": "",
        "2026-04-01": "（新）",
    }.items():
        assert (name or "没有符合条件") in text(client.get(f"/items?on={on}"))
    assert "第 1 版" in text(client.get("/items/FOOD-01?version=1"))
    assert "第 2 版" in text(client.get("/items/FOOD-01"))
    assert "餐饮检查（新）" in client.get("/items?on=2026-04-01&format=csv").get_data(as_text=True)
    file = client.get("/registry/items?format=csv&status=in_force").get_data(as_text=True)
    assert file.splitlines()[1].startswith("FOOD-01,2,")
    assert client.get("/registry/items?q=无此&kind=general&category=x").status_code == 200
    send(client, f"{new}/state", act="abolish", first_day="2026-05-01", reason="不再需要")
    assert desk()[0].status is ItemStatus.ABOLISHED


def test_texts_are_offered_for_reading_and_confirmed_or_corrected(session, client, desk):
    send(client, "/registry/items", code="FOOD-01", **FORM)
    send(client, "/registry/items", code="FOOD-02", **{**FORM, "ratio": "不低于3%或按专项计划确定"})
    (first,), (second,) = desk(), desk("FOOD-02")
    page = text(client.get("/registry/items/structure"))
    assert "不低于 3%" in page
    assert "无建议，请判断" in page
    assert "2 个事项的比例或频次还只是文字" in text(client.get("/desk"))

    def read(item, **fields):
        named = {f"i{item.id}-{name}": value for name, value in fields.items()}
        return send(client, f"/registry/items/{item.id}/structure", **named)

    times = {"per": "year", "every": "1", "bound": "exactly", "times": "1", "of": "batch"}
    assert read(first, quota_kind="rate", rate="很多", **times).status_code == 422
    assert read(first, quota_kind="fixed", per="year", bound="exactly", of="batch").status_code == 422
    assert read(first, quota_kind="rate", rate="3%", **times).status_code == 303
    assert read(second, quota_kind="fixed", number="20", **{**times, "per": ""}).status_code == 303

    (first,), (second,) = desk(), desk("FOOD-02")
    assert (first.ratio, first.quota, first.times["per"]) == (
        "不低于3%",
        {"kind": "rate", "rate": "3/100"},
        "year",
    )
    assert (second.quota, second.times) == ({"kind": "fixed", "number": 20}, None)
    assert first.structured_by == "WANG"
    assert "不低于 3%" in text(client.get(f"/registry/items/{first.id}"))
    assert client.get(f"/registry/items/{first.id}/structure").status_code == 200
    assert "都已有人确认" in text(client.get("/registry/items/structure"))


def test_items_of_others_are_read_above_and_below_and_changed_by_their_own(session, client, desk):
    a_body(session, "xh-scjg", region="330106", parent_token="hz-scjg")
    a_body(session, "nb-scjg", region="330200")
    bodies = {row.token: row.id for row in accounts.bodies(session)}
    rows = {
        token: services.add_item(session, f"I-{token}", name=token, body_id=number, by="x", at=NOON).id
        for token, number in bodies.items()
    }
    an_account(session, "li", roles=["registrar"], body="xh-scjg")

    assert client.get(f"/registry/items/{rows['nb-scjg']}").status_code == 404
    assert client.get(f"/registry/items/{rows['xh-scjg']}/edit").status_code == 200
    send(client, "/sign-out")
    sign_in(client, "li")
    assert client.get(f"/registry/items/{rows['hz-scjg']}").status_code == 200
    assert client.get(f"/registry/items/{rows['hz-scjg']}/edit").status_code == 404
    assert (
        send(client, f"/registry/items/{rows['hz-scjg']}/state", act="abolish", reason="x").status_code == 404
    )
