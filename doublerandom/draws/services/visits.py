"""What the rooms above tell of tasks: visited, disclosed."""

from datetime import datetime

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.draws import queries
from doublerandom.draws.acts import TaskDisclosed, TaskVisited
from doublerandom.draws.models import Draw
from doublerandom.ledger.trail import put_on_record


def mark_visited(session: Session, draw: Draw | str, subject: str, *, by: str, at: datetime) -> None:
    """The visit to a drawn subject is done; told twice it stays. The draw cannot be voided any more."""
    with transaction(session):
        row = queries.draw_for_update(session, queries.number_of(draw))
        task = queries.task_of_subject(session, row, subject)
        if task.closed_at is None:
            task.closed_at = at
            act = TaskVisited(row.number, queries.commitment_of(session, task))
            put_on_record(session, act, by=by, at=at)


def mark_disclosed(session: Session, draw: Draw | str, subject: str, *, by: str, at: datetime) -> None:
    """The outcome of a drawn subject is in the public log; told twice it stays as it was."""
    with transaction(session):
        row = queries.draw_for_update(session, queries.number_of(draw))
        task = queries.task_of_subject(session, row, subject)
        if task.disclosed_at is None:
            task.disclosed_at = at
            act = TaskDisclosed(row.number, queries.commitment_of(session, task))
            put_on_record(session, act, by=by, at=at)
