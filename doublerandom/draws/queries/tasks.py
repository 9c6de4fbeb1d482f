"""Tasks and their teams; the part that the public may see never names who was drawn too early."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import Record
from doublerandom.draws.errors import TaskNotFoundError
from doublerandom.draws.models import DealtMember, Draw, DrawStatus, Seat, Task
from doublerandom.draws.plans import is_closed
from doublerandom.draws.queries.records import IN_WORK, plan_of, rules_of

MANY = 500


def task_ids(session: Session, draw: Draw) -> list[int]:
    """The rows of a draw's tasks, in drawn order."""
    rows = session.exec(select(Task.id).where(Task.draw_id == draw.id).order_by(col(Task.position)))
    return [number for number in rows if number is not None]


def drawn_codes(session: Session, draw: Draw) -> list[str]:
    """The drawn (or would-have-been) codes in drawn order; not for the public before the reveal."""
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
    crew: tuple[tuple[str, str], ...]
    """Seat and certificate number of every person: a standing team's members in place of its code."""
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

    @property
    def people(self) -> tuple[str, ...]:
        """The certificate numbers of everybody who goes, in the order of the seats."""
        return tuple(certificate for _, certificate in self.crew)


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
    """
    An inspector's tasks, of draws that stand, latest draw first, then in drawn order.

    Those of a standing team are those of everybody who belonged to it when it was dealt.
    """
    in_team = exists().where(
        col(DealtMember.draw_id) == col(Task.draw_id),
        col(DealtMember.team) == col(Seat.inspector),
        col(DealtMember.certificate) == certificate,
    )
    statement = (
        select(Task)
        .join(Seat, col(Seat.task_id) == col(Task.id))
        .join(Draw, col(Draw.id) == col(Task.draw_id))
        .where(or_(col(Seat.inspector) == certificate, in_team), col(Draw.status).in_(IN_WORK))
        .order_by(col(Draw.drawn_at).desc(), col(Draw.id).desc(), col(Task.position))
    )
    return _views(session, list(session.exec(statement).unique()))


def tasks_of_draw(
    session: Session, draw: Draw, *, limit: int | None = None, offset: int = 0
) -> list[TaskView]:
    """The tasks of a draw in drawn order; not for the public (see `public_tasks`)."""
    statement = (
        select(Task).where(Task.draw_id == draw.id).order_by(col(Task.position)).limit(limit).offset(offset)
    )
    return _views(session, list(session.exec(statement)))


def public_tasks(
    session: Session, draw: Draw, *, limit: int | None = None, offset: int = 0
) -> list[TaskView]:
    """What the public may see of a draw's tasks: all once it is open; none before, or of closed subjects."""
    if draw.revealed_at is None or is_closed(plan_of(draw)):
        return []
    return tasks_of_draw(session, draw, limit=limit, offset=offset)


def _views(session: Session, tasks: Sequence[Task]) -> list[TaskView]:
    of_draw = {row.id: row for row in _by_ids(session, {task.draw_id for task in tasks})}
    bodies = {row.body_id: accounts.body_by_id(session, row.body_id) for row in of_draw.values()}
    plans = {number: (plan_of(row), rules_of(row)) for number, row in of_draw.items()}
    teams = _teams(session, [task.id for task in tasks if task.id is not None])
    members = _members(session, set(of_draw))
    views = []
    for task in tasks:
        assert task.id is not None
        seats = teams.get(task.id, [])
        crew = [one for seat in seats for one in _crew(seat, members.get((task.draw_id, seat.inspector)))]
        views.append(_view(task, of_draw[task.draw_id], bodies, plans[task.draw_id], (seats, crew)))
    return views


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


def _members(session: Session, draws: Collection[int | None]) -> dict[tuple[int, str], list[str]]:
    """The members of standing teams by draw and team's code, lead first."""
    found: dict[tuple[int, str], list[str]] = {}
    statement = select(DealtMember).where(col(DealtMember.draw_id).in_(sorted(filter(None, draws))))
    for row in session.exec(statement.order_by(col(DealtMember.draw_id), col(DealtMember.n))):
        found.setdefault((row.draw_id, row.team), []).append(row.certificate)
    return found


def _crew(seat: Seat, members: Sequence[str] | None) -> list[tuple[str, str]]:
    """Who goes for one seat: the holder, or the members of the team that holds it, the first as lead."""
    if members is None:
        return [(seat.seat, seat.inspector)] if seat.inspector else []
    return [("member" if n else "lead", certificate) for n, certificate in enumerate(members)]


def _some(values: Sequence[int]) -> list[Sequence[int]]:
    return [values[start : start + MANY] for start in range(0, len(values), MANY)]


def _view(
    task: Task,
    of_draw: Draw,
    bodies: dict[int, accounts.Body],
    texts: tuple[Record, dict[str, Any]],
    who: tuple[list[Seat], list[tuple[str, str]]],
) -> TaskView:
    assert task.id is not None
    plan, rules = texts
    body = bodies[of_draw.body_id]
    seats, crew = who
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
        crew=tuple(crew),
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
