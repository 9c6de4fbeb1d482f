"""Annual plans: drafted, submitted, approved by another, published, amended line by line, closed."""

from datetime import date

import pytest
from registry.a_registry import (
    NOON,
    a_body,
    a_rule_set_object,
    a_subject,
    some_subjects,
)
from registry.an_item import an_item, approved
from visitors import an_account

from doublerandom.accounts.errors import StandsInForOtherSideError
from doublerandom.accounts.services import set_stand_in
from doublerandom.dr1.canon import H, canon
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries, services
from doublerandom.registry.differences import line_differences
from doublerandom.registry.errors import (
    AlreadyThereError,
    AmendmentNotReasonedError,
    BadFilterError,
    InvalidRecordError,
    ItemsNotInForceError,
    OwnDecisionError,
    PlanLineNotFoundError,
    PlanNotReadyError,
    PlanOpenError,
    ReasonMissingError,
    RecordNotFoundError,
    RuleSetNotFoundError,
    WrongPlanStateError,
)
from doublerandom.registry.models import AnnualPlanStatus
from doublerandom.registry.plan_lines import FIELDS
from doublerandom.registry.services import PlanLineIn

BY = {"by": "zhang", "at": NOON}
HEAD = {"by": "wang", "at": NOON}
LINE = PlanLineIn("2026-001", "餐饮", ["FOOD-01"])


def a_plan(session, body, *lines, year=2026, **fields):
    """A draft by zhang."""
    return services.add_annual_plan(
        session, body=body, year=year, title="年度抽查工作计划", lines=lines, **BY, **fields
    )


def published(session, settings, body, *lines):
    """A plan with an item in force, all the way to publication."""
    if not queries.items(session):
        an_item(session)
    plan = approved(session, a_plan(session, body, *(lines or [LINE])))
    return services.publish_annual_plan(session, plan.id, body=body, settings=settings, **HEAD)


class TestPublication:
    def test_a_published_plan_is_in_the_public_log_and_its_lines_can_be_drawn(self, session, settings):
        body = a_body(session)
        an_item(session)
        line = PlanLineIn("2026-001", "餐饮", ["FOOD-01"], filter="industry in (62) AND status=active")
        plan = approved(session, a_plan(session, body, line))
        with pytest.raises(PlanLineNotFoundError):
            queries.plan_line(session, "2026-001")

        services.publish_annual_plan(session, plan.id, body=body, settings=settings, **HEAD)

        found = queries.plan_line(session, "2026-001", body_id=body.id)
        assert (found.filter, found.lead) == ("industry = 62 and status = active", "hz-scjg")
        assert queries.annual_plan(session, body_id=body.id, year=2026).id == plan.id
        assert queries.plan_of_line(session, found).id == plan.id
        (entry,) = ledger.entries(session, 0, 1)
        digest = H(canon(services.plan_object(session, plan, body=body)).decode())
        assert entry["digest"] == plan.digest == digest
        services.file_annual_plan(session, plan.id, filing="省备〔2026〕7号", **BY)
        assert H(canon(services.plan_object(session, plan, body=body)).decode()) == digest
        with pytest.raises(WrongPlanStateError):
            services.file_annual_plan(session, plan.id, filing="省备〔2026〕8号", **BY)

    def test_items_must_be_in_force_on_every_day_of_the_line_that_is_left(self, session, settings):
        body = a_body(session)
        item = an_item(session, valid_from=date(2026, 4, 1))
        early, late = LINE, PlanLineIn("2026-002", "下半年", ["FOOD-01"], first_month=7, last_month=9)
        plan = approved(session, a_plan(session, body, early, late))
        lacking = services.items_lacking(session, plan, at=NOON)
        assert [(line.number, missing) for line, missing in lacking] == [("2026-001", ["FOOD-01"])]

        with pytest.raises(ItemsNotInForceError):
            services.publish_annual_plan(session, plan.id, body=body, settings=settings, **HEAD)
        assert queries.annual_plan(session, body_id=body.id, year=2026) is None
        assert ledger.log_size(session) == 0

        services.suspend_item(session, item.id, reason="a", first_day=date(2026, 8, 1), **BY)
        assert len(services.items_lacking(session, plan, at=NOON)) == 2

    def test_nobody_approves_what_they_drafted_and_nobody_publishes_what_is_not_approved(
        self, session, settings
    ):
        body = a_body(session)
        an_item(session)
        plan = a_plan(session, body)
        with pytest.raises(PlanNotReadyError):
            services.submit_annual_plan(session, plan.id, **BY)
        empty = services.add_plan_line(session, plan.id, PlanLineIn("2026-001", "餐饮", []), by="li", at=NOON)
        with pytest.raises(PlanNotReadyError):
            services.submit_annual_plan(session, plan.id, **BY)
        services.edit_plan_line(session, empty.id, LINE, by="li", at=NOON)
        with pytest.raises(WrongPlanStateError):
            services.approve_annual_plan(session, plan.id, **HEAD)
        services.submit_annual_plan(session, plan.id, **BY)
        for drafter in ("zhang", "li"):
            with pytest.raises(OwnDecisionError):
                services.approve_annual_plan(session, plan.id, by=drafter, at=NOON)
        with pytest.raises(WrongPlanStateError):
            services.publish_annual_plan(session, plan.id, body=body, settings=settings, **HEAD)

        with pytest.raises(ReasonMissingError):
            services.return_annual_plan(session, plan.id, reason="", **HEAD)
        services.return_annual_plan(session, plan.id, reason="比例偏低", **HEAD)
        assert (plan.status, plan.returned) == (AnnualPlanStatus.DRAFT, "比例偏低")
        services.submit_annual_plan(session, plan.id, **BY)
        services.approve_annual_plan(session, plan.id, **HEAD)

        other = a_body(session, "nb-scjg", region="330200")
        with pytest.raises(WrongPlanStateError):
            services.publish_annual_plan(session, plan.id, body=other, settings=settings, **HEAD)
        assert (plan.approved_by, plan.returned) == ("wang", "")

    def test_nobody_approves_only_in_the_place_of_who_drafted(self, session):
        body = a_body(session)
        an_item(session)
        an_account(session, "li", roles=["planner", "head"])
        an_account(session, "qi", roles=["registrar"])
        days = {"first_day": NOON.date(), "last_day": NOON.date(), "reason": "出差"}
        set_stand_in(session, "LI", "QI", roles=["head"], **days, by="LI", at=NOON)
        plan = a_plan(session, body)
        services.add_plan_line(session, plan.id, LINE, by="LI", at=NOON)
        services.submit_annual_plan(session, plan.id, **BY)

        with pytest.raises(StandsInForOtherSideError):
            services.approve_annual_plan(session, plan.id, by="QI", at=NOON)


class TestAmendments:
    def test_an_amendment_speaks_once_it_is_published_and_says_what_it_changed(self, session, settings):
        body = a_body(session)
        first = published(session, settings, body, LINE, PlanLineIn("2026-002", "零售", ["FOOD-01"]))
        draft = services.amend_annual_plan(session, first.id, body=body, reason="事项调整", **BY)
        lines = queries.lines_of_plan(session, draft.id)
        changed = services.as_drafted(lines[0])
        services.edit_plan_line(
            session, lines[0].id, PlanLineIn("2026-001", "餐饮（调整）", changed.items, estimated=9), **BY
        )
        services.drop_plan_line(session, lines[1].id, **BY)
        services.add_plan_line(session, draft.id, PlanLineIn("2026-003", "药店", ["FOOD-01"]), **BY)
        assert queries.plan_line(session, "2026-001").name == "餐饮"
        services.submit_annual_plan(session, draft.id, **BY)
        with pytest.raises(AmendmentNotReasonedError):
            services.approve_annual_plan(session, draft.id, **HEAD)
        services.approve_annual_plan(session, draft.id, approval="杭市监批〔2026〕9号", **HEAD)

        services.publish_annual_plan(session, draft.id, body=body, settings=settings, **HEAD)

        assert (first.status, draft.status) == (AnnualPlanStatus.AMENDED, AnnualPlanStatus.PUBLISHED)
        assert queries.plan_line(session, "2026-001").name == "餐饮（调整）"
        with pytest.raises(PlanLineNotFoundError):
            queries.plan_line(session, "2026-002")
        old, new = (
            {line.number: line for line in queries.lines_of_plan(session, plan.id)} for plan in (first, draft)
        )
        found = [
            (each.number, bool(each.before), bool(each.after), [one.field for one in each.fields])
            for each in line_differences(old, new, FIELDS)
        ]
        assert found == [
            ("2026-001", True, True, ["name", "estimated"]),
            ("2026-002", True, False, []),
            ("2026-003", False, True, []),
        ]
        assert [plan.version for plan in queries.plan_versions(session, body_id=body.id, year=2026)] == [2, 1]
        assert services.plan_object(session, draft, body=body)["approval"] == "杭市监批〔2026〕9号"

    def test_one_version_is_drafted_at_a_time_and_none_after_the_year_is_closed(self, session, settings):
        body = a_body(session)
        first = published(session, settings, body)
        with pytest.raises(ReasonMissingError):
            services.amend_annual_plan(session, first.id, body=body, reason="", **BY)
        draft = a_plan(session, body, LINE)
        with pytest.raises(AmendmentNotReasonedError):
            services.submit_annual_plan(session, draft.id, **BY)
        with pytest.raises(PlanOpenError):
            services.amend_annual_plan(session, first.id, body=body, reason="x", **BY)

        services.edit_annual_plan(session, draft.id, title="修订", reason="y", filing="", **BY)
        services.edit_annual_plan(session, draft.id, title="修订", reason="y", filing="", **BY)
        approved(session, draft)
        services.publish_annual_plan(session, draft.id, body=body, settings=settings, **HEAD)
        services.close_annual_plan(session, draft.id, outcome="完成 100%", **HEAD)

        with pytest.raises(PlanLineNotFoundError):
            queries.plan_line(session, "2026-001")
        for late in (
            lambda: a_plan(session, body, LINE),
            lambda: services.edit_annual_plan(session, draft.id, title="x", reason="", filing="", **BY),
            lambda: services.compute_plan_line(session, queries.lines_of_plan(session, draft.id)[0].id, **BY),
        ):
            with pytest.raises(WrongPlanStateError):
                late()


class TestLines:
    @pytest.mark.parametrize(
        "line",
        [
            PlanLineIn("编号", "餐饮", []),
            PlanLineIn("2026-001", "", []),
            PlanLineIn("2026-001", "餐饮", [], first_month=5, last_month=4),
            PlanLineIn("2026-001", "餐饮", [], start=date(2025, 1, 1)),
            PlanLineIn("2026-001", "餐饮", [], start=date(2026, 5, 1), complete_by=date(2026, 4, 1)),
            PlanLineIn("2026-001", "餐饮", [], partners=["消防"]),
            PlanLineIn("2026-001", "餐饮", [], quota={"kind": "half"}),
            PlanLineIn("2026-001", "餐饮", [], estimated=-1),
            PlanLineIn("2026-001", "餐饮", [], note="一\n二"),
        ],
    )
    def test_a_bad_line_refuses_the_whole_plan(self, session, line):
        body = a_body(session)

        with pytest.raises(InvalidRecordError):
            a_plan(session, body, PlanLineIn("2026-002", "好", []), line)

        assert queries.annual_plans(session) == []

    def test_a_line_taken_out_comes_back_under_its_number(self, session):
        body = a_body(session)
        plan = a_plan(session, body, LINE)
        (line,) = queries.lines_of_plan(session, plan.id)
        with pytest.raises(AlreadyThereError):
            services.add_plan_line(session, plan.id, LINE, **BY)
        with pytest.raises(PlanLineNotFoundError):
            services.edit_plan_line(session, line.id, PlanLineIn("2026-009", "x", []), **BY)

        services.drop_plan_line(session, line.id, **BY)
        assert queries.lines_of_plan(session, plan.id) == []
        with pytest.raises(PlanLineNotFoundError):
            services.drop_plan_line(session, line.id, **BY)
        back = PlanLineIn(
            "2026-001", "又来", [], start=date(2026, 3, 1), complete_by=date(2026, 5, 9),
            quota={"kind": "fixed", "number": 3}, class_ratios={"A": "1%"}, cap=1, scope="餐饮店",
        )  # fmt: skip
        row = services.add_plan_line(session, plan.id, back, **BY)

        assert (row.id, row.name, row.first_month, row.last_month) == (line.id, "又来", 3, 5)
        assert queries.lines_counts(session, [plan.id]) == {plan.id: (1, 0)}
        (found,) = services.plan_object(session, plan, body=body)["lines"]
        assert (found["start"], found["cap"], found["quota"]["number"]) == ("2026-03-01", 1, 3)
        assert "base" not in found

    def test_numbers_stand_once_and_scopes_must_be_readable(self, session):
        body = a_body(session)
        line = PlanLineIn("2026-001", "餐饮", [])

        with pytest.raises(InvalidRecordError):
            a_plan(session, body, line, line)
        with pytest.raises(BadFilterError):
            a_plan(session, body, PlanLineIn("2026-001", "餐饮", [], filter="region ="))
        with pytest.raises(PlanLineNotFoundError):
            queries.plan_line_by_id(session, 1)
        with pytest.raises(RecordNotFoundError):
            queries.plan_by_id(session, 1)

    def test_plans_are_seen_from_above_and_below(self, session):
        city = a_body(session)
        county = a_body(session, "xh-scjg", region="330106", above=city)
        other = a_body(session, "nb-scjg", region="330200")
        plans = [a_plan(session, body, LINE) for body in (city, county, other)]

        assert queries.plans_in_sight(session, body=county) == plans[:2]
        assert (
            queries.plans_in_sight(session, body=city, year=2026, status=AnnualPlanStatus.DRAFT) == plans[:2]
        )
        assert queries.plans_in_sight(session, body=other, year=2025) == []


class TestEstimates:
    def test_a_line_is_computed_from_pool_and_rules(self, session, settings):
        body = a_body(session)
        some_subjects(
            session,
            *(a_subject(n, industry="6210", credit_class="A") for n in range(1, 52)),
            *(a_subject(n, industry="6210", credit_class="D") for n in range(60, 64)),
            a_subject(70, industry="6210", credit_class="D", status="revoked"),
            a_subject(80, industry="5210", credit_class="D"),
        )
        plan = a_plan(session, body, PlanLineIn("2026-001", "餐饮", [], filter="industry = 62", estimated=9))
        (line,) = queries.lines_of_plan(session, plan.id)
        with pytest.raises(RuleSetNotFoundError):
            services.compute_plan_line(session, line.id, **BY)
        rules = services.add_rule_set(session, a_rule_set_object(), body_id=body.id, **BY)
        services.approve_rule_set(session, rules.id, settings=settings, **HEAD)

        services.compute_plan_line(session, line.id, **BY)

        computed = queries.plan_line_by_id(session, line.id).computed
        assert (computed["size"], computed["excluded"], computed["take"]) == (56, 1, 2 + 4)
        assert {stratum["id"]: stratum["take"] for stratum in computed["strata"]} == {"a": 2, "d": 4}
        assert line.estimated == 9
        services.edit_plan_line(session, line.id, PlanLineIn("2026-001", "餐饮", [], filter=""), **BY)
        assert queries.plan_line_by_id(session, line.id).computed is None
