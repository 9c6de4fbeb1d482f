"""The demonstration's record keeping: classes of the month, corrections, licences, lists, who left a pool."""

import csv
from datetime import date, datetime, timedelta

from doublerandom import clock
from doublerandom.demo.city import CITY
from doublerandom.demo.stage import Stage
from doublerandom.registry import queries
from doublerandom.registry import services as registry
from doublerandom.registry.intake.importing import Import, import_file
from doublerandom.registry.intake.reports import Report
from doublerandom.registry.models import Subject

DISTRICT = "990102"
PLAZA = "YC-PLAZA-0001"
CLERK = "p-registrar"
UNNAMED = 900
MOVED = {211: "D", 157: "C", 97: "B", 61: "A"}
LEFT = ("moved-out", "duplicate", "duplicate", "not-supervised")


def keep_records(stage: Stage) -> None:
    """All of it, by the registrar of the city's market regulator, in the last days."""
    registry.seed_industries(stage.session, by="system", at=stage.ago(2))
    firms = queries.subjects(stage.session, region=DISTRICT, limit=40)
    _import_classes(stage, stage.ago(2))
    _correct(stage, firms[3], stage.ago(2, minutes=20))
    _keep_plaza(stage, firms[3], stage.ago(2, minutes=40))
    _let_leave(stage, firms[20:24], stage.ago(1, minutes=30))


def _import_classes(stage: Stage, at: datetime) -> None:
    """The month's classes of the city: a few firms move, a few are not named."""
    city, day = stage.body(CITY), clock.local(at).date()
    firms = queries.subjects_in_scope(stage.session, body=city, filter_text="class in (A, B, C, D)", on=day)
    path = stage.folder / "信用风险分类月报.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("统一社会信用代码", "信用风险分类", "分类日期"))
        for n, firm in enumerate(firms):
            letter = next((to for every, to in MOVED.items() if n % every == 0), firm.credit_class)
            if n % UNNAMED:
                writer.writerow((firm.code, letter, day.isoformat()))
    with Report() as report:
        import_file(stage.session, Import("classes", path, by=CLERK, at=at, body=city), report)


def _correct(stage: Stage, firm: Subject, at: datetime) -> None:
    """A firm moved to another address, by the registration."""
    changes = {"address": f"{firm.address.rstrip('号')}之二", "managing_office": "东湖市场监管所"}
    registry.change_subject(
        stage.session, firm.code, changes, source="登记信息变更通知", reason="住所变更", by=CLERK, at=at
    )
    registry.record_licence(
        stage.session,
        firm.code,
        number="JY29901020001",
        name="食品经营许可",
        authority="云川市行政审批局",
        granted=date(stage.year, 1, 8),
        valid_until=date(stage.year + 5, 1, 7),
        source="许可决定书",
        by=CLERK,
        at=at,
    )


def _keep_plaza(stage: Stage, firm: Subject, at: datetime) -> None:
    """A site and a project that the firm answers for; the site has a bit of everything."""
    plaza = {"kind": "site", "name": "云川中心广场地下商业街", "region": DISTRICT, "operator": firm.code}
    works = {**plaza, "kind": "project", "name": "云川中心广场改造工程"}
    registry.add_subject(stage.session, plaza, code=PLAZA, source="场所登记表", by=CLERK, at=at)
    registry.add_subject(stage.session, works, source="施工许可", by=CLERK, at=at)
    today, body_id = clock.local(at).date(), stage.body_id(CITY)
    for kind, value, reason in (
        ("tag", "人员密集场所", "消防重点单位名录"),
        ("grade", "B", "年度量化分级"),
        ("special", "节前专项", "节前市场检查方案"),
    ):
        registry.set_standing(
            stage.session, subject_code=PLAZA, body_id=body_id, kind=kind, value=value, valid_from=today,
            reason=reason, by=CLERK, at=at,
        )  # fmt: skip
    registry.change_subject(
        stage.session, PLAZA, {"address": "云川市东湖区中心路1号"}, source="现场核实记录", by=CLERK,
        at=at + timedelta(minutes=5),
    )  # fmt: skip
    registry.put_on_list(
        stage.session, PLAZA, kind="key_supervision", valid_from=today, source="重点监管对象通知",
        by=CLERK, at=at,
    )  # fmt: skip


def _let_leave(stage: Stage, firms: list[Subject], at: datetime) -> None:
    """Some firms leave the city's pool, each for its reason."""
    for firm, reason in zip(firms, LEFT, strict=True):
        registry.leave_pool(
            stage.session, firm.code, stage.body_id(CITY), reason=reason, note="季度核对", by=CLERK, at=at
        )
