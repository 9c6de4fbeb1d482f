"""Conflicts that the head upheld since the draw become requests to replace: nobody chooses which."""

from datetime import datetime

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.draws import queries
from doublerandom.draws.models import Draw, Replacement, ReplacementKind
from doublerandom.draws.services.replacing import Grounds, request_replacement
from doublerandom.registry import queries as registry
from doublerandom.registry.queries import Conflict, ConflictStatus

APPLIED_FOR = {"declared", "subject"}
"""Sources of conflicts that somebody applied for and the head granted; the others were found."""


def recusals_to_carry_out(session: Session, draw: Draw, *, at: datetime) -> list[tuple[Conflict, int, int]]:
    """
    The conflicts that the head upheld since a draw, between those who are on a team and its subject.

    Returns:
        The conflict, the task's row, the number of the seat; those that wait in this draw, are done or were
        refused are left out.
    """
    tasks = [task for task in queries.tasks_of_draw(session, draw) if task.closed_at is None]
    people = {one for task in tasks for one in task.people}
    of_subject = {task.subject: task for task in tasks}
    rows = registry.conflicts_between(session, people, of_subject, on=local(at).date())
    asked = queries.conflicts_carried_out(session, draw)
    found = []
    for row, certificate, subject in rows:
        task = of_subject[subject]
        seat = queries.seat_of(session, task, certificate)
        upheld = row.status is ConflictStatus.UPHELD and row.hard and (row.id, task.id) not in asked
        if upheld and seat is not None and queries.waiting_replacement(session, task.id, seat) is None:
            found.append((row, task.id, seat))
    return found


def take_up_recusals(session: Session, number: str, *, settings: Settings, at: datetime) -> list[Replacement]:
    """
    Ask to replace everybody whose conflict with their subject the head upheld since the draw.

    The head who decided is who asks; a supervisor confirms. Taken up twice, nothing is asked twice.
    """
    with transaction(session):
        draw = queries.draw_for_update(session, number)
        if draw.status not in queries.IN_WORK or draw.rehearsal:
            return []
        done, places = [], set()
        for row, task_id, seat in recusals_to_carry_out(session, draw, at=at):
            if (task_id, seat) in places:
                continue
            places.add((task_id, seat))
            reason = "recusal" if row.source in APPLIED_FOR else "conflict"
            done.append(
                request_replacement(
                    session,
                    task_id,
                    kind=ReplacementKind.INSPECTOR,
                    seat=seat,
                    grounds=Grounds(reason, conflict_id=row.id),
                    settings=settings,
                    by=row.decided_by,
                    at=at,
                )
            )
        return done


def take_up_granted(session: Session, *, settings: Settings, at: datetime) -> list[str]:
    """
    Take up whatever the heads granted since the draws, in all of them; the numbers of the draws concerned.

    It looks at the granted conflicts, which are few, and not at all tasks; done again, it finds nothing.
    """
    granted = registry.granted_conflicts(session, on=local(at).date())
    apart = {(certificate, code) for _, certificate, code in granted}
    tasks = queries.open_tasks_of_subjects(session, {code for _, code in apart})
    numbers = {task.draw for task in tasks if any((one, task.subject) in apart for one in task.people)}
    return [
        number for number in sorted(numbers) if take_up_recusals(session, number, settings=settings, at=at)
    ]
