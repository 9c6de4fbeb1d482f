"""How draws end without their reveal: failure by itself, and what they would have drawn."""

from datetime import datetime

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.compute import Computation
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws import queries
from doublerandom.draws.acts import DrawFailed, WouldBeShown
from doublerandom.draws.errors import WrongDrawStateError
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.outcomes import missing, outcome
from doublerandom.draws.services import notices
from doublerandom.draws.services.opening import open_up
from doublerandom.draws.services.outcomes import log_result, write_down
from doublerandom.ledger.trail import put_on_record

ENDED = {DrawStatus.VOIDED, DrawStatus.FAILED}
FAILS_FROM = {"no-result": DrawStatus.COMMITTED, "not-opened": DrawStatus.DRAWN}


def would_be(session: Session, number: str, settings: Settings) -> tuple[Computation, SubjectPool] | None:
    """The outcome, where everything that gives it is known and it is not written down yet."""
    row = queries.draw(session, number)
    if row.result_root or not queries.beacon_known(session, row) or missing(session, row, settings):
        return None
    return outcome(session, row, settings)


def show_would_be(
    session: Session, draw: Draw | str, *, settings: Settings, by: str = "system", at: datetime
) -> bool:
    """
    Show what a voided or failed draw would have drawn, once its randomness is known; False before.

    All is opened, and the plan that supersedes this one carries the list. A void's result is logged as the
    plan's `result`; a failed plan has none that stands, so the log gets what opens it alone.

    Raises:
        WrongDrawStateError: The draw has not ended, or all is shown.
    """
    number = queries.number_of(draw)
    row = queries.draw(session, number)
    if row.status not in ENDED or row.revealed_at is not None:
        raise WrongDrawStateError(draw=number, status=row.status)
    if not row.result_root and at < row.due:
        return False
    known = would_be(session, number, settings)
    if known is None and not row.result_root:
        return False
    with transaction(session):
        row = queries.draw_for_update(session, number)
        if row.revealed_at is not None:
            raise WrongDrawStateError(draw=number, status=row.status)
        if known and not row.result_root:
            write_down(session, row, *known, settings=settings, at=at)
            if row.status is DrawStatus.VOIDED:
                log_result(session, row, settings=settings, at=at)
            put_on_record(session, WouldBeShown(number, row.result_root), by=by, at=at)
        open_up(session, row, settings=settings, by=by, at=at)
    return True


def fail(session: Session, draw: Draw | str, *, reason: str, by: str, at: datetime) -> Draw:
    """
    A committed draw without a result (`no-result`), or a drawn one not opened (`not-opened`), fails.

    It is named in public like a void, with what had not come: a value, or the secret of a party.

    Raises:
        WrongDrawStateError: It is no longer what the reason says: somebody else was faster.
    """
    number = queries.number_of(draw)
    with transaction(session):
        row = queries.draw_for_update(session, number)
        if row.status is not FAILS_FROM[reason]:
            raise WrongDrawStateError(draw=number, status=row.status)
        row.status, row.ended_at, row.ended_reason = DrawStatus.FAILED, at, reason
        row.lacking = queries.lacking(session, row) if reason == "no-result" else []
        put_on_record(session, DrawFailed(number, reason, tuple(row.lacking)), by=by, at=at, after=row)
        notices.tell_failed(session, row, reason, at=at)
    return row


def fail_overdue(session: Session, *, by: str = "system", at: datetime) -> list[str]:
    """
    Fail every draw whose result (`no-result`) or opening (`not-opened`) did not come in time; their numbers.

    A rehearsal that nobody finished fails like any other.
    """
    failed = [
        (row.number, "no-result")
        for row in queries.awaiting(session, DrawStatus.COMMITTED)
        if at > queries.fails_after(session, row)
    ]
    failed += [
        (row.number, "not-opened")
        for row in queries.awaiting(session, DrawStatus.DRAWN)
        if at > row.reveal_by and not row.rehearsal
    ]
    return [number for number, reason in failed if _failed(session, number, reason=reason, by=by, at=at)]


def _failed(session: Session, number: str, *, reason: str, by: str, at: datetime) -> bool:
    """Fail a draw unless it has run, opened or ended in the meantime."""
    try:
        fail(session, number, reason=reason, by=by, at=at)
    except WrongDrawStateError:
        return False
    return True
