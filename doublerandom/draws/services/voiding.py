"""Voids: asked for with a reason of the closed list, confirmed by a second person, or taken back."""

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from sqlmodel import Session

from doublerandom.accounts.services import check_two_persons
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, format_time, is_id
from doublerandom.draws import plans, queries
from doublerandom.draws.acts import DrawVoided, VoidRequested, VoidWithdrawn
from doublerandom.draws.errors import (
    NoVoidRequestError,
    SamePersonError,
    TouchedRefusedError,
    UnknownReasonError,
    VisitedError,
    VisitStatedError,
    VoidRequestedError,
    WrongDrawStateError,
)
from doublerandom.draws.models import Draw, DrawStatus, Void
from doublerandom.draws.pools import find_record, open_pool
from doublerandom.draws.services import notices
from doublerandom.draws.services.ending import would_be
from doublerandom.draws.services.opening import open_up
from doublerandom.draws.services.outcomes import write_down
from doublerandom.ledger import log
from doublerandom.ledger.keys import sign_with
from doublerandom.ledger.pins import pin_attempt
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import services as registry_services

ASKING = ("planner", "supervisor", "head")
CONFIRMING = ("supervisor",)
VOIDABLE = {DrawStatus.COMMITTED, DrawStatus.DRAWN}


def void_request(
    session: Session,
    draw: Draw | str,
    *,
    reason: str,
    statement: str = "",
    touched: Collection[str] = (),
    settings: Settings | None = None,
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
        settings: For the file store, where the codes are looked up in the frozen pool; None: they are not.
        by: Who asks; which roles may, the views check.
        at: When.

    Raises:
        UnknownReasonError: The reason is not on the closed list `plans.VOID_REASONS`.
        TouchedRefusedError: The reason concerns no particular subjects, or a code is none, stands twice or is
            not in the pool; whether it was drawn is told to nobody.
        WrongDrawStateError, VisitedError, VisitStatedError: It cannot be voided (any more).
        VoidRequestedError: It was asked for before; that request is confirmed or withdrawn first.
    """
    number = queries.number_of(draw)
    if reason not in plans.VOID_REASONS:
        raise UnknownReasonError(reason=reason, reasons=", ".join(plans.VOID_REASONS))
    _check_touched(reason, touched)
    with transaction(session):
        row = _voidable(session, number, at=at)
        if queries.void_of(session, row) is not None:
            raise VoidRequestedError(draw=number)
        assert row.id is not None
        codes = sorted(touched, key=str.encode)
        if settings is not None:
            _check_in_pool(session, row, reason, codes, settings)
        void = Void(draw_id=row.id, reason=reason, statement=statement, touched=codes, requested_by=by, at=at)
        session.add(void)
        act = VoidRequested(number, reason, statement, _hidden(number, codes))
        put_on_record(session, act, by=by, at=at)
        notices.tell_void(session, row, "void_requested", void.id, at=at)
    return void


def _check_touched(reason: str, touched: Collection[str]) -> None:
    if touched and reason not in plans.TOUCHING_REASONS:
        raise TouchedRefusedError(reason=reason, codes=", ".join(touched))
    if len(set(touched)) < len(touched) or not all(is_id(code) for code in touched):
        raise TouchedRefusedError(reason=reason, codes=", ".join(map(str, touched)))


def _check_in_pool(
    session: Session, draw: Draw, reason: str, codes: Collection[str], settings: Settings
) -> None:
    if not codes:
        return
    with open_pool(queries.frozen_pools(session, draw)["subjects"], draw.number, settings) as file:
        unknown = [code for code in codes if find_record(file, code) is None]
    if unknown:
        raise TouchedRefusedError(reason=reason, codes=", ".join(unknown))


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
        notices.tell_void(session, row, "void_withdrawn", void.id, at=at)
    return void


def void_confirm(
    session: Session, draw: Draw | str, *, settings: Settings, by: str, at: datetime, pin: str | None = None
) -> Draw:
    """
    Void the draw: a second person's word, an entry in the public log, and everything opened.

    Who confirms confirms the subjects that the request names as touched with it (`queries.void_of`). Which
    roles may, the views check.

    Where the randomness is known at `due` or later, the would-have-been result is computed and its root
    logged with the void (`would_be_root`); else `show_would_be` logs it as the plan's `result` then.

    Args:
        session: A command of its own.
        draw: The draw or its number.
        settings: For log, vault and files.
        by: The second person.
        at: When.
        pin: Of the second person's key as supervisor, which then signs the void; None: no signature.

    Raises:
        NoVoidRequestError: Nobody asked.
        WrongDrawStateError: It has ended otherwise.
        SamePersonError: Who asked does not confirm.
        VisitedError, VisitStatedError: Somebody was visited in the meantime, or a visit was to be.
        StandsInForOtherSideError: One holds the part only in the other's place.
        WrongPinError, WrongPinLockedError, NoSigningKeyError: Nothing was voided.
    """
    number = queries.number_of(draw)
    known = would_be(session, number, settings) if at >= queries.draw(session, number).due else None
    with _attempt(session, pin, settings=settings, by=by, at=at), transaction(session):
        row = _voidable(session, number, at=at)
        void = queries.void_of(session, row)
        if void is None:
            raise NoVoidRequestError(draw=number)
        if void.requested_by == by:
            raise SamePersonError(person=by)
        check_two_persons(
            session,
            void.requested_by,
            by,
            first_roles=ASKING,
            second_roles=CONFIRMING,
            at=at,
            first_at=void.at,
        )
        signed = _signed(session, row, void, pin, by=by, at=at)
        row.status, row.ended_at, row.ended_reason = DrawStatus.VOIDED, at, void.reason
        if known and not row.result_root:
            write_down(session, row, *known, settings=settings, at=at)
        void.confirmed_by, void.confirmed_at, void.would_be_root = by, at, row.result_root
        session.add(void)
        if not row.rehearsal:
            entry = {"type": "void", "draw": number, "plan_hash": row.plan_hash, "reason": void.reason}
            shown = {"would_be_root": row.result_root} if row.result_root else {}
            log.append(session, entry | shown, settings=settings, at=at)
        touched = _hidden(number, void.touched)
        act = DrawVoided(number, void.reason, void.requested_by, row.result_root, touched, *signed)
        put_on_record(session, act, by=by, at=at, after=row)
        notices.tell_void(session, row, "voided", void.id, at=at)
        registry_services.void_dealt(session, number, on=local(at).date())
        if row.result_root:
            open_up(session, row, settings=settings, by=by, at=at)
    return row


def _attempt(
    session: Session, pin: str | None, *, settings: Settings, by: str, at: datetime
) -> AbstractContextManager[None]:
    return nullcontext() if pin is None else pin_attempt(session, by, settings=settings, at=at)


def _signed(
    session: Session, draw: Draw, void: Void, pin: str | None, *, by: str, at: datetime
) -> tuple[str, str]:
    """Public key and signature of who confirms a void (see DrawVoided), where a PIN is given."""
    if pin is None:
        return "", ""
    touched = ",".join(_hidden(draw.number, void.touched))
    text = f"dr-void|{draw.number}|{draw.plan_hash}|{void.reason}|{touched}"
    return sign_with(session, by, pin, text.encode(), role="supervisor", at=at)


def _voidable(session: Session, number: str, *, at: datetime) -> Draw:
    row = queries.draw_for_update(session, number)
    if row.status not in VOIDABLE:
        raise WrongDrawStateError(draw=number, status=row.status)
    if queries.any_visited(session, row):
        raise VisitedError(draw=number)
    if queries.visits_due(session, row, at):
        raise VisitStatedError(draw=number)
    return row
