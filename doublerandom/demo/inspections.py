"""Visits of bodies outside the platform, exemptions, ties, shared identifiers, an application for recusal."""

from datetime import date

from doublerandom import clock
from doublerandom.demo.city import CITY
from doublerandom.demo.stage import Stage
from doublerandom.registry import queries
from doublerandom.registry import services as registry
from doublerandom.registry.services import VisitIn
from doublerandom.registry.visit_checks import VisitFacts

SCOPE = "industry = 65 and status = active and region = 990105"
APPLICATION = b"%PDF-1.4\n% application for recusal\n%%EOF\n"


def tell_of_visits(stage: Stage) -> None:
    """What others did at some software firms, and who is tied to whom."""
    firms = _firms(stage)
    _others_visits(stage, firms)
    _exempt_visit(stage, firms[0])
    _ties(stage, firms)
    registry.apply_for_recusal(
        stage.session,
        inspector="YCSJ-0004",
        subject=firms[1],
        statement="该检查人员的配偶在竞争对手处任职，可能影响公正。",
        applicant="钱经理",
        document=("申请书.pdf", APPLICATION),
        settings=stage.settings,
        by="p-registrar",
        at=stage.ago(6),
    )


def _firms(stage: Stage) -> list[str]:
    rows = queries.subjects_in_scope(
        stage.session, body=stage.body(CITY), filter_text=SCOPE, on=_day(stage, 100)
    )
    return [row.code for row, _ in zip(rows, range(40), strict=False)]


def _day(stage: Stage, ago: float) -> date:
    return clock.local(stage.ago(ago)).date()


def _others_visits(stage: Stage, firms: list[str]) -> None:
    """The provincial network office sends its visits; one firm is visited too often."""
    days = {firms[0]: (3, 5, 9), **{firm: (20 + n,) for n, firm in enumerate(firms[2:14])}}
    registry.record_outside_visits(
        stage.session,
        [
            VisitIn(
                key=f"wx-{number}-{turn}",
                code=firm,
                visited_on=_day(stage, ago),
                agency="示范省互联网信息办公室",
                level="province",
                line="network",
                kind="special",
                items=("网络安全专项检查",),
                found=turn == 1,
            )
            for number, (firm, spans) in enumerate(days.items())
            for turn, ago in enumerate(spans)
        ],
        body=stage.body("yc-gov"),
        by="p-registrar",
        at=stage.ago(2),
    )


def _exempt_visit(stage: Stage, firm: str) -> None:
    """A complaint was looked into; the first entry had the wrong day."""
    facts = VisitFacts(
        visited_on=_day(stage, 8),
        body_id=stage.body_id(CITY),
        kind="complaint",
        exempt="complaint",
        evidence="12315 投诉单 99010020250117",
        inspectors=("YCSJ-0007", "YCSJ-0009"),
        found=False,
    )
    wrong = registry.enter_visit(
        stage.session, firm, facts, source="desk:demo-1", by="p-registrar", at=stage.ago(4)
    )
    right = VisitFacts(**{**facts.__dict__, "visited_on": _day(stage, 7)})
    registry.correct_visit(
        stage.session, wrong.id or 0, right, reason="登记时日期写错一天。", by="p-registrar", at=stage.ago(3)
    )


def _ties(stage: Stage, firms: list[str]) -> None:
    """A former employee, a relative who works there, and two firms with one telephone number."""
    for inspector, firm, relation, last in (
        ("YCSJ-0005", firms[3], "employed", _day(stage, 400)),
        ("YCSJ-0006", firms[4], "relative-works", None),
    ):
        registry.add_tie(
            stage.session,
            inspector=inspector,
            code=firm,
            relation=relation,
            first_day=_day(stage, 2000),
            last_day=last,
            by="p-registrar",
            at=stage.ago(5),
        )
    for firm in firms[4:7]:
        registry.add_link(
            stage.session,
            kind="phone",
            text="0999-5550134",
            subject=firm,
            settings=stage.settings,
            by="p-registrar",
            at=stage.ago(5),
        )
