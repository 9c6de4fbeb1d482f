"""Requests to replace lapse when their task gets another subject: they were about the one before."""

from datetime import datetime

from sqlmodel import Session

from doublerandom.draws import queries
from doublerandom.draws.acts import ReplacementLapsed
from doublerandom.draws.models import ReplacementState
from doublerandom.draws.queries import TaskView
from doublerandom.draws.services.replacing_messages import tell_of_lapse
from doublerandom.ledger.trail import put_on_record


def lapse_waiting(session: Session, task: TaskView, *, by: str, at: datetime) -> None:
    """Let the requests for a task's places that wait lapse, and tell who asked; in the caller's command."""
    for row in queries.waiting_of_task(session, task.id):
        assert row.id is not None
        row.state, row.decided_at = ReplacementState.LAPSED, at
        session.add(row)
        put_on_record(session, ReplacementLapsed(task.draw, row.id), by=by, at=at, after=row)
        tell_of_lapse(session, row, task.draw, at=at)
