"""The desk of annual plans: drafted by a planner, approved by a head, published, amended, closed."""

from datetime import date

import pytest
from publish.staff import text
from registry.a_registry import a_rule_set_object, a_subject, some_subjects
from registry.an_item import an_item
from visitors import NOON, a_body, an_account, send, sign_in

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries, services

LINE = {
    "number": "{year}-001", "name": "餐饮抽查", "items": "FOOD-01", "scope": "餐饮店",
    "filter": "industry=62", "quota_kind": "rate", "rate": "5%", "class_a": "1%", "estimated": "9",
    "first_month": "1", "last_month": "12", "partners": "fire", "directed": "y",
}  # fmt: skip


@pytest.fixture
def year():
    """The year in which the tests run: pages go by the clock."""
    return clock.local(clock.now()).year


@pytest.fixture
def people(session, client):
    """A planner, a head and an auditor of the city; gives a function that signs one of them in."""
    body = a_body(session)
    a_body(session, "nb-scjg", region="330200")
    for name, roles in {"planner": ["planner"], "head": ["head", "planner"], "auditor": ["auditor"]}.items():
        an_account(session, name, roles=roles, person=f"P-{name}")
    an_account(session, "far", roles=["planner", "head"], body="nb-scjg")
    an_item(session, body_id=body.id, valid_from=date(2020, 1, 1))

    def become(name):
        if "csrf_token" in client.get("/desk").get_data(as_text=True):
            send(client, "/sign-out")
        sign_in(client, name)

    become("planner")
    return become


def only_plan(session, version=1):
    """The plan of this version, read anew."""
    session.rollback()
    session.expire_all()
    return next(plan for plan in queries.annual_plans(session) if plan.version == version)


def test_a_plan_goes_from_draft_to_an_amendment(  # noqa: PLR0915 - one plan, its whole way
    session, client, people, year
):
    line = {name: value.format(year=year) for name, value in LINE.items()}
    assert "还没有年度计划" in text(client.get("/registry/plans"))
    assert client.get("/registry/plans/new").status_code == 200
    added = send(client, "/registry/plans", year=str(year), title="年度计划")
    at = added.location
    assert send(client, "/registry/plans", year=str(year), title="年度计划").status_code == 422
    assert send(client, f"{at}/submit").status_code == 422
    assert f"{year}-001" in client.get(f"{at}/lines/new").get_data(as_text=True)
    for wrong in (
        {"rate": "多"},
        {"filter": "industry ="},
        {"quota_kind": "fixed"},
        {"first_month": "12", "last_month": "1"},
    ):
        assert send(client, f"{at}/lines", **{**line, **wrong}).status_code == 422
    assert send(client, f"{at}/lines", **line).status_code == 303
    assert send(client, f"{at}/lines", **line).status_code == 422
    assert (
        send(client, f"{at}/lines", **{**line, "number": f"{year}-002", "items": "NONE"}).status_code == 303
    )
    first, second = queries.lines_of_plan(session, only_plan(session).id)
    assert (first.quota, first.class_ratios, first.filter) == (
        {"kind": "rate", "rate": "1/20"}, {"A": "1%"}, "industry = 62",
    )  # fmt: skip
    assert "NONE" in text(client.get(at))
    form = client.get(f"{at}/lines/{first.id}/edit").get_data(as_text=True)
    assert 'value="5%"' in form
    assert send(client, f"{at}/lines/{first.id}/edit", **{**line, "name": "餐饮"}).status_code == 303
    assert send(client, f"{at}/lines/{first.id}/edit", **{**line, "number": "x"}).status_code == 422
    assert send(client, f"{at}/lines/{second.id}/drop").status_code == 303
    assert send(client, at, title="年度计划（稿）", filing="").status_code == 303
    assert send(client, f"{at}/submit").status_code == 303

    assert send(client, f"{at}/approve").status_code == 403
    people("head")
    assert "批准计划" in text(client.get("/desk"))
    assert send(client, f"{at}/return").status_code == 422
    assert send(client, f"{at}/return", words="比例偏低").status_code == 303
    people("planner")
    assert "修改被退回的计划" in text(client.get("/desk"))
    assert "比例偏低" in text(client.get(at))
    send(client, f"{at}/submit")
    people("head")
    assert send(client, f"{at}/approve", number="1号").status_code == 303
    assert send(client, f"{at}/approve", number="1号").status_code == 422
    people("planner")
    assert "公布计划" in text(client.get("/desk"))
    assert send(client, f"{at}/publish").status_code == 303
    plan = only_plan(session)
    assert plan.status.value == "published"
    entry = next(ledger.entries(session))
    assert entry["digest"] == plan.digest
    assert send(client, f"{at}/filing", number="省备7号").status_code == 303

    assert send(client, f"{at}/amend").status_code == 422
    drafted = send(client, f"{at}/amend", words="事项调整")
    new = drafted.location
    (copied,) = queries.lines_of_plan(session, only_plan(session, 2).id)
    send(client, f"{new}/lines/{copied.id}/edit", **{**line, "name": "餐饮（调整）", "estimated": "12"})
    send(client, f"{new}/lines", **{**line, "number": f"{year}-003"})
    for language, word in (("zh", "餐饮（调整）"), ("en", "Added")):
        page = client.get(f"{new}/compare?lang={language}")
        assert (page.status_code, word in text(page)) == (200, True)
    client.get("/?lang=zh")
    assert f"{year}-003" in client.get(f"{new}/compare?format=csv").get_data(as_text=True)
    assert client.get(f"{at}/compare").status_code == 404
    assert "餐饮" in client.get(f"{at}?format=csv").get_data(as_text=True)
    assert "省备7号" in client.get(f"/registry/plans?format=csv&year={year}&status=published").get_data(
        as_text=True
    )

    people("auditor")
    assert client.get(new).status_code == 200
    assert send(client, f"{at}/close").status_code == 403
    people("far")
    assert client.get(at).status_code == 404
    assert send(client, f"{at}/close").status_code == 404
    people("head")
    assert send(client, f"{at}/close", words="完成").status_code == 303
    assert only_plan(session).outcome == "完成"
    assert client.get(at).status_code == 200


def test_a_line_is_computed_from_pool_and_rules_beside_what_was_typed(
    session, client, people, year, settings
):
    body = accounts.body(session, "hz-scjg")
    some_subjects(session, *(a_subject(n, industry="6210", credit_class="A") for n in range(1, 60)))
    plan = services.add_annual_plan(
        session, body=body, year=year, title="计划", by="P-planner", at=NOON,
        lines=[services.PlanLineIn(f"{year}-001", "餐饮", ["FOOD-01"], filter="industry = 62", estimated=7)],
    )  # fmt: skip
    (line,) = queries.lines_of_plan(session, plan.id)
    at = f"/registry/plans/{plan.id}"
    assert "还没有测算" in text(client.get(f"{at}/lines/{line.id}"))
    assert send(client, f"{at}/estimate").status_code in {404, 409}
    rules = services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)
    services.approve_rule_set(session, rules.id, settings=settings, by="wang", at=NOON)

    assert send(client, f"{at}/lines/{line.id}/estimate").status_code == 303
    page = text(client.get(f"{at}/lines/{line.id}"))
    assert "范围内 59 户，按细则抽 2 户" in page
    assert send(client, f"{at}/estimate").status_code == 303
    assert client.get(f"{at}/lines/99").status_code == 404
