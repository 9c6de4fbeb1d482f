"""The demonstration's lists at work: published, structured, suspended; a plan amended, another to approve."""

from datetime import date

from doublerandom import clock
from doublerandom.demo.city import CITY
from doublerandom.demo.stage import Stage
from doublerandom.registry import queries as registry_queries
from doublerandom.registry import services as registry
from doublerandom.registry import structuring
from doublerandom.registry.services import PlanLineIn

READ = ("SC-02", "SC-03", "SC-04", "WL-01", "WL-02")
SUSPENDED = "WL-04"
REVISED = "WL-05"


def publish_list(stage: Stage, days: float) -> None:
    """The city's list of items, its digest in the public log."""
    registry.publish_item_list(
        stage.session, body=stage.body(CITY), settings=stage.settings, by="p-registrar", at=stage.ago(days)
    )


def pass_plan(
    stage: Stage, plan_id: int, *, planner: str, head: str, days: float, approval: str = ""
) -> None:
    """Take a draft through submission and approval to publication."""
    plan = registry_queries.plan_by_id(stage.session, plan_id)
    body = stage.body_by_id(plan.body_id)
    registry.submit_annual_plan(stage.session, plan_id, by=planner, at=stage.ago(days))
    registry.approve_annual_plan(
        stage.session, plan_id, by=head, at=stage.ago(days, minutes=2), approval=approval
    )
    registry.publish_annual_plan(
        stage.session, plan_id, body=body, settings=stage.settings, by=planner, at=stage.ago(days, minutes=5)
    )


def keep_lists(stage: Stage) -> None:
    """Texts read, an item suspended, a version drafted, the plan amended, next year's plan submitted."""
    _read_texts(stage)
    _suspend_and_revise(stage)
    publish_list(stage, 3)
    _amend(stage)
    _plan_next_year(stage)


def _read_texts(stage: Stage) -> None:
    for code in READ:
        item = registry_queries.item(stage.session, code)
        registry.structure_item(
            stage.session,
            item.id or 0,
            quota=structuring.quota_of(item.ratio),
            times=structuring.times_of(item.frequency),
            by="p-registrar",
            at=stage.ago(5),
        )


def _suspend_and_revise(stage: Stage) -> None:
    item = registry_queries.item(stage.session, SUSPENDED)
    registry.suspend_item(
        stage.session,
        item.id or 0,
        reason="《营业性演出管理条例》修订，检查要点待调整。",
        first_day=clock.local(stage.ago(4)).date(),
        by="p-registrar",
        at=stage.ago(4),
    )
    revised = registry_queries.item(stage.session, REVISED)
    draft = registry.add_item_version(stage.session, revised.id or 0, by="p-registrar", at=stage.ago(4))
    registry.edit_item(
        stage.session,
        draft.id or 0,
        ratio="不低于5%",
        points=[{"name": "经营许可证", "key": True}, {"name": "进货台账", "key": False}],
        by="p-registrar",
        at=stage.ago(4, minutes=10),
    )


def _amend(stage: Stage) -> None:
    body = stage.body(CITY)
    assert body.id is not None
    plan = registry_queries.annual_plan(stage.session, body_id=body.id, year=stage.year)
    assert plan is not None
    draft = registry.amend_annual_plan(
        stage.session,
        plan.id or 0,
        body=body,
        reason="下半年新开办餐饮单位增多，增加一次学校周边食品销售抽查；零售抽查预计数量相应调整。",
        by="p-planner",
        at=stage.ago(2),
    )
    retail = registry_queries.line_by_number(stage.session, draft.id or 0, stage.line("004"))
    assert retail is not None
    changed = {**vars(registry.as_drafted(retail)), "estimated": 30, "frequency": "每年1次"}
    registry.edit_plan_line(
        stage.session, retail.id or 0, PlanLineIn(**changed), by="p-planner", at=stage.ago(2)
    )
    added = PlanLineIn(
        stage.line("005"),
        "学校周边食品销售双随机抽查",
        ["SC-03"],
        scope="学校周边食品销售者",
        filter="industry = 52 and region in (990102, 990103)",
        domain="retail",
        directed=True,
        ratio="不低于 1/100",
        quota={"kind": "rate", "rate": "1/100"},
        methods="现场检查",
        cap=1,
        first_month=9,
        last_month=12,
        partner_text="市教育局",
        level="市抽市查",
    )
    row = registry.add_plan_line(stage.session, draft.id or 0, added, by="p-planner", at=stage.ago(2))
    registry.compute_plan_line(stage.session, row.id or 0, by="p-planner", at=stage.ago(2, minutes=1))
    pass_plan(
        stage,
        draft.id or 0,
        planner="p-planner",
        head="p-head",
        days=1.9,
        approval=f"云市监批〔{stage.year}〕12号",
    )


def _plan_next_year(stage: Stage) -> None:
    year = clock.local(stage.today).year + 1
    body = stage.body(CITY)
    plan = registry.add_annual_plan(
        stage.session,
        body=body,
        year=year,
        title=f"{body.name}{year}年度抽查工作计划",
        lines=[
            PlanLineIn(
                f"{year}-001",
                "餐饮服务食品安全双随机抽查",
                ["SC-01"],
                scope="餐饮服务提供者",
                filter="industry = 62",
                domain="food",
                directed=True,
                ratio="按量化等级确定",
                class_ratios={"A": "1/200", "B": "1/100", "C": "1/20", "D": "全部"},
                estimated=40,
                methods="现场检查",
                start=date(year, 3, 1),
                complete_by=date(year, 10, 31),
            )
        ],
        by="p-planner",
        at=stage.ago(1),
    )
    (line,) = registry_queries.lines_of_plan(stage.session, plan.id or 0)
    registry.compute_plan_line(stage.session, line.id or 0, by="p-planner", at=stage.ago(1))
    registry.submit_annual_plan(stage.session, plan.id or 0, by="p-planner", at=stage.ago(1, minutes=5))
