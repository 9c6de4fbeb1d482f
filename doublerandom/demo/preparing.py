"""The demonstration's manual exclusions: one that two persons made, one that waits for the second."""

from datetime import timedelta

from doublerandom.clock import local
from doublerandom.demo.city import CITY
from doublerandom.demo.stage import Stage
from doublerandom.draws import services as draws
from doublerandom.draws.services import ExclusionIn
from doublerandom.registry import queries as registry

LINE = "001"


def exclude_by_hand(stage: Stage) -> None:
    """Ask for two exclusions from the next catering draw, with document numbers; the first is confirmed."""
    city, today = stage.body(CITY), local(stage.today).date()
    line = registry.plan_line(stage.session, stage.line(LINE), body_id=city.id)
    some = registry.subjects_in_scope(stage.session, body=city, filter_text=line.filter, on=today)
    firms = [row.code for row in some if row.status == "active" and row.kind == "enterprise"][10:12]
    reasons = ("manual-not-operating", "manual-joint")
    asked = [
        draws.request_exclusion(
            stage.session,
            ExclusionIn(
                subject=code,
                reason=reason,
                valid_from=today,
                valid_to=today + timedelta(days=90),
                line=line.number,
                reference=f"云川市监函〔{stage.year}〕{n} 号",
            ),
            body=city,
            settings=stage.settings,
            by="p-planner",
            at=stage.ago(0.15, minutes=n),
        )
        for n, (code, reason) in enumerate(zip(firms, reasons, strict=True), 31)
    ]
    draws.decide_exclusion(
        stage.session, asked[0].id or 0, confirm=True, by="p-supervisor", at=stage.ago(0.1), decision="已核实"
    )
