"""The demonstration's offices, lists, rules, plans and pools, set up by the real commands."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from doublerandom import clock
from doublerandom.accounts import services as accounts
from doublerandom.demo import people, plans, pools, rule_books
from doublerandom.demo.city import CITY, COUNTY, OFFICES, PASSWORD, PEOPLE, PIN, REGIONS
from doublerandom.demo.stage import Stage
from doublerandom.inspect import services as inspect
from doublerandom.inspect.core import Category
from doublerandom.ledger import keys
from doublerandom.registry import queries as registry_queries
from doublerandom.registry import services as registry
from doublerandom.registry.intake.importing import Import, import_file
from doublerandom.registry.intake.reports import Report

CATEGORIES = (
    Category("1", "未发现问题", "Nothing found", exclusive=True),
    Category("2", "未按规定公示应当公示的信息", "Information not disclosed as required", proposes=True),
    Category(
        "3", "公示信息隐瞒真实情况、弄虚作假", "Disclosed information conceals or falsifies", proposes=True
    ),
    Category(
        "4",
        "通过登记的住所（经营场所）无法联系",
        "Cannot be contacted at the registered address",
        proposes=True,
    ),
    Category("5", "发现问题已责令改正", "Problems found, correction ordered", follow_up=True),
    Category("6", "不配合检查情节严重", "Seriously uncooperative"),
    Category("7", "未发现开展本次抽查涉及的经营活动", "No business activity within this inspection's scope"),
    Category("8", "发现问题待后续处理", "Problems found, to be dealt with", follow_up=True),
    Category("9", "已关闭停业或正在组织清算", "Closed or in liquidation", ends_eligibility=True),
    Category(
        "10", "已注销、被吊销、被撤销或迁出", "Deregistered, revoked or moved out", ends_eligibility=True
    ),
)


def found_offices(stage: Stage) -> None:
    """Regions, bodies, accounts and signing keys."""
    at = stage.ago(125)
    accounts.seed_regions(stage.session, by="system", at=at)
    accounts.add_regions(stage.session, REGIONS, by="system", at=at)
    for office in OFFICES:
        accounts.create_body(
            stage.session,
            token=office.token,
            name=office.name,
            name_en=office.name_en,
            line=office.line,
            level=office.level,
            region=office.region,
            parent_token=office.parent,
            by="system",
            at=at,
        )
    for person in PEOPLE:
        accounts.create_user(
            stage.session,
            username=person.username,
            password=PASSWORD,
            name=person.name,
            person=person.person,
            body_token=person.body,
            roles=list(person.roles),
            certificate=person.certificate,
            by="system",
            at=at,
        )
    for username, role in (
        ("planner", "operator"),
        ("supervisor", "supervisor"),
        ("county-planner", "operator"),
        ("county-supervisor", "supervisor"),
    ):
        person = next(each for each in PEOPLE if each.username == username)
        keys.create_signing_key(
            stage.session,
            person.person,
            name=person.name,
            role=role,
            body=person.body,
            pin=PIN,
            settings=stage.settings,
            by=person.person,
            at=stage.ago(124),
        )
    people.set_up_accounts(stage)


def publish_lists(stage: Stage) -> None:
    """Items in force, rule sets approved by the head, annual plans published, result categories."""
    at = stage.ago(122)
    _import(stage, "items", Path(__file__).parent / "data" / "items.csv", at)
    for item in registry_queries.items(stage.session):
        assert item.id is not None
        registry.put_item_in_force(
            stage.session, item.id, valid_from=clock.local(at).date(), by="p-head", at=at
        )
    rule_books.publish_rules(stage, CATEGORIES)
    plans.publish_list(stage, 121.5)
    _publish_plan(stage, CITY, _city_lines(stage), by="p-planner", head="p-head")
    _publish_plan(stage, COUNTY, _county_lines(stage), by="p-county-planner", head="p-county-supervisor")
    inspect.add_categories(
        stage.session, CATEGORIES, valid_from=date(stage.year - 1, 1, 1), by="p-head", at=stage.ago(121)
    )


def _publish_plan(
    stage: Stage, token: str, lines: Sequence[registry.PlanLineIn], *, by: str, head: str
) -> None:
    body = stage.body(token)
    plan = registry.add_annual_plan(
        stage.session,
        body=body,
        year=stage.year,
        title=f"{body.name}{stage.year}年度抽查工作计划",
        lines=lines,
        filing=f"{token}-{stage.year}",
        by=by,
        at=stage.ago(121.2),
    )
    plans.pass_plan(stage, plan.id or 0, planner=by, head=head, days=121)


def _city_lines(stage: Stage) -> list[registry.PlanLineIn]:
    line = registry.PlanLineIn
    return [
        line(
            stage.line("001"),
            "餐饮服务食品安全双随机抽查",
            ["SC-01"],
            filter="industry = 62",
            domain="food",
            directed=True,
            ratio="A级 1/200，B级 1/100，C级 1/20，D级全部",
        ),
        line(
            stage.line("002"),
            "登记与公示信息双随机抽查",
            ["SC-09", "SC-10"],
            filter="region in (990102, 990103)",
            domain="scjg",
            ratio="按信用风险分类",
        ),
        line(
            stage.line("003"),
            "特种设备使用单位安全联合抽查",
            ["SC-05", "XF-02"],
            filter="industry in (34, 61, 26)",
            domain="joint",
            directed=True,
            ratio="不低于 1/80",
            partners=["fire"],
        ),
        line(
            stage.line("004"),
            "食品销售监督双随机抽查",
            ["SC-03"],
            filter="industry = 52",
            domain="retail",
            directed=True,
            ratio="不低于 1/100",
            unannounced=True,
        ),
    ]


def _county_lines(stage: Stage) -> list[registry.PlanLineIn]:
    return [
        registry.PlanLineIn(
            stage.line("001"), "食品与登记事项双随机抽查", ["SC-01", "SC-09"], domain="scjg", ratio="1/100"
        )
    ]


def _import(stage: Stage, kind: str, path: Path, at: datetime) -> None:
    """Import a file as the registrar does; the demonstration's own files hold nothing to refuse."""
    with Report() as report:
        body = stage.body(CITY) if kind == "items" else None
        import_file(stage.session, Import(kind, path, by="p-registrar", at=at, body=body), report)
        assert not report.counts.refused, report.counts


def fill_pools(stage: Stage) -> None:
    """Subjects, inspectors and conflicts from the offices' files; grades, absences, others' visits."""
    files = pools.write_pools(stage.folder, clock.local(stage.today).date())
    for kind in ("subjects", "inspectors", "conflicts"):
        _import(stage, kind, files[kind], stage.ago(115))
    catering = [
        row.code
        for row in registry_queries.subjects_in_scope(
            stage.session,
            body=stage.body(CITY),
            filter_text="industry = 62",
            on=clock.local(stage.ago(115)).date(),
        )
    ]
    registry.set_standings(
        stage.session,
        values=dict(pools.grades(catering)),
        body_id=stage.body_id(CITY),
        kind="grade",
        valid_from=clock.local(stage.ago(114)).date(),
        reason="量化分级",
        by="p-registrar",
        at=stage.ago(114),
    )
    for number, kind in ((11, "leave"), (23, "training"), (37, "leave"), (58, "training")):
        day = clock.local(stage.ago(105)).date()
        registry.add_absence(
            stage.session,
            f"YCSJ-{number:04d}",
            kind=kind,
            first_day=day,
            last_day=day + timedelta(days=130),
            by="p-registrar",
            at=stage.ago(113),
        )
    for number, code in enumerate(catering[::37]):
        registry.record_visit(
            stage.session,
            subject_code=code,
            body_id=stage.body_id("yc-xfzd"),
            items=["XF-01"],
            inspectors=[],
            visited_on=clock.local(stage.ago(130 - number % 20)).date(),
            source=f"file:fire:{number}",
            by="p-registrar",
            at=stage.ago(112),
        )
    registry.declare_conflict(
        stage.session,
        inspector="YCSJ-0001",
        subject=declared_subject(stage),
        ground="declared",
        statement="本人曾与该店负责人有合同纠纷。",
        valid_from=clock.local(stage.ago(110)).date(),
        by="p-inspector",
        at=stage.ago(110),
    )


def declared_subject(stage: Stage) -> str:
    """The catering business of grade D (all are drawn) with which the inspector declares a conflict."""
    catering = [
        row.code
        for row in registry_queries.subjects_in_scope(
            stage.session,
            body=stage.body(CITY),
            filter_text="industry = 62 and grade = D and status = active",
            on=clock.local(stage.ago(100)).date(),
        )
    ]
    return catering[0]
