"""Requests to replace, what was replaced, times of visits, looks: not for the public before the reveal."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from doublerandom.draws.errors import ReplacementNotFoundError
from doublerandom.draws.models import (
    Draw,
    Look,
    NewSeat,
    Replacement,
    ReplacementState,
    Task,
    VisitTime,
)

WAITING = (ReplacementState.REQUESTED, ReplacementState.APPROVED)
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


def conflicts_carried_out(session: Session, conflicts: Collection[int]) -> set[int]:
    """Those of the registry's conflicts for which a replacement was asked, whatever became of it."""
    statement = select(Replacement.conflict_id).where(col(Replacement.conflict_id).in_(sorted(conflicts)))
    return {number for number in session.exec(statement.order_by(col(Replacement.id))) if number is not None}


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


def has_looked(session: Session, person: str, thing: str, day: date) -> bool:
    """Whether a person's look at a thing on that day is on record."""
    statement = select(Look.id).where(Look.person == person, Look.thing == thing, Look.day == day)
    return session.exec(statement.order_by(col(Look.id))).first() is not None


def places_to_visit(session: Session, draw: Draw) -> int:
    """How many tasks of a draw still wait for their visit."""
    statement = select(func.count()).select_from(Task)
    return session.exec(statement.where(Task.draw_id == draw.id, col(Task.closed_at).is_(None))).one()
