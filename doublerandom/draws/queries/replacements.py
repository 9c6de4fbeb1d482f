"""Requests to replace, what was replaced, times of visits, looks: not for the public before the reveal."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from doublerandom.draws.errors import ReplacementNotFoundError
from doublerandom.draws.models import (
    Draw,
    Look,
    NewSeat,
    Replacement,
    ReplacementKind,
    ReplacementState,
    Task,
    VisitTime,
)

WAITING = (ReplacementState.REQUESTED, ReplacementState.APPROVED)
ANSWERED = (ReplacementState.DONE, ReplacementState.REFUSED)
MANY = 500


@dataclass(frozen=True)
class Current:
    """A task as its last replacement left it."""

    replacement: Replacement
    seats: list[NewSeat]


def chunks(values: Sequence[int]) -> list[Sequence[int]]:
    """The values, so many at a time as one statement takes."""
    return [values[start : start + MANY] for start in range(0, len(values), MANY)]


def current_of(session: Session, tasks: Collection[int]) -> dict[int, Current]:
    """What the replaced ones among some tasks are now, by their rows."""
    found: dict[int, Replacement] = {}
    for some in chunks(sorted(tasks)):
        rows = select(Replacement).where(col(Replacement.task_id).in_(some), col(Replacement.n).is_not(None))
        for row in session.exec(rows.order_by(col(Replacement.n))):
            found[row.task_id] = row
    seats = new_seats(session, [row.id for row in found.values() if row.id is not None])
    return {task: Current(row, seats.get(row.id or 0, [])) for task, row in found.items()}


def new_seats(session: Session, replacements: Iterable[int]) -> dict[int, list[NewSeat]]:
    """The teams that replacements left, by their rows, in the order of the seats."""
    found: dict[int, list[NewSeat]] = {}
    for some in chunks(sorted(replacements)):
        rows = select(NewSeat).where(col(NewSeat.replacement_id).in_(some))
        for seat in session.exec(rows.order_by(col(NewSeat.replacement_id), col(NewSeat.n))):
            found.setdefault(seat.replacement_id, []).append(seat)
    return found


def done_replacements(session: Session, draw: Draw) -> list[Replacement]:
    """What was replaced in a draw, in the order of its numbers."""
    statement = select(Replacement).where(Replacement.draw_id == draw.id, col(Replacement.n).is_not(None))
    return list(session.exec(statement.order_by(col(Replacement.n))))


def replacements(session: Session, draw: Draw) -> list[Replacement]:
    """All requests of a draw, whatever became of them, the latest first."""
    statement = select(Replacement).where(Replacement.draw_id == draw.id)
    return list(session.exec(statement.order_by(col(Replacement.id).desc())))


def replacements_of_task(session: Session, task_id: int) -> list[Replacement]:
    """All requests for one task, the first first."""
    statement = select(Replacement).where(Replacement.task_id == task_id)
    return list(session.exec(statement.order_by(col(Replacement.id))))


def replacement(session: Session, replacement_id: int) -> Replacement:
    """One request, or ReplacementNotFoundError."""
    found = session.get(Replacement, replacement_id)
    if found is None:
        raise ReplacementNotFoundError(id=replacement_id)
    return found


def replacement_for_update(session: Session, replacement_id: int) -> Replacement:
    """One request read anew, its draw being held."""
    statement = select(Replacement).where(Replacement.id == replacement_id)
    found = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise ReplacementNotFoundError(id=replacement_id)
    return found


def waiting_replacement(session: Session, task_id: int, seat: int) -> Replacement | None:
    """The request for a place that waits, if there is one."""
    statement = select(Replacement).where(
        Replacement.task_id == task_id, Replacement.seat == seat, col(Replacement.state).in_(WAITING)
    )
    return session.exec(statement.order_by(col(Replacement.id))).first()


def waiting_of_task(session: Session, task_id: int) -> list[Replacement]:
    """The requests for a task that wait, oldest first."""
    statement = select(Replacement).where(Replacement.task_id == task_id, col(Replacement.state).in_(WAITING))
    return list(session.exec(statement.order_by(col(Replacement.id))))


def is_about_another(session: Session, asked: Replacement) -> bool:
    """Whether the subject or the seat that a request is about was replaced since it was made."""
    statement = select(Replacement.id).where(
        Replacement.task_id == asked.task_id,
        col(Replacement.n) > asked.after_n,
        or_(col(Replacement.kind) == ReplacementKind.SUBJECT, col(Replacement.seat) == asked.seat),
    )
    return session.exec(statement.order_by(col(Replacement.n)).limit(1)).first() is not None


def conflicts_carried_out(session: Session, draw: Draw) -> set[tuple[int, int]]:
    """Conflict and task of the requests of a draw that carry one out and wait, are done, or were refused."""
    statement = select(Replacement.conflict_id, Replacement.task_id).where(
        Replacement.draw_id == draw.id, col(Replacement.state).in_((*WAITING, *ANSWERED))
    )
    rows = session.exec(statement.order_by(col(Replacement.id)))
    return {(conflict, task) for conflict, task in rows if conflict is not None}


def last_number(session: Session, draw: Draw) -> int:
    """The number of the last replacement of a draw, 0 before the first."""
    statement = select(func.max(Replacement.n)).where(Replacement.draw_id == draw.id)
    return session.exec(statement).one() or 0


def visit_times(session: Session, tasks: Collection[int]) -> dict[int, VisitTime]:
    """The time that counts of each task that has one, by the task's row."""
    found: dict[int, VisitTime] = {}
    for some in chunks(sorted(tasks)):
        rows = select(VisitTime).where(col(VisitTime.task_id).in_(some))
        found.update({row.task_id: row for row in session.exec(rows.order_by(col(VisitTime.id)))})
    return found


def visits_due(session: Session, draw: Draw, at: datetime) -> bool:
    """Whether the time set for an open task's visit has passed, and no lead said that none took place."""
    statement = select(VisitTime).join(Task, col(Task.id) == col(VisitTime.task_id))
    rows = statement.where(Task.draw_id == draw.id, col(Task.closed_at).is_(None))
    last = {row.task_id: row for row in session.exec(rows.order_by(col(VisitTime.id)))}
    return any(row.visit_at <= at and row.missed_at is None for row in last.values())


def has_looked(session: Session, person: str, thing: str, day: date) -> bool:
    """Whether a person's look at a thing on that day is on record."""
    statement = select(Look.id).where(Look.person == person, Look.thing == thing, Look.day == day)
    return session.exec(statement.order_by(col(Look.id))).first() is not None


def places_to_visit(session: Session, draw: Draw) -> int:
    """How many tasks of a draw still wait for their visit."""
    statement = select(func.count()).select_from(Task)
    return session.exec(statement.where(Task.draw_id == draw.id, col(Task.closed_at).is_(None))).one()
