"""The inspectors' desk in the demonstration: teams of two departments, days away, papers, an expert."""

from datetime import timedelta
from typing import Any

from doublerandom import clock
from doublerandom.demo.city import CITY
from doublerandom.demo.stage import Stage
from doublerandom.registry import queries
from doublerandom.registry import services as registry
from doublerandom.registry.services import MemberIn

FIRE = "yc-xfzd"
TEAMS = (
    (CITY, "餐饮一组", (("YCSJ-0001", "lead"), ("YCSJ-0002", "member"), ("YCSJ-E001", "expert"))),
    (CITY, "特种设备组", (("YCSJ-0003", "lead"), ("YCSJ-0006", "member"), ("YCSJ-0009", "member"))),
    (FIRE, "消防监督一组", (("YCXF-0003", "lead"), ("YCXF-0004", "member"))),
)
AWAY = (
    ("YCSJ-0004", "leave", -2, 5, "年休假"),
    ("YCSJ-0007", "training", 3, 9, "食品安全检查员培训班"),
    ("YCSJ-0012", "duty", -5, 1, "专项督查"),
    ("YCSJ-0015", "leave", 8, 12, ""),
    ("YCXF-0007", "training", -1, 3, "消防监督员轮训"),
)


def keep_staff(stage: Stage) -> None:
    """An expert, papers that end soon or are suspended, days away, item ranges, teams."""
    _papers(stage)
    today = clock.local(stage.today).date()
    for certificate, kind, first, last, note in AWAY:
        registry.add_absence(
            stage.session,
            certificate,
            kind=kind,
            first_day=today + timedelta(days=first),
            last_day=today + timedelta(days=last),
            note=note,
            by="p-registrar",
            at=stage.ago(3),
        )
    registry.add_absence(
        stage.session,
        "YCSJ-0001",
        kind="leave",
        first_day=today + timedelta(days=10),
        last_day=today + timedelta(days=11),
        announced=True,
        by="p-inspector",
        at=stage.ago(1),
    )
    for body, name, members in TEAMS:
        registry.found_team(
            stage.session,
            name=name,
            body_id=stage.body_id(body),
            members=[MemberIn(*each) for each in members],
            valid_from=clock.local(stage.ago(6)).date(),
            by="p-registrar",
            at=stage.ago(6),
        )


def _papers(stage: Stage) -> None:
    """Who joined lately, and what is said of certificates and qualifications."""
    by, at, today = "p-registrar", stage.ago(8), clock.local(stage.today).date()
    facts: dict[str, Any] = {"body_id": stage.body_id(CITY), "department": "scjg", "by": by, "at": at}
    registry.add_inspector(
        stage.session,
        "YCSJ-E001",
        name="顾百草",
        position="高级工程师",
        expert=True,
        expert_types=["food", "law"],
        certificate_until=today + timedelta(days=700),
        **facts,
    )
    registry.add_inspector(
        stage.session,
        "YCSJ-0121",
        name="季满仓",
        position="四级行政执法员",
        skills=["metrology"],
        items=["SC-03", "SC-09"],
        authority="示范省司法厅",
        certificate_from=today - timedelta(days=1800),
        certificate_until=today + timedelta(days=25),
        **facts,
    )
    registry.set_certificate_status(
        stage.session,
        "YCSJ-0018",
        queries.certificates_of(stage.session, queries.inspector(stage.session, "YCSJ-0018"))[0].row_id,
        status="suspended",
        valid_from=today - timedelta(days=2),
        reason="年度审验未参加，暂扣至补审。",
        by=by,
        at=stage.ago(2),
    )
    registry.add_certificate(
        stage.session,
        "YCSJ-0016",
        number="YCSJ-0016-Z",
        kind="professional",
        authority="示范省市场监督管理局",
        valid_from=today - timedelta(days=400),
        valid_to=today + timedelta(days=330),
        by=by,
        at=at,
    )
    registry.add_qualification(
        stage.session,
        "YCSJ-0001",
        skill="food",
        valid_from=today - timedelta(days=700),
        valid_to=today + timedelta(days=395),
        evidence="食品安全检查员证 2024-118",
        by=by,
        at=at,
    )
