"""After the small county's draw: inspectors fall out, the next in order come, at last the city lends one."""

from typing import Final

from doublerandom.demo.city import COUNTY, PIN
from doublerandom.demo.stage import Stage
from doublerandom.draws import queries, services
from doublerandom.draws.models import Replacement, ReplacementKind

NOTE: Final = ("病休证明.pdf", b"%PDF-1.4\n% certificate of illness\n%%EOF\n")
MEMBER: Final = 1
LENT: Final = "YCSJ-0003"


def replace_in_the_county(stage: Stage) -> None:
    """
    One task of the county loses two inspectors, one after the other; nobody is left, and the city lends one.

    Its head being its supervisor too, the city's head approves the direct assignment.
    """
    draw = queries.draws_of_body(stage.session, [stage.body_id(COUNTY)])[-1]
    for reason, day in (("ill", 14.0), ("left", 13.8)):
        _confirm(stage, _ask(stage, draw, ReplacementKind.INSPECTOR, reason, day=day), day=day)
    lent = _ask(stage, draw, ReplacementKind.DIRECT, "all-barred", day=13.6, direct=LENT)
    services.approve_direct(stage.session, lent.id or 0, by="p-head", at=stage.ago(13.6, minutes=20))
    _confirm(stage, lent, day=13.6)


def _ask(
    stage: Stage, draw: queries.Draw, kind: ReplacementKind, reason: str, *, day: float, direct: str = ""
) -> Replacement:
    task = queries.tasks_of_draw(stage.session, draw, limit=1)[0]
    return services.request_replacement(
        stage.session,
        task.id,
        kind=kind,
        seat=MEMBER,
        direct=direct,
        grounds=services.Grounds(reason, "", None if direct else NOTE),
        settings=stage.settings,
        by="p-county-planner",
        at=stage.ago(day),
    )


def _confirm(stage: Stage, asked: Replacement, *, day: float) -> None:
    services.confirm_replacements(
        stage.session,
        [asked.id or 0],
        pin=PIN,
        settings=stage.settings,
        by="p-county-supervisor",
        at=stage.ago(day, minutes=40),
    )
