"""The draw itself: by itself at its time, exactly once."""

from datetime import datetime

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.draws import plans, queries
from doublerandom.draws.acts import DrawExecuted
from doublerandom.draws.errors import NotDueError, TooLateToDrawError, WrongDrawStateError
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.outcomes import outcome
from doublerandom.draws.services import notices
from doublerandom.draws.services.ending import fail
from doublerandom.draws.services.observing import logged_at
from doublerandom.draws.services.outcomes import log_result, tell_loads, write_down
from doublerandom.ledger.trail import put_on_record


def run(session: Session, draw: Draw | str, *, settings: Settings, by: str = "system", at: datetime) -> Draw:
    """
    Execute a committed draw whose randomness is known: tasks, seats, and the result's root in the public log.

    The outcome is computed before the command begins (it depends on nothing that can change any more) and
    written by whoever first finds the draw still committed: two workers, or a worker and a person, give one
    result.

    Raises:
        WrongDrawStateError: It has run, or is not committed.
        NotDueError: Before `due`.
        RandomnessMissingError: A value or a secret is missing.
        TooLateToDrawError: The result would come too late to stand; the draw has failed, on record.
    """
    number = queries.number_of(draw)
    row = queries.draw(session, number)
    _require_ready(row, at)
    if at > result_limit(session, row):
        fail(session, number, reason="no-result", by=by, at=at)
        raise TooLateToDrawError(draw=number, limit=result_limit(session, row).isoformat())
    found, pool = outcome(session, row, settings)
    with transaction(session):
        row = queries.draw_for_update(session, number)
        _require_ready(row, at)
        late = logged_at(session, row, at) > result_limit(session, row)
        if not late:
            row.status = DrawStatus.DRAWN
            write_down(session, row, found, pool, settings=settings, at=at)
            log_result(session, row, settings=settings, at=at)
            dealt = tell_loads(session, row)
            put_on_record(
                session,
                DrawExecuted(number, row.plan_hash, found.beacon, found.result_root, row.tasks, row.empty),
                by=by,
                at=at,
                after=found.result_root,
            )
            notices.tell_drawn(session, row, dealt, at=at)
        else:
            fail(session, number, reason="no-result", by=by, at=at)
    if late:
        raise TooLateToDrawError(draw=number, limit=result_limit(session, row).isoformat())
    return row


def _require_ready(draw: Draw, at: datetime) -> None:
    if draw.status is not DrawStatus.COMMITTED:
        raise WrongDrawStateError(draw=draw.number, status=draw.status)
    if at < draw.due:
        raise NotDueError(draw=draw.number, due=draw.due.isoformat())


def result_limit(session: Session, draw: Draw) -> datetime:
    """The last moment at which a result stands; with drand it moves with the `beacon` entry."""
    return plans.result_limit(queries.plan_of(draw), queries.beacon_at(session, draw))
