"""Items through their gate, rule sets approved by another, annual plans published before a draw."""

from datetime import date

import pytest
from registry.a_registry import NOON, TODAY, a_body, a_rule_set_object
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from doublerandom.db import transaction
from doublerandom.dr1.canon import H, canon
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.models import Act
from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    AlreadyApprovedError,
    AlreadyThereError,
    BadFilterError,
    InvalidRecordError,
    InvalidRuleSetError,
    ItemNotFoundError,
    ItemNotReadyError,
    ItemsNotInForceError,
    OwnDecisionError,
    PlanLineNotFoundError,
    RecordNotFoundError,
    RuleSetNotFoundError,
    WrongItemStateError,
    WrongPlanStateError,
)
from doublerandom.registry.models import Item, ItemStatus
from doublerandom.registry.services import PlanLineIn

READY = {
    "basis": "食品安全法第一百零九条",
    "level": "市、县",
    "methods": "现场检查",
    "requirement": "两名以上执法人员",
}


def an_item(session, code="FOOD-01", *, in_force=True, **fields):
    item = services.add_item(
        session, code, **{"name": "食品经营检查", **READY, **fields}, by="zhang", at=NOON
    )
    return services.put_item_in_force(session, item.id, by="wang", at=NOON) if in_force else item


class TestItems:
    @pytest.mark.parametrize("missing", sorted(READY))
    def test_an_item_that_lacks_anything_cannot_come_into_force(self, session, missing):
        item = an_item(session, in_force=False, **{missing: " "})

        with pytest.raises(ItemNotReadyError) as refused:
            services.put_item_in_force(session, item.id, by="wang", at=NOON)

        assert refused.value.params["missing"] == missing
        assert queries.items_in_force(session, on=TODAY) == []

    def test_the_schema_knows_the_gate_too(self, session):
        item = Item(code="X", name="x", status=ItemStatus.IN_FORCE)

        with pytest.raises(IntegrityError, match="gate"), transaction(session):
            session.add(item)

    def test_a_new_version_in_force_abolishes_the_one_before(self, session):
        first = an_item(session)
        second = an_item(session, name="食品经营检查（新）")

        assert (second.version, second.supersedes_id, first.status) == (2, first.id, ItemStatus.ABOLISHED)
        assert [item.id for item in queries.items_in_force(session, on=TODAY)] == [second.id]
        assert queries.item(session, "FOOD-01").id == second.id

    def test_an_item_is_in_force_from_its_day_on(self, session):
        item = an_item(session, in_force=False)
        services.put_item_in_force(session, item.id, by="wang", at=NOON, valid_from=date(2026, 4, 1))

        assert queries.items_in_force(session, on=date(2026, 3, 31)) == []
        assert [one.id for one in queries.items_in_force(session, on=date(2026, 4, 1))] == [item.id]

    def test_suspended_items_come_back_and_abolished_ones_do_not(self, session):
        item = an_item(session)

        services.suspend_item(session, item.id, by="wang", at=NOON)
        assert queries.items_in_force(session, on=TODAY) == []
        services.put_item_in_force(session, item.id, by="wang", at=NOON)
        services.abolish_item(session, item.id, by="wang", at=NOON)

        for command in (services.put_item_in_force, services.suspend_item, services.abolish_item):
            with pytest.raises(WrongItemStateError):
                command(session, item.id, by="wang", at=NOON)
        assert [act.name for act in session.exec(select(Act).order_by(Act.id))] == [
            "ItemAdded", "ItemPutInForce", "ItemEnded", "ItemPutInForce", "ItemEnded",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("code", "fields"),
        [
            ("编号", {}),
            ("X", {"name": ""}),
            ("X", {"name": "x" * 256}),
            ("X", {"name": "x\u202e"}),
            ("X", {"colour": "red"}),
            ("X", {"skills": ["食品"]}),
        ],
    )
    def test_what_no_item_can_hold_is_refused(self, session, code, fields):
        with pytest.raises(InvalidRecordError):
            an_item(session, code, in_force=False, **fields)

        assert queries.items(session) == []

    def test_drafts_are_found_by_state(self, session):
        draft = an_item(session, "B", in_force=False)
        an_item(session, "A")

        assert [item.code for item in queries.items(session)] == ["A", "B"]
        assert [item.id for item in queries.items(session, status=ItemStatus.DRAFT)] == [draft.id]
        with pytest.raises(ItemNotFoundError):
            queries.item(session, "C")
        with pytest.raises(ItemNotFoundError):
            queries.item_by_id(session, 99)


class TestRuleSets:
    def approved(self, session, settings, body, **members):
        rules = a_rule_set_object(**members)
        row = services.add_rule_set(session, rules, body_id=body.id, by="zhang", at=NOON)
        return services.approve_rule_set(session, row.id, settings=settings, by="wang", at=NOON)

    def test_an_approved_rule_set_is_in_force_and_in_the_public_log(self, session, settings):
        body = a_body(session)

        row = self.approved(session, settings, body)

        assert queries.rule_set_in_force(session, body=body, on=TODAY).id == row.id
        assert row.digest == H(canon(row.rules).decode())
        (entry,) = ledger.entries(session, 0, 1)
        assert (entry["type"], entry["what"], entry["digest"]) == ("list", "rule_set", row.digest)

    def test_what_is_not_approved_is_not_in_force(self, session):
        body = a_body(session)
        services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)

        with pytest.raises(RuleSetNotFoundError):
            queries.rule_set_in_force(session, body=body, on=TODAY)

    def test_nobody_approves_the_own_rule_set_or_one_twice(self, session, settings):
        body = a_body(session)
        row = services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)

        with pytest.raises(OwnDecisionError):
            services.approve_rule_set(session, row.id, settings=settings, by="zhang", at=NOON)
        services.approve_rule_set(session, row.id, settings=settings, by="wang", at=NOON)
        with pytest.raises(AlreadyApprovedError):
            services.approve_rule_set(session, row.id, settings=settings, by="wang", at=NOON)

        assert ledger.log_size(session) == 1

    def test_the_nearest_body_up_the_tree_speaks(self, session, settings):
        province = a_body(session, "zj-scjg", region="330000")
        city = a_body(session, above=province)
        county = a_body(session, "xh-scjg", region="330106", above=city)
        above = self.approved(session, settings, province)
        assert queries.rule_set_in_force(session, body=county, on=TODAY).id == above.id

        nearer = self.approved(session, settings, city)

        assert queries.rule_set_in_force(session, body=county, on=TODAY).id == nearer.id
        assert queries.rule_set_in_force(session, body=province, on=TODAY).id == above.id

    def test_the_own_line_of_work_goes_before_every_line_and_later_versions_before_earlier(
        self, session, settings
    ):
        body = a_body(session)
        every = self.approved(session, settings, body, domain="all", version=9)
        assert queries.rule_set_in_force(session, body=body, on=TODAY).id == every.id

        self.approved(session, settings, body, version=1)
        later = self.approved(session, settings, body, version=2)
        self.approved(session, settings, body, version=3, valid_from="2026-12-01")

        assert queries.rule_set_in_force(session, body=body, on=TODAY).id == later.id
        assert queries.rule_set_in_force(session, body=body, on=TODAY, domain="fire").id == every.id
        assert len(queries.rule_sets(session, body_id=body.id)) == len(queries.rule_sets(session)) == 4

    def test_a_version_stands_once_and_a_bad_one_never(self, session):
        body = a_body(session)
        services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)

        with pytest.raises(AlreadyThereError):
            services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)
        with pytest.raises(InvalidRuleSetError):
            services.add_rule_set(session, a_rule_set_object(version=0), body_id=body.id, by="zhang", at=NOON)
        with pytest.raises(RecordNotFoundError):
            queries.rule_set_by_id(session, 99)


class TestAnnualPlans:
    def a_plan(self, session, body, *lines, year=2026):
        return services.add_annual_plan(
            session, body=body, year=year, title="年度抽查工作计划", lines=lines, by="zhang", at=NOON
        )

    def test_a_published_plan_is_in_the_public_log_and_its_lines_can_be_drawn(self, session, settings):
        body = a_body(session)
        an_item(session)
        line = PlanLineIn("2026-001", "餐饮", ["FOOD-01"], filter="industry in (62) AND status=active")
        plan = self.a_plan(session, body, line)
        with pytest.raises(PlanLineNotFoundError):
            queries.plan_line(session, "2026-001")

        services.publish_annual_plan(session, plan.id, body=body, settings=settings, by="wang", at=NOON)

        found = queries.plan_line(session, "2026-001", body_id=body.id)
        assert (found.filter, found.lead) == ("industry = 62 and status = active", "hz-scjg")
        assert queries.annual_plan(session, body_id=body.id, year=2026).id == plan.id
        assert queries.plan_of_line(session, found).id == plan.id
        (entry,) = ledger.entries(session, 0, 1)
        assert (
            entry["digest"]
            == plan.digest
            == H(canon(services.plan_object(session, plan, body=body)).decode())
        )

    def test_a_plan_with_items_that_are_not_in_force_is_not_published(self, session, settings):
        body = a_body(session)
        an_item(session, in_force=False)
        plan = self.a_plan(session, body, PlanLineIn("2026-001", "餐饮", ["FOOD-01"]))

        with pytest.raises(ItemsNotInForceError):
            services.publish_annual_plan(session, plan.id, body=body, settings=settings, by="wang", at=NOON)

        assert queries.annual_plan(session, body_id=body.id, year=2026) is None
        assert ledger.log_size(session) == 0

    def test_an_amendment_speaks_once_it_is_published(self, session, settings):
        body = a_body(session)
        an_item(session)
        for name in ("餐饮", "餐饮（调整）"):
            plan = self.a_plan(session, body, PlanLineIn("2026-001", name, ["FOOD-01"]))
            services.publish_annual_plan(session, plan.id, body=body, settings=settings, by="wang", at=NOON)

        assert queries.plan_line(session, "2026-001").name == "餐饮（调整）"
        assert [plan.version for plan in queries.annual_plans(session)] == [2, 1]
        with pytest.raises(WrongPlanStateError):
            services.publish_annual_plan(session, plan.id, body=body, settings=settings, by="wang", at=NOON)

    @pytest.mark.parametrize(
        "line",
        [
            PlanLineIn("编号", "餐饮", []),
            PlanLineIn("2026-001", "", []),
            PlanLineIn("2026-001", "餐饮", [], first_month=5, last_month=4),
            PlanLineIn("2026-001", "餐饮", [], partners=["消防"]),
        ],
    )
    def test_a_bad_line_refuses_the_whole_plan(self, session, line):
        body = a_body(session)

        with pytest.raises(InvalidRecordError):
            self.a_plan(session, body, PlanLineIn("2026-002", "好", []), line)

        assert queries.annual_plans(session) == []

    def test_numbers_stand_once_and_scopes_must_be_readable(self, session):
        body = a_body(session)
        line = PlanLineIn("2026-001", "餐饮", [])

        with pytest.raises(InvalidRecordError):
            self.a_plan(session, body, line, line)
        with pytest.raises(BadFilterError):
            self.a_plan(session, body, PlanLineIn("2026-001", "餐饮", [], filter="region ="))
        with pytest.raises(PlanLineNotFoundError):
            queries.plan_line_by_id(session, 1)
        with pytest.raises(RecordNotFoundError):
            queries.plan_by_id(session, 1)
