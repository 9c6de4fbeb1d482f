"""The demonstration's ceremony: a rehearsal whose dice can be rolled at once, by planner and supervisor."""

from datetime import timedelta

from doublerandom import clock
from doublerandom.demo.city import CITY, PIN
from doublerandom.demo.draws import DICE, SUPERSEDING, parties
from doublerandom.demo.stage import Stage
from doublerandom.draws import queries as draws_queries
from doublerandom.draws import services as draws


def is_open(stage: Stage) -> bool:
    """Whether a rehearsal still waits for its dice."""
    now = clock.now()
    return any(
        row.rehearsal and each.kind == "dice" and each.is_open(now)
        for row in draws_queries.awaiting(stage.session, draws_queries.DrawStatus.COMMITTED)
        for each in draws_queries.sources(stage.session, row)
    )


def open_rehearsal(stage: Stage) -> None:
    """A rehearsal committed two hours ago and due just now, open for a day."""
    now = clock.now()
    made, due = now - timedelta(hours=2), now - timedelta(minutes=1)
    draw = draws.prepare(
        stage.session,
        body=CITY,
        plan_line=stage.line(SUPERSEDING),
        filter_text="industry in (34, 61, 26, 54)",
        due=due,
        result_by=due + timedelta(hours=24),
        randomness=[DICE],
        settings=stage.settings,
        rehearsal=True,
        title="掷骰仪式演练",
        secrets_parties=parties(CITY),
        simulations=5,
        by="p-planner",
        at=made,
    )
    for role, person in (("operator", "p-planner"), ("supervisor", "p-supervisor")):
        draws.sign(
            stage.session, draw.number, role=role, pin=PIN, settings=stage.settings, by=person, at=made
        )
