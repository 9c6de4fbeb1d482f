"""Commands on kept filters, and bulk acts on all that a filter found."""

from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import bulk, filters
from doublerandom.registry.acts import (
    BulkActConfirmed,
    BulkActFinished,
    FilterEnded,
    FilterSaved,
    StandingsEnded,
)
from doublerandom.registry.errors import FilterNameTakenError, PreviewOutdatedError, UnknownBulkActError
from doublerandom.registry.membership import LEFT_REASONS
from doublerandom.registry.models import BulkAct, SavedFilter, SubjectStanding
from doublerandom.registry.queries import saved_filters as queries
from doublerandom.registry.queries.search import Wanted
from doublerandom.registry.queries.search_index import among
from doublerandom.registry.services.membership import join_pool, leave_pool_many
from doublerandom.registry.services.standings import set_standings
from doublerandom.registry.texts import check_text


def save_filter(
    session: Session,
    *,
    body_id: int,
    name: str,
    words: str,
    expression: str,
    shared: bool,
    by: str,
    at: datetime,
) -> SavedFilter:
    """
    Keep a filter under a name, for oneself or for the whole body; its text is kept in its one written form.

    Raises:
        BadFilterError, UnknownFilterFieldError: The filter cannot be read.
        FilterNameTakenError: One sees a filter of this name already.
    """
    check_text("name", name, longest=64, needed=True)
    check_text("words", words, longest=255)
    written = filters.canonical(expression)
    with transaction(session):
        if name in [row.name for row in queries.saved_filters(session, body_id=body_id, person=by)]:
            raise FilterNameTakenError(value=name)
        kept = SavedFilter(
            body_id=body_id, name=name, words=words, expression=written, shared=shared, by=by, at=at
        )
        session.add(kept)
        session.flush()
        act = FilterSaved(on_id=str(kept.id), name=name, words=words, expression=written, shared=shared)
        put_on_record(session, act, by=by, at=at, after=kept)
    return kept


def end_filter(session: Session, filter_id: int, *, by: str, at: datetime) -> None:
    """Show an own filter no longer; it stays on record. Raises RecordNotFoundError for those of others."""
    with transaction(session):
        kept = queries.own_filter(session, filter_id, person=by)
        kept.ended_by, kept.ended_at = by, at
        session.add(kept)
        put_on_record(session, FilterEnded(on_id=str(kept.id)), by=by, at=at, after=kept)


def check_bulk(action: str, value: str) -> None:
    """Raise UnknownBulkActError where there is no such act, or it cannot say this."""
    needs_no_value = action == "join"
    known = action in bulk.ACTIONS and bool(value) is not needs_no_value
    if not known or (action == "leave" and value not in LEFT_REASONS):
        raise UnknownBulkActError(value=value or action)
    check_text("value", value, longest=64)


def confirm_bulk(
    session: Session,
    wanted: Wanted,
    *,
    body_id: int,
    action: str,
    value: str,
    reason: str,
    expression: str,
    digest: str,
    by: str,
    at: datetime,
) -> BulkAct:
    """
    Say something of all that was previewed: at once up to `bulk.AT_ONCE` subjects, more by the jobs.

    Args:
        session: The session of the command.
        wanted: What is searched; it is searched anew inside the command.
        body_id: The body that says it.
        action: One of `bulk.ACTIONS`.
        value: Tag, special pool, person token, or why the subjects leave.
        reason: Why, for the record.
        expression: The filter's text, for the record.
        digest: The token of the preview.
        by: Person token.
        at: Now.

    Raises:
        UnknownBulkActError, TooManySubjectsError: It cannot be done.
        PreviewOutdatedError: The search finds others than the preview showed; nothing is done.
    """
    check_bulk(action, value)
    check_text("reason", reason, longest=255, needed=True)
    with transaction(session):
        body = accounts.body_by_id(session, body_id)
        preview = queries.preview(session, wanted, action=action, value=value, body=body, on=local(at).date())
        if preview.digest != digest:
            raise PreviewOutdatedError(count=len(preview.ids))
        row = BulkAct(
            body_id=body_id,
            action=action,
            value=value,
            reason=reason,
            words=wanted.words,
            expression=expression,
            digest=digest,
            subject_ids=preview.ids,
            total=len(preview.ids),
            by=by,
            at=at,
        )
        session.add(row)
        session.flush()
        act = BulkActConfirmed(
            on_id=str(row.id),
            action=action,
            value=value,
            reason=reason,
            words=wanted.words,
            expression=expression,
            count=row.total,
            digest=digest,
        )
        put_on_record(session, act, by=by, at=at, after={"subjects": preview.ids})
        if row.total <= bulk.AT_ONCE:
            _carry_on(session, row, at)
    return row


def carry_on_bulk_acts(session: Session, *, at: datetime) -> int:
    """Go on with the bulk acts that wait, a chunk a transaction; gives how many subjects were reached."""
    reached = 0
    for number in queries.unfinished_bulk_acts(session):
        going_on = True
        while going_on:
            try:
                with transaction(session):
                    row = session.get_one(BulkAct, number)
                    before = row.done
                    _carry_on(session, row, at)
                    reached += row.done - before
                    going_on = row.finished_at is None
            except DoubleRandomError as error:
                _stop(session, number, error.code)
                break
    return reached


def _stop(session: Session, number: int, code: str) -> None:
    """A refused chunk stops the act: what was done stays, the page says so."""
    with transaction(session):
        row = session.get_one(BulkAct, number)
        row.stopped = code
        session.add(row)


def _carry_on(session: Session, row: BulkAct, at: datetime) -> None:
    """The next chunk of a bulk act; the last one finishes it."""
    body = accounts.body_by_id(session, row.body_id)
    ids = row.subject_ids[row.done : row.done + bulk.AT_ONCE]
    if ids:
        _say(session, row, body, ids, at)
    row.done += len(ids)
    if row.done >= row.total:
        row.finished_at = at
        act = BulkActFinished(on_id=str(row.id), done=row.done)
        put_on_record(session, act, by=row.by, at=at)
    session.add(row)


def _say(session: Session, row: BulkAct, body: Body, ids: list[int], at: datetime) -> None:
    assert body.id is not None
    today = local(at).date()
    if row.action in {"end-tag", "end-special"}:
        _end(session, row, ids, today, at)
        return
    codes = queries.codes_to_change(session, ids, action=row.action, value=row.value, body=body, on=today)
    if not codes:
        return
    if row.action == "join":
        join_pool(session, codes, body.id, reason=row.reason, by=row.by, at=at)
    elif row.action == "leave":
        leave_pool_many(session, codes, body.id, reason=row.value, note=row.reason, by=row.by, at=at)
    else:
        set_standings(
            session,
            values=dict.fromkeys(codes, row.value),
            body_id=body.id,
            kind=bulk.KINDS[row.action],
            valid_from=today,
            reason=row.reason,
            by=row.by,
            at=at,
        )


def _end(session: Session, row: BulkAct, ids: list[int], today: date, at: datetime) -> None:
    """Let a tag or special pool hold until yesterday; what was said stays on record with its days."""
    kind, yesterday = bulk.KINDS[row.action], today - timedelta(days=1)
    ending = queries.standings_to_end(session, ids, kind=kind, value=row.value, body_id=row.body_id, on=today)
    if not ending:
        return
    session.execute(
        update(SubjectStanding)
        .where(among(session, col(SubjectStanding.id), [number for number, _ in ending]))
        .values(valid_to=yesterday, ended_by=row.by, ended_at=at, end_reason=row.reason)
    )
    act = StandingsEnded(
        on_id=str(row.body_id),
        kind=kind,
        value=row.value,
        count=len(ending),
        valid_to=yesterday,
        reason=row.reason,
    )
    put_on_record(session, act, by=row.by, at=at, after={str(number): code for number, code in ending})
