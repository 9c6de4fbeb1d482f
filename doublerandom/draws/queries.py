"""What is read of draws: always in order; the part that the public may see never names who was drawn too early."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import extract
from sqlmodel import Session, col, func, select

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import ZEROS, Record, parse_time
from doublerandom.draws.errors import DrawNotFoundError, TaskNotFoundError
from doublerandom.draws.models import (
    Deposit,
    Draw,
    DrawStatus,
    FrozenPool,
    Observation,
    PlanSignature,
    Seat,
    Task,
    Void,
)
from doublerandom.draws.plans import is_closed
from doublerandom.ledger import queries as ledger

PUBLIC = (DrawStatus.COMMITTED, DrawStatus.DRAWN, DrawStatus.REVEALED, DrawStatus.VOIDED, DrawStatus.FAILED)
IN_WORK = (DrawStatus.DRAWN, DrawStatus.REVEALED)
MANY = 500


# --- one draw --------------------------------------------------------------------------------------------------


def number_of(draw: Draw | str) -> str:
    """The number of a draw given as a row or as its number."""
    return draw if isinstance(draw, str) else draw.number


def draw_or_none(session: Session, number: str) -> Draw | None:
    """The draw with this number, if there is one."""
    return session.exec(select(Draw).where(Draw.number == number)).one_or_none()


def draw(session: Session, number: str) -> Draw:
    """The draw with this number, or DrawNotFoundError."""
    found = draw_or_none(session, number)
    if found is None:
        raise DrawNotFoundError(number=number)
    return found


def public_draw(session: Session, number: str) -> Draw:
    """The draw with this number, once its plan is signed by both and public; else DrawNotFoundError."""
    found = draw(session, number)
    if found.status not in PUBLIC:
        raise DrawNotFoundError(number=number)
    return found


def draw_for_update(session: Session, number: str) -> Draw:
    """The draw, read anew and held until the command ends."""
    statement = select(Draw).where(Draw.number == number).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise DrawNotFoundError(number=number)
    return found


def plan_of(draw: Draw) -> Record:
    """The dr1 plan of a draw."""
    plan: Record = json.loads(draw.plan)
    return plan


def rules_of(draw: Draw) -> dict[str, Any]:
    """The rule set object that the draw is bound to."""
    rules: dict[str, Any] = json.loads(draw.rules)
    return rules


def moment(plan: Record, member: str) -> datetime:
    """One of the plan's times."""
    return parse_time(plan[member])


def frozen_pools(session: Session, draw: Draw) -> dict[str, FrozenPool]:
    """The frozen pools of a draw by name."""
    rows = session.exec(select(FrozenPool).where(FrozenPool.draw_id == draw.id).order_by(col(FrozenPool.id)))
    return {row.name: row for row in rows}


def deposits(session: Session, draw: Draw) -> list[Deposit]:
    """What lies in the vault for a draw, still sealed."""
    return list(session.exec(select(Deposit).where(Deposit.draw_id == draw.id).order_by(col(Deposit.id))))


def plan_signatures(session: Session, draw: Draw) -> list[PlanSignature]:
    """The signatures of a draw: operator, supervisor, then parties in plan order."""
    rows = session.exec(
        select(PlanSignature).where(PlanSignature.draw_id == draw.id).order_by(col(PlanSignature.n))
    )
    order = {"operator": 0, "supervisor": 1, "party": 2}
    return sorted(rows, key=lambda row: (order[row.role], row.n))


def observations(session: Session, draw: Draw) -> list[Observation]:
    """The observed values of a draw in plan order."""
    return list(
        session.exec(select(Observation).where(Observation.draw_id == draw.id).order_by(col(Observation.n)))
    )


def beacon_known(session: Session, draw: Draw) -> bool:
    """Whether every source of the plan has its value (at level C there is none to wait for)."""
    return len(observations(session, draw)) == len(plan_of(draw)["randomness"])


def beacon_at(session: Session, draw: Draw) -> datetime | None:
    """`at` of the `beacon` entry; None while a value is missing. A rehearsal has its last observation instead."""
    if draw.rehearsal:
        seen = observations(session, draw)
        return max((row.at for row in seen), default=None) if beacon_known(session, draw) else None
    for row in ledger.log_rows_of_draw(session, draw.number):
        if row.type == "beacon":
            return row.at
    return None


def void_of(session: Session, draw: Draw) -> Void | None:
    """The void of a draw, asked for or confirmed."""
    return session.exec(select(Void).where(Void.draw_id == draw.id)).one_or_none()


# --- the issuer's row of plans ---------------------------------------------------------------------------------


def next_place(session: Session, body_id: int) -> tuple[int, str]:
    """`seq` and `previous` of the next plan that this issuer logs."""
    last = session.exec(
        select(Draw).where(Draw.body_id == body_id, Draw.seq > 0).order_by(col(Draw.seq).desc()).limit(1)
    ).first()
    return (last.seq + 1, last.plan_hash) if last else (1, ZEROS)


def next_number(session: Session, body: accounts.Body, year: int, *, rehearsal: bool) -> str:
    """A draw number that was never used: `<BODY>-<year>-0001`, of rehearsals `<BODY>-<year>-R001`."""
    stem = f"{body.token.upper()}-{year}-" + ("R" if rehearsal else "")
    used = set(
        session.exec(
            select(Draw.number)
            .where(col(Draw.number).startswith(stem, autoescape=True))
            .order_by(Draw.number)
        )
    )
    width = 3 if rehearsal else 4
    count = 1
    while f"{stem}{count:0{width}d}" in used:
        count += 1
    return f"{stem}{count:0{width}d}"


def live_draw(session: Session, body_id: int, annual_item: str) -> Draw | None:
    """The committed draw of this issuer for this line that has no result, void or failure yet."""
    statement = select(Draw).where(
        Draw.body_id == body_id,
        Draw.annual_item == annual_item,
        Draw.status == DrawStatus.COMMITTED,
        Draw.seq > 0,
    )
    return session.exec(statement.order_by(col(Draw.seq)).limit(1)).first()


def superseded_by(session: Session, number: str) -> Draw | None:
    """The logged draw that supersedes this one."""
    return session.exec(
        select(Draw).where(Draw.supersedes == number, Draw.seq > 0).order_by(col(Draw.seq))
    ).first()


# --- lists and figures -----------------------------------------------------------------------------------------


def awaiting(session: Session, status: DrawStatus) -> list[Draw]:
    """All draws in a state, by due time."""
    return list(session.exec(select(Draw).where(Draw.status == status).order_by(col(Draw.due), col(Draw.id))))


def draws(session: Session, *, body_id: int | None = None, limit: int = 50, offset: int = 0) -> list[Draw]:
    """Public draws, rehearsals too (they are marked), latest due first."""
    statement = select(Draw).where(col(Draw.status).in_(PUBLIC))
    if body_id is not None:
        statement = statement.where(Draw.body_id == body_id)
    return list(
        session.exec(
            statement.order_by(col(Draw.due).desc(), col(Draw.id).desc()).limit(limit).offset(offset)
        )
    )


def draws_of_body(session: Session, body_ids: Sequence[int]) -> list[Draw]:
    """All draws of some bodies for those who work on them, prepared ones too, newest first."""
    statement = select(Draw).where(col(Draw.body_id).in_(body_ids))
    return list(session.exec(statement.order_by(col(Draw.created_at).desc(), col(Draw.id).desc())))


def next_draws(session: Session, *, at: datetime, limit: int = 5) -> list[Draw]:
    """Committed draws that are still to come, soonest first; no rehearsals."""
    statement = select(Draw).where(Draw.status == DrawStatus.COMMITTED, Draw.seq > 0, col(Draw.due) > at)
    return list(session.exec(statement.order_by(col(Draw.due), col(Draw.id)).limit(limit)))


def latest_draws(session: Session, *, limit: int = 5) -> list[Draw]:
    """Draws that have run or ended, latest first; no rehearsals."""
    done = [status for status in PUBLIC if status is not DrawStatus.COMMITTED]
    statement = select(Draw).where(col(Draw.status).in_(done), Draw.seq > 0)
    return list(session.exec(statement.order_by(col(Draw.due).desc(), col(Draw.id).desc()).limit(limit)))


@dataclass(frozen=True)
class Counts:
    """Draws committed to in a year, by what became of them, and the tasks dealt."""

    draws: int
    tasks: int
    voids: int
    failures: int
    waiting: int


def counts(session: Session, *, year: int) -> Counts:
    """The year's figures (years of `due` in UTC), rehearsals left out, voids and failures counted in public."""
    rows = session.exec(
        select(Draw.status, func.count(), func.coalesce(func.sum(Draw.tasks), 0))
        .where(Draw.seq > 0, extract("year", col(Draw.due)) == year)
        .group_by(Draw.status)
        .order_by(Draw.status),
    ).all()
    number = {status: (count, tasks) for status, count, tasks in rows}
    return Counts(
        draws=sum(count for count, _ in number.values()),
        tasks=sum(number.get(status, (0, 0))[1] for status in IN_WORK),
        voids=number.get(DrawStatus.VOIDED, (0, 0))[0],
        failures=number.get(DrawStatus.FAILED, (0, 0))[0],
        waiting=number.get(DrawStatus.COMMITTED, (0, 0))[0],
    )


@dataclass(frozen=True)
class PoolCounts:
    """The subjects' pool of a draw in figures: all of it public with the plan."""

    size: int
    excluded: dict[str, int]
    strata: list[Record]
    take: int
    inspectors: int
    inspectors_excluded: dict[str, int]
    conflicts: int
    waived: int


def pool_counts(draw: Draw) -> PoolCounts:
    """The pools of a draw in figures, by exclusion reason and stratum, as the pre-flight counted them."""
    told = draw.preflight
    return PoolCounts(
        size=told["subjects"],
        excluded=told["excluded"],
        strata=told["strata"],
        take=told["take"],
        inspectors=told["inspectors"],
        inspectors_excluded=told["inspectors_excluded"],
        conflicts=told["conflicts"],
        waived=told["waived"],
    )


@dataclass(frozen=True)
class Event:
    """
    One step of a draw's timeline.

    `kind`: committed, due, observed, beacon, result, open, outcome, replace, void, failed, reveal. `index` is the
    entry's place in the public log, -1 where there is none; `done` is False for what is still to come.
    """

    kind: str
    at: datetime
    index: int = -1
    done: bool = True
    entry: Record | None = None


def timeline(session: Session, draw: Draw, *, at: datetime) -> list[Event]:
    """What happened to a public draw and what is to come, in order of time; names nobody who was drawn too early."""
    kinds = {"plan": "committed"}
    events = [
        Event(kinds.get(entry["type"], entry["type"]), parse_time(entry["at"]), index, entry=entry)
        for index, entry in ledger.entries_of_draw(session, draw.number)
    ]
    if draw.rehearsal:
        events += _rehearsed(session, draw)
    if draw.status is DrawStatus.FAILED and draw.ended_at:
        events.append(Event("failed", draw.ended_at))
    events.append(Event("due", draw.due, done=draw.due <= at))
    if draw.revealed_at is None and draw.status in {DrawStatus.COMMITTED, DrawStatus.DRAWN}:
        events.append(Event("reveal", draw.reveal_by, done=False))
    return sorted(events, key=lambda event: (event.at, event.index if event.index >= 0 else -1))


def _rehearsed(session: Session, draw: Draw) -> list[Event]:
    """The steps of a rehearsal, which is in no log."""
    steps = [
        ("committed", draw.committed_at),
        ("beacon", beacon_at(session, draw)),
        ("result", draw.drawn_at),
        ("open", draw.revealed_at),
        ("void", draw.ended_at if draw.status is DrawStatus.VOIDED else None),
    ]
    return [Event(kind, at) for kind, at in steps if at is not None]


# --- tasks -----------------------------------------------------------------------------------------------------


def task_ids(session: Session, draw: Draw) -> list[int]:
    """The rows of a draw's tasks, in drawn order."""
    rows = session.exec(select(Task.id).where(Task.draw_id == draw.id).order_by(col(Task.position)))
    return [number for number in rows if number is not None]


def drawn_codes(session: Session, draw: Draw) -> list[str]:
    """The codes of the drawn (or would-have-been) subjects, in drawn order; not for the public before the reveal."""
    return list(
        session.exec(select(Task.subject).where(Task.draw_id == draw.id).order_by(col(Task.position)))
    )


def task_of_subject(session: Session, draw: Draw, subject: str) -> Task:
    """The task of a drawn subject, or TaskNotFoundError."""
    found = session.exec(select(Task).where(Task.draw_id == draw.id, Task.subject == subject)).one_or_none()
    if found is None:
        raise TaskNotFoundError(draw=draw.number)
    return found


def any_visited(session: Session, draw: Draw) -> bool:
    """Whether any task of the draw was visited."""
    statement = select(Task.id).where(Task.draw_id == draw.id, col(Task.closed_at).is_not(None))
    return session.exec(statement.order_by(col(Task.id)).limit(1)).first() is not None


def all_visited(session: Session, draw: Draw) -> bool:
    """Whether every task of a draw with tasks was visited."""
    left = select(Task.id).where(Task.draw_id == draw.id, col(Task.closed_at).is_(None))
    return draw.tasks > 0 and session.exec(left.order_by(col(Task.id)).limit(1)).first() is None


@dataclass(frozen=True)
class TaskView:
    """A task as those who answer to it need it: never for the public before the reveal."""

    id: int
    draw: str
    title: str
    status: DrawStatus
    plan_hash: str
    position: int
    subject: str
    subject_name: str
    region: str
    stratum: str
    commitment: str
    items: tuple[str, ...]
    team: tuple[str, ...]
    seats: tuple[str, ...]
    drawn_at: datetime
    body: str
    body_id: int
    body_path: str
    rules: dict[str, Any]
    subjects_closed: bool
    open_for_results: bool
    closed_at: datetime | None
    disclosed_at: datetime | None
    result_by: datetime
    reveal_by: datetime


def task_view(session: Session, task_id: int) -> TaskView:
    """One task with its draw and team, or TaskNotFoundError."""
    found = task_views(session, [task_id]).get(task_id)
    if found is None:
        raise TaskNotFoundError(id=task_id)
    return found


def task_views(session: Session, ids: Sequence[int]) -> dict[int, TaskView]:
    """Tasks with their draws and teams, by their rows; what is not there is left out."""
    tasks: list[Task] = []
    for some in _some(sorted(set(ids))):
        tasks.extend(session.exec(select(Task).where(col(Task.id).in_(some)).order_by(col(Task.id))))
    return {view.id: view for view in _views(session, tasks)}


def tasks_of_inspector(session: Session, certificate: str) -> list[TaskView]:
    """The tasks on whose team an inspector is, of draws that stand, latest draw first, then in drawn order."""
    statement = (
        select(Task)
        .join(Seat, col(Seat.task_id) == col(Task.id))
        .join(Draw, col(Draw.id) == col(Task.draw_id))
        .where(Seat.inspector == certificate, col(Draw.status).in_(IN_WORK))
        .order_by(col(Draw.drawn_at).desc(), col(Draw.id).desc(), col(Task.position))
    )
    return _views(session, list(session.exec(statement).unique()))


def tasks_of_draw(
    session: Session, draw: Draw, *, limit: int | None = None, offset: int = 0
) -> list[TaskView]:
    """The tasks of a draw in drawn order; not for the public before the reveal, nor ever for closed subjects."""
    statement = (
        select(Task).where(Task.draw_id == draw.id).order_by(col(Task.position)).limit(limit).offset(offset)
    )
    return _views(session, list(session.exec(statement)))


def public_tasks(
    session: Session, draw: Draw, *, limit: int | None = None, offset: int = 0
) -> list[TaskView]:
    """The tasks of a draw as far as the public may see them: all once it is open, none before or of closed subjects."""
    if draw.revealed_at is None or is_closed(plan_of(draw)):
        return []
    return tasks_of_draw(session, draw, limit=limit, offset=offset)


def _views(session: Session, tasks: Sequence[Task]) -> list[TaskView]:
    of_draw = {row.id: row for row in _by_ids(session, {task.draw_id for task in tasks})}
    bodies = {row.body_id: accounts.body_by_id(session, row.body_id) for row in of_draw.values()}
    plans = {number: (plan_of(row), rules_of(row)) for number, row in of_draw.items()}
    teams = _teams(session, [task.id for task in tasks if task.id is not None])
    return [_view(task, of_draw[task.draw_id], bodies, plans[task.draw_id], teams) for task in tasks]


def _by_ids(session: Session, ids: set[int]) -> list[Draw]:
    return (
        list(session.exec(select(Draw).where(col(Draw.id).in_(sorted(ids))).order_by(col(Draw.id))))
        if ids
        else []
    )


def _teams(session: Session, ids: Sequence[int]) -> dict[int, list[Seat]]:
    teams: dict[int, list[Seat]] = {}
    for some in _some(ids):
        rows = session.exec(
            select(Seat).where(col(Seat.task_id).in_(some)).order_by(col(Seat.task_id), col(Seat.n))
        )
        for seat in rows:
            teams.setdefault(seat.task_id, []).append(seat)
    return teams


def _some(values: Sequence[int]) -> list[Sequence[int]]:
    return [values[start : start + MANY] for start in range(0, len(values), MANY)]


def _view(
    task: Task,
    of_draw: Draw,
    bodies: dict[int, accounts.Body],
    texts: tuple[Record, dict[str, Any]],
    teams: dict[int, list[Seat]],
) -> TaskView:
    assert task.id is not None
    plan, rules = texts
    body = bodies[of_draw.body_id]
    seats = teams.get(task.id, [])
    late_open = of_draw.status is DrawStatus.FAILED and of_draw.ended_reason == "not-opened"
    return TaskView(
        id=task.id,
        draw=of_draw.number,
        title=of_draw.title,
        status=of_draw.status,
        plan_hash=of_draw.plan_hash,
        position=task.position,
        subject=task.subject,
        subject_name=task.subject_name,
        region=task.region,
        stratum=task.stratum,
        commitment=task.commitment,
        items=tuple(plan["items"]),
        team=tuple(seat.inspector for seat in seats),
        seats=tuple(seat.seat for seat in seats),
        drawn_at=of_draw.drawn_at or of_draw.due,
        body=body.token,
        body_id=of_draw.body_id,
        body_path=body.path,
        rules=rules,
        subjects_closed=is_closed(plan),
        open_for_results=(of_draw.status in IN_WORK or late_open)
        and not of_draw.rehearsal
        and task.disclosed_at is None,
        closed_at=task.closed_at,
        disclosed_at=task.disclosed_at,
        result_by=of_draw.result_by,
        reveal_by=of_draw.reveal_by,
    )


def drawn_days(session: Session, *, year: int) -> list[date]:
    """The days (UTC) of a year on which public draws are due, for a calendar, ascending."""
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    statement = select(Draw.due).where(
        col(Draw.due) >= first, col(Draw.due) < last, col(Draw.status).in_(PUBLIC)
    )
    return sorted({due.date() for due in session.exec(statement.order_by(col(Draw.due)))})
