"""Tasks and their teams; the part that the public may see never names who was drawn too early."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import Record
from doublerandom.draws.errors import TaskNotFoundError
from doublerandom.draws.models import DealtMember, Draw, DrawStatus, NewSeat, Replacement, Seat, Task
from doublerandom.draws.plans import is_closed
from doublerandom.draws.queries.records import IN_WORK, plan_of, rules_of
from doublerandom.draws.queries.replacements import Current, current_of, visit_times
from doublerandom.registry import queries as registry
from doublerandom.registry.rule_shape import EXPERT

MANY = 500


def task_ids(session: Session, draw: Draw) -> list[int]:
    """The rows of a draw's tasks, in drawn order."""
    rows = session.exec(select(Task.id).where(Task.draw_id == draw.id).order_by(col(Task.position)))
    return [number for number in rows if number is not None]


def drawn_codes(session: Session, draw: Draw) -> list[str]:
    """The codes as drawn (or would-have-been), in drawn order; not for the public before the reveal."""
    return list(
        session.exec(select(Task.subject).where(Task.draw_id == draw.id).order_by(col(Task.position)))
    )


def task_of_subject(session: Session, draw: Draw, subject: str) -> Task:
    """The task that is a subject's now, or TaskNotFoundError."""
    came = exists().where(col(Replacement.task_id) == col(Task.id), col(Replacement.subject) == subject)
    statement = select(Task).where(Task.draw_id == draw.id, or_(col(Task.subject) == subject, came))
    for found in session.exec(statement.order_by(col(Task.position))):
        if subject_of(session, found) == subject:
            return found
    raise TaskNotFoundError(draw=draw.number)


def subject_of(session: Session, task: Task) -> str:
    """Whose task it is now."""
    now = current_of(session, [task.id or 0]).get(task.id or 0)
    return now.replacement.subject if now else task.subject


def commitment_of(session: Session, task: Task) -> str:
    """The commitment of a task as it is now."""
    now = current_of(session, [task.id or 0]).get(task.id or 0)
    return now.replacement.commitment if now else task.commitment


def dealt_tasks(session: Session, draw: Draw) -> list[tuple[str, tuple[str, ...]]]:
    """The tasks as they were dealt, whatever was replaced since: subject and team, in drawn order."""
    tasks = session.exec(select(Task).where(Task.draw_id == draw.id).order_by(col(Task.position))).all()
    teams = _teams(session, [task.id for task in tasks if task.id is not None])
    return [(task.subject, tuple(seat.inspector for seat in teams.get(task.id or 0, []))) for task in tasks]


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
    revealed_at: datetime | None = None
    replaced: int = 0
    """Number of the last replacement, 0 where the task is as it was dealt."""
    unannounced: bool = False
    visit_at: datetime | None = None
    """When the lead means to visit, where that was said."""
    visit_missed: bool = False
    """Whether the lead said that no visit took place at that time."""
    hidden: bool = False
    """Whether name, code and stratum of the subject are left out: the team does not see them yet."""

    @property
    def shown_at(self) -> datetime | None:
        """From when on the team sees the subject of an unannounced task; None while no visit is set."""
        hours = self.rules.get("visit", {}).get("hours_before", 0)
        return None if self.visit_at is None else self.visit_at - timedelta(hours=hours)

    def visit_due(self, at: datetime) -> bool:
        """Whether the time of the visit has passed, and the lead did not say that none took place."""
        return self.visit_at is not None and self.visit_at <= at and not self.visit_missed

    def seen_by_team(self, at: datetime | None) -> Self:
        """The task as its team sees it at a moment (None: at any): an unannounced one without its subject."""
        told = not self.unannounced or self.revealed_at is not None or self.closed_at is not None
        shown = self.shown_at
        if told or (at is not None and shown is not None and at >= shown):
            return self
        return replace(self, subject="", subject_name="", stratum="", position=-1, hidden=True)

    @property
    def lead(self) -> str:
        """The certificate number of whoever leads the team: the lead's seat, else the first who goes."""
        return next((one for seat, one in self.crew if seat == "lead"), next(iter(self.people), ""))

    @property
    def counting(self) -> tuple[str, ...]:
        """The certificate numbers of those who count towards the two that the law asks for: no experts."""
        return tuple(one for seat, one in self.crew if seat != EXPERT)

    @property
    def least(self) -> int:
        """How many must go who count: what the rules ask, else two, or one where one seat was planned."""
        planned = sum(seat != EXPERT for seat in self.seats)
        asked: int = self.rules.get("quorum", {}).get("persons", min(2, planned))
        return asked

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


def tasks_of_inspector(session: Session, certificate: str, *, at: datetime | None = None) -> list[TaskView]:
    """
    An inspector's tasks, of draws that stand, latest draw first, then in drawn order.

    Those of a standing team are those of everybody who belonged to it when it was dealt. Whoever was replaced
    has the task no more. Of an unannounced task the subject is left out until it is shown to the team.

    Args:
        session: Where to read.
        certificate: Certificate number.
        at: Now; None: what is unannounced stays hidden.
    """
    dealt = exists().where(col(Seat.task_id) == col(Task.id), _holds(Seat, certificate))
    replaced = exists().where(col(Replacement.task_id) == col(Task.id), col(Replacement.n).is_not(None))
    later = aliased(Replacement)
    now = exists().where(
        col(Replacement.task_id) == col(Task.id),
        col(Replacement.n).is_not(None),
        ~exists().where(col(later.task_id) == col(Task.id), col(later.n) > col(Replacement.n)),
        col(NewSeat.replacement_id) == col(Replacement.id),
        _holds(NewSeat, certificate),
    )
    statement = (
        select(Task)
        .join(Draw, col(Draw.id) == col(Task.draw_id))
        .where(or_(and_(dealt, ~replaced), now), col(Draw.status).in_(IN_WORK))
        .order_by(col(Draw.drawn_at).desc(), col(Draw.id).desc(), col(Task.position))
    )
    return [view.seen_by_team(at) for view in _views(session, list(session.exec(statement)))]


def _holds(seat: type[Seat] | type[NewSeat], certificate: str) -> ColumnElement[bool]:
    """The condition on a seat of `Task`: this inspector holds it, alone or as a member of a standing team."""
    in_team = exists().where(
        col(DealtMember.draw_id) == col(Task.draw_id),
        col(DealtMember.team) == col(seat.inspector),
        col(DealtMember.certificate) == certificate,
    )
    return or_(col(seat.inspector) == certificate, in_team)


def tasks_of_draw(
    session: Session, draw: Draw, *, limit: int | None = None, offset: int = 0
) -> list[TaskView]:
    """The tasks of a draw as they are now, in drawn order; not for the public (see `public_tasks`)."""
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
    ids = [task.id for task in tasks if task.id is not None]
    teams, members = _teams(session, ids), _members(session, set(of_draw))
    current, times = current_of(session, ids), visit_times(session, ids)
    secret = {number: is_unannounced(session, row) for number, row in of_draw.items()}
    views = []
    for task in tasks:
        assert task.id is not None
        now = current.get(task.id)
        seats: Sequence[Seat | NewSeat] = now.seats if now else teams.get(task.id, [])
        crew = [one for seat in seats for one in _crew(seat, members.get((task.draw_id, seat.inspector)))]
        view = _view(task, of_draw[task.draw_id], bodies, plans[task.draw_id], (seats, crew))
        view = replace(view, unannounced=secret[task.draw_id])
        if time := times.get(task.id):
            view = replace(view, visit_at=time.visit_at, visit_missed=time.missed_at is not None)
        views.append(_as_it_is(view, now) if now else view)
    return views


def is_unannounced(session: Session, draw: Draw) -> bool:
    """Whether the visits of a draw are not announced: its rules say so of the domain, or its plan line."""
    if rules_of(draw).get("visit", {}).get("unannounced", False):
        return True
    return draw.plan_line_id is not None and registry.plan_line_by_id(session, draw.plan_line_id).unannounced


def _as_it_is(view: TaskView, now: Current) -> TaskView:
    """A task as its last replacement left it; its team is there already."""
    row = now.replacement
    assert row.n is not None
    return replace(
        view,
        subject=row.subject,
        subject_name=row.subject_name,
        region=row.region,
        stratum=row.stratum,
        commitment=row.commitment,
        replaced=row.n,
    )


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


def _crew(seat: Seat | NewSeat, members: Sequence[str] | None) -> list[tuple[str, str]]:
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
    who: tuple[Sequence[Seat | NewSeat], list[tuple[str, str]]],
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
        revealed_at=of_draw.revealed_at,
    )


def seat_of(session: Session, task: TaskView, certificate: str) -> int | None:
    """The number of the seat that an inspector holds in a task, alone or in a standing team, or None."""
    row = session.exec(select(Draw.id).where(Draw.number == task.draw)).one()
    members = _members(session, {row})
    for number, holder in enumerate(task.team):
        if holder and certificate in {holder, *members.get((row or 0, holder), ())}:
            return number
    return None


def dealt_teams(session: Session, draw: Draw) -> set[str]:
    """The codes of the standing teams whose members are known to a draw."""
    statement = select(DealtMember.team).where(DealtMember.draw_id == draw.id).distinct()
    return set(session.exec(statement.order_by(DealtMember.team)))


def tasks_with_empty_seats(session: Session, draw: Draw) -> list[TaskView]:
    """The tasks of a draw on whose team a seat is empty now, in drawn order."""
    dealt = exists().where(col(Seat.task_id) == col(Task.id), col(Seat.inspector) == "")
    new = exists().where(
        col(Replacement.task_id) == col(Task.id),
        col(NewSeat.replacement_id) == col(Replacement.id),
        col(NewSeat.inspector) == "",
    )
    statement = select(Task).where(Task.draw_id == draw.id, or_(dealt, new)).order_by(col(Task.position))
    return [view for view in _views(session, list(session.exec(statement))) if "" in view.team]


def open_tasks_of_subjects(session: Session, codes: Collection[str]) -> list[TaskView]:
    """The tasks of draws that stand whose subject is one of these now and was not visited yet."""
    wanted = set(codes)
    found: list[Task] = []
    for start in range(0, len(wanted), MANY):
        some = sorted(wanted)[start : start + MANY]
        came = exists().where(col(Replacement.task_id) == col(Task.id), col(Replacement.subject).in_(some))
        statement = (
            select(Task)
            .join(Draw, col(Draw.id) == col(Task.draw_id))
            .where(or_(col(Task.subject).in_(some), came))
            .where(col(Task.closed_at).is_(None), col(Draw.status).in_(IN_WORK))
        )
        found.extend(session.exec(statement.order_by(col(Task.id))))
    return [view for view in _views(session, found) if view.subject in wanted]
