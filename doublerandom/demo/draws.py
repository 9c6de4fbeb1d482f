"""The demonstration's draws: committed, drawn, revealed, voided, rehearsed; in the order of time."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from doublerandom import clock
from doublerandom.credit import queries as credit_queries
from doublerandom.credit import services as credit
from doublerandom.credit.models import CreditStatus
from doublerandom.demo import pools
from doublerandom.demo.city import CITY, COUNTY, PEOPLE, PIN
from doublerandom.demo.stage import Stage
from doublerandom.draws import queries as draws_queries
from doublerandom.draws import services as draws
from doublerandom.inspect import services as inspect
from doublerandom.inspect.core import Finding
from doublerandom.publish import services as publish

DRAND_2023 = (
    datetime(2023, 9, 15, 9, 41, 7, tzinfo=UTC),
    datetime(2023, 9, 15, 11, 0, tzinfo=UTC),
    {
        "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
        "41076862b98fad56e91a6b85b89cd97b",  # quicknet round 657413, 2023-09-15T11:00:03Z
    },
)
DICE = {"kind": "dice", "sides": 10, "count": 40}
IN_CLOSED_SCOPE = ("990102", "990103")
REVEALED, CLOSED, SUPERSEDING, SHIMEN, COUNTDOWN = "001", "002", "003", "001", "004"


def rolls(salt: int) -> dict[str, Any]:
    """Forty rolls of a ten-sided die as two persons would have typed them; invented, like everything here."""
    chance = random.Random(pools.SEED + salt)  # noqa: S311 - the demonstration's dice
    return {"rolls": [chance.randrange(10) for _ in range(40)]}


def parties(body: str) -> list[draws.Party]:
    """Who makes secrets: the office that draws, and its supervisor (in the city the justice bureau)."""
    return [draws.Party("operator", body), draws.Party("supervisor", "yc-sfj" if body == CITY else body)]


def commit(stage: Stage, line: str, days: float, *, body: str = CITY, **options: Any) -> str:
    """Prepare a draw of a plan line and have it signed by operator and supervisor; gives its number."""
    county = body == COUNTY
    operator, supervisor = (
        ("p-county-planner", "p-county-supervisor") if county else ("p-planner", "p-supervisor")
    )
    draw = draws.prepare(
        stage.session,
        body=body,
        plan_line=stage.line(line),
        due=stage.ago(days, minutes=180),
        randomness=[DICE],
        settings=stage.settings,
        by=operator,
        at=stage.ago(days),
        secrets_parties=parties(body),
        **options,
    )
    draws.sign(
        stage.session,
        draw.number,
        role="operator",
        pin=PIN,
        settings=stage.settings,
        by=operator,
        at=stage.ago(days, minutes=10),
    )
    draws.sign(
        stage.session,
        draw.number,
        role="supervisor",
        pin=PIN,
        settings=stage.settings,
        by=supervisor,
        at=stage.ago(days, minutes=20),
    )
    return draw.number


def draw(stage: Stage, number: str, days: float, *, salt: int) -> None:
    """Roll the dice at the due time, which two persons type, and let the draw run."""
    throw(stage, number, salt=salt, at=stage.ago(days, minutes=182))
    draws.run(stage.session, number, settings=stage.settings, at=stage.ago(days, minutes=184))


def throw(stage: Stage, number: str, *, salt: int, at: datetime) -> None:
    """Planner and supervisor each type the dice before a witness, or the second what somebody typed first."""
    row = draws_queries.draw(stage.session, number)
    if not draws_queries.witnesses(stage.session, row):
        draws.name_witness(
            stage.session, number, name="钱鉴明", office="云川市消费者协会", by="p-planner", at=at
        )
    people, value = ["p-planner", "p-supervisor"], rolls(salt)
    if first := draws_queries.waiting_dice(stage.session, row, 0):
        people, value = [person for person in people if person != first.person][:1], first.value
    for person in people:
        draws.observe(stage.session, number, n=0, value=value, settings=stage.settings, by=person, at=at)


def rehearse(stage: Stage) -> None:
    """A rehearsal on a drand round of 2023, whose signature anybody can check."""
    made, due, value = DRAND_2023
    draw = draws.prepare(
        stage.session,
        body=CITY,
        plan_line=stage.line("001"),
        due=due,
        randomness=[{"kind": "drand"}],
        settings=stage.settings,
        rehearsal=True,
        title="餐饮服务食品安全抽查（演练）",
        by="p-planner",
        at=made,
        on=clock.local(stage.today).date(),
    )
    for role, person in (("operator", "p-planner"), ("supervisor", "p-supervisor")):
        draws.sign(
            stage.session, draw.number, role=role, pin=PIN, settings=stage.settings, by=person, at=made
        )
    draws.observe(
        stage.session,
        draw.number,
        n=0,
        value=value,
        settings=stage.settings,
        by="p-planner",
        at=due + timedelta(seconds=5),
    )
    draws.run(stage.session, draw.number, settings=stage.settings, at=due + timedelta(seconds=30))
    draws.reveal(stage.session, draw.number, settings=stage.settings, at=due + timedelta(minutes=1))


def catering_draw(stage: Stage) -> None:
    """An open draw by published grade, from commitment to reveal, with all results and consequences."""
    number = commit(stage, REVEALED, 100)
    draw(stage, number, 100, salt=1)
    for position, task_id in enumerate(
        draws_queries.task_ids(stage.session, draws_queries.draw(stage.session, number))
    ):
        _inspect(stage, task_id, position, days=96 - position * 0.4)
    draws.reveal(stage.session, number, settings=stage.settings, at=stage.ago(60))
    proposed = credit_queries.records_in_sight(
        stage.session, body_ids=[stage.body_id(CITY)], status=CreditStatus.PROPOSED
    )
    for record in proposed[3:]:
        credit.decide(
            stage.session,
            record.id or 0,
            confirm=True,
            opinion="事实清楚，依据充分。",
            by="p-credit",
            at=stage.ago(58),
        )


def _inspect(stage: Stage, task_id: int, position: int, *, days: float) -> None:
    """One visit: recorded by the lead, reviewed, published."""
    task = draws_queries.task_view(stage.session, task_id)
    lead = next(member for member in task.team if member)
    code = ("5", "1", "1", "1", "2", "1", "1", "7", "1", "1")[position % 10]
    if position % 3 == 0 and task.region in IN_CLOSED_SCOPE:
        code = "2"  # so that the draw by class meets a subject whose measure moved it
    visited = stage.ago(days)
    due = clock.local(visited).date() + timedelta(days=15)
    findings = [
        Finding(
            item,
            (code,),
            measure="ordered" if code == "5" else "none",
            due=due if code == "5" else None,
            finding=""
            if code == "1"
            else {
                "5": "后厨未分区存放生熟食品。",
                "2": "未公示食品安全等级。",
                "7": "检查当日未开展餐饮经营。",
            }[code],
        )
        for item in task.items
    ]
    named = next((person.person for person in PEOPLE if person.certificate == lead), f"p-{lead}")
    inspection = inspect.record_result(
        stage.session,
        task_id,
        certificate=lead,
        visited_on=clock.local(visited).date(),
        method="on_site",
        findings=findings,
        summary="",
        by=named,
        at=stage.ago(days, minutes=90),
    )
    publish.review_and_publish(
        stage.session,
        inspection.id or 0,
        approve=True,
        opinion="",
        certificate="",
        settings=stage.settings,
        by="p-reviewer",
        at=stage.ago(days, minutes=300),
    )


def voided_draw(stage: Stage) -> None:
    """A draw voided before any visit, its would-be result shown; the next one carries its list."""
    number = commit(stage, SUPERSEDING, 20, batch=1)
    draw(stage, number, 20, salt=2)
    draws.void_request(
        stage.session,
        number,
        reason="wrong-scope",
        statement="对象范围漏了仓储企业。",
        by="p-planner",
        at=stage.ago(19.5),
    )
    draws.void_confirm(stage.session, number, settings=stage.settings, by="p-supervisor", at=stage.ago(19.4))
    later = commit(
        stage, SUPERSEDING, 18, batch=2, supersedes=number, filter_text="industry in (34, 61, 26, 54)"
    )
    draw(stage, later, 18, salt=3)


def county_draw(stage: Stage) -> None:
    """The small county: 900 subjects, 4 inspectors, soft grounds waived where too few would be left."""
    number = commit(stage, SHIMEN, 15, body=COUNTY)
    draw(stage, number, 15, salt=4)


def closed_draw(stage: Stage) -> None:
    """By credit-risk class as the measures shift it, so the subjects stay closed; drawn, not yet visited."""
    number = commit(stage, CLOSED, 10)
    draw(stage, number, 10, salt=5)


def has_countdown(stage: Stage) -> bool:
    """Whether a committed draw still waits for its hour."""
    return bool(draws_queries.next_draws(stage.session, at=clock.now()))


def countdown_draw(stage: Stage) -> None:
    """A committed draw that waits for its dice: the day after, at ten in the morning."""
    now = clock.now()
    settle_last_countdown(stage, now)
    tomorrow = clock.local(now + timedelta(hours=22)).replace(hour=10, minute=0, second=0)
    due = tomorrow.astimezone(UTC) if tomorrow > now + timedelta(hours=2) else now + timedelta(hours=26)
    line = stage.line(COUNTDOWN)
    before = [row for row in draws_queries.draws(stage.session, limit=1000) if _is_of(row, line)]
    ended = draws_queries.unsuperseded(stage.session, stage.body_id(CITY), line)
    draw = draws.prepare(
        stage.session,
        body=CITY,
        plan_line=line,
        due=due,
        randomness=[DICE],
        settings=stage.settings,
        batch=1 + len(before),
        supersedes=ended[0].number if ended else "",
        secrets_parties=parties(CITY),
        simulations=20 if stage.settings.testing else 1_000,
        by="p-planner",
        at=now,
    )
    for role, person in (("operator", "p-planner"), ("supervisor", "p-supervisor")):
        draws.sign(stage.session, draw.number, role=role, pin=PIN, settings=stage.settings, by=person, at=now)


def _is_of(row: draws_queries.Draw, line: str) -> bool:
    return not row.rehearsal and row.annual_item.startswith(line)


def settle_last_countdown(stage: Stage, now: datetime) -> None:
    """
    Throw the dice late for countdown draws whose hour has passed, so that the next one carries their lists.

    Within the hour the draw still runs. Later it has failed, and for 72 hours its dice show whom it would
    have drawn; after that its list can never be known, and the next draw carries nobody.
    """
    draws.fail_overdue(stage.session, at=now)
    for row in draws_queries.draws(stage.session, limit=1000):
        waits = row.status in {draws_queries.DrawStatus.COMMITTED, draws_queries.DrawStatus.FAILED}
        if not waits or not _is_of(row, stage.line(COUNTDOWN)) or row.due > now or row.revealed_at:
            continue
        number, lost = row.number, row.due + timedelta(hours=72) < now
        if lost or draws_queries.observations(stage.session, row):
            continue
        throw(stage, number, salt=6, at=now)
        if row.status is draws_queries.DrawStatus.COMMITTED:
            draws.run(stage.session, number, settings=stage.settings, at=now)
        else:
            draws.show_would_be(stage.session, number, settings=stage.settings, at=now)
