"""How draws end without their reveal: void by two persons, failure; their would-be result is shown."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, format_time, is_id
from doublerandom.dr1.compute import Computation
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws import plans, queries
from doublerandom.draws.acts import DrawFailed, DrawVoided, VoidRequested, VoidWithdrawn, WouldBeShown
from doublerandom.draws.errors import (
    NoVoidRequestError,
    SamePersonError,
    TouchedRefusedError,
    UnknownReasonError,
    VisitedError,
    VoidRequestedError,
    WrongDrawStateError,
)
from doublerandom.draws.models import Draw, DrawStatus, Void
from doublerandom.draws.outcomes import missing, outcome
from doublerandom.draws.services.opening import open_up
from doublerandom.draws.services.outcomes import log_result, write_down
from doublerandom.ledger import log
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import services as registry_services

VOIDABLE = {DrawStatus.COMMITTED, DrawStatus.DRAWN}
ENDED = {DrawStatus.VOIDED, DrawStatus.FAILED}
FAILS_FROM = {"no-result": DrawStatus.COMMITTED, "not-opened": DrawStatus.DRAWN}


def void_request(
    session: Session,
    draw: Draw | str,
    *,
    reason: str,
    statement: str = "",
    touched: Collection[str] = (),
    by: str,
    at: datetime,
) -> Void:
    """
    Ask to void a committed or drawn draw that nobody was visited for; a second person confirms.

    Args:
        session: A command of its own.
        draw: The draw or its number.
        reason: One of `plans.VOID_REASONS`.
        statement: In words, for people.
        touched: Codes of subjects that the reason concerns (`plans.TOUCHING_REASONS` alone): the draw that
            supersedes this one does not carry them. On record as H of draw and code; confirmed with the void.
        by: Who asks; which roles may, the views check.
        at: When.

    Raises:
        UnknownReasonError: The reason is not on the closed list `plans.VOID_REASONS`.
        TouchedRefusedError: The reason concerns no particular subjects, or a code is none or stands twice.
        WrongDrawStateError, VisitedError: It cannot be voided (any more).
        VoidRequestedError: It was asked for before; that request is confirmed or withdrawn first.
    """
    number = queries.number_of(draw)
    if reason not in plans.VOID_REASONS:
        raise UnknownReasonError(reason=reason, reasons=", ".join(plans.VOID_REASONS))
    _check_touched(reason, touched)
    with transaction(session):
        row = _voidable(session, number)
        if queries.void_of(session, row) is not None:
            raise VoidRequestedError(draw=number)
        assert row.id is not None
        codes = sorted(touched, key=str.encode)
        void = Void(draw_id=row.id, reason=reason, statement=statement, touched=codes, requested_by=by, at=at)
        session.add(void)
        act = VoidRequested(number, reason, statement, _hidden(number, codes))
        put_on_record(session, act, by=by, at=at)
    return void


def _check_touched(reason: str, touched: Collection[str]) -> None:
    if touched and reason not in plans.TOUCHING_REASONS:
        raise TouchedRefusedError(reason=reason, codes=", ".join(touched))
    if len(set(touched)) < len(touched) or not all(is_id(code) for code in touched):
        raise TouchedRefusedError(reason=reason, codes=", ".join(map(str, touched)))


def _hidden(number: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Codes as the trail keeps them: who knows the code finds it, nobody reads it."""
    return tuple(H(f"{number}|{code}") for code in codes)


def void_withdraw(session: Session, draw: Draw | str, *, by: str, at: datetime) -> Void:
    """
    Take back a request to void before it is confirmed; the row and the trail keep it, a new one may be made.

    Who asked may, or who would confirm: which roles those are, the views check.

    Raises:
        NoVoidRequestError: No request waits for its confirmation.
    """
    number = queries.number_of(draw)
    with transaction(session):
        row = queries.draw_for_update(session, number)
        void = queries.void_of(session, row)
        if void is None or void.confirmed_at is not None:
            raise NoVoidRequestError(draw=number)
        void.withdrawn_by, void.withdrawn_at = by, at
        session.add(void)
        act = VoidWithdrawn(number, void.reason, void.requested_by, format_time(void.at))
        put_on_record(session, act, by=by, at=at)
    return void


def void_confirm(session: Session, draw: Draw | str, *, settings: Settings, by: str, at: datetime) -> Draw:
    """
    Void the draw: a second person's word, an entry in the public log, and everything opened.

    Who confirms confirms the subjects that the request names as touched with it (`queries.void_of`). Which
    roles may, the views check.

    Where the randomness is known the would-have-been result is computed and its root logged with the void
    (`would_be_root`); where it is not, `show_would_be` logs it as the plan's `result` as soon as it is.

    Raises:
        NoVoidRequestError: Nobody asked.
        WrongDrawStateError: It has ended otherwise.
        SamePersonError: Who asked does not confirm.
        VisitedError: Somebody was visited in the meantime.
    """
    number = queries.number_of(draw)
    known = _would_be(session, number, settings)
    with transaction(session):
        row = _voidable(session, number)
        void = queries.void_of(session, row)
        if void is None:
            raise NoVoidRequestError(draw=number)
        if void.requested_by == by:
            raise SamePersonError(person=by)
        row.status, row.ended_at, row.ended_reason = DrawStatus.VOIDED, at, void.reason
        if known and not row.result_root:
            write_down(session, row, *known, settings=settings, at=at)
        void.confirmed_by, void.confirmed_at, void.would_be_root = by, at, row.result_root
        session.add(void)
        if not row.rehearsal:
            entry = {"type": "void", "draw": number, "plan_hash": row.plan_hash, "reason": void.reason}
            would_be = {"would_be_root": row.result_root} if row.result_root else {}
            log.append(session, entry | would_be, settings=settings, at=at)
        act = DrawVoided(
            number, void.reason, void.requested_by, row.result_root, _hidden(number, void.touched)
        )
        put_on_record(session, act, by=by, at=at, after=row)
        registry_services.void_dealt(session, number, on=local(at).date())
        if row.result_root:
            open_up(session, row, settings=settings, by=by, at=at)
    return row


def _voidable(session: Session, number: str) -> Draw:
    row = queries.draw_for_update(session, number)
    if row.status not in VOIDABLE:
        raise WrongDrawStateError(draw=number, status=row.status)
    if queries.any_visited(session, row):
        raise VisitedError(draw=number)
    return row


def _would_be(session: Session, number: str, settings: Settings) -> tuple[Computation, SubjectPool] | None:
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
    known = _would_be(session, number, settings)
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

    It is named in public like a void.

    Raises:
        WrongDrawStateError: It is no longer what the reason says: somebody else was faster.
    """
    number = queries.number_of(draw)
    with transaction(session):
        row = queries.draw_for_update(session, number)
        if row.status is not FAILS_FROM[reason]:
            raise WrongDrawStateError(draw=number, status=row.status)
        row.status, row.ended_at, row.ended_reason = DrawStatus.FAILED, at, reason
        put_on_record(session, DrawFailed(number, reason), by=by, at=at, after=row)
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
