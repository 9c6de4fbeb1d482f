"""Commands of membership: who joins a body's pool, who leaves it and why; other bodies' pools stay."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import StandingSet, StandingsSet
from doublerandom.registry.errors import (
    InvalidRecordError,
    NotInPoolError,
    OutsideRegionError,
    SubjectNotFoundError,
)
from doublerandom.registry.membership import JOINED, LEFT_REASONS
from doublerandom.registry.models import SubjectStanding
from doublerandom.registry.texts import check_text

CHUNK = 5000


def join_pool(
    session: Session,
    codes: Collection[str],
    body_id: int,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    batch_id: int | None = None,
) -> int:
    """
    Put subjects into a body's pool from today; those that are in it stay as they are.

    Returns:
        How many joined.

    Raises:
        SubjectNotFoundError: A code that nobody has.
        OutsideRegionError: The body's pool is its region, and a subject is elsewhere.
    """
    check_text("reason", reason, longest=255)
    with transaction(session):
        body = accounts.body_by_id(session, body_id)
        known = queries.subject_ids_by_codes(session, codes)
        if missing := sorted(set(codes) - known.keys()):
            raise SubjectNotFoundError(value=missing[0])
        today = local(at).date()
        inside = queries.codes_in_pool(session, known, body=body, on=today)
        joining = sorted(known.keys() - inside)
        if body.pool == "region":
            outside = queries.codes_outside(session, joining, region=body.region)
            if outside:
                raise OutsideRegionError(value=outside[0])
        shared = {
            "body_id": body_id,
            "kind": "member",
            "value": JOINED,
            "valid_from": today,
            "reason": reason,
            "by": by,
            "at": at,
            "batch_id": batch_id,
        }
        rows = [{"subject_id": known[code], **shared} for code in joining]
        for start in range(0, len(rows), CHUNK):
            session.execute(insert(SubjectStanding), rows[start : start + CHUNK])
        if joining:
            act = StandingsSet(
                on_id=str(body_id), kind="member", count=len(rows), valid_from=today, reason=reason
            )
            put_on_record(session, act, by=by, at=at, after=dict.fromkeys(joining, JOINED))
    return len(joining)


def leave_pool(
    session: Session,
    code: str,
    body_id: int,
    *,
    reason: str,
    by: str,
    at: datetime,
    note: str = "",
    batch_id: int | None = None,
) -> SubjectStanding:
    """
    Take a subject out of one body's pool from today on, for a reason of the closed list.

    Raises:
        InvalidRecordError: The reason is not in the list.
        NotInPoolError: The subject is not in this body's pool.
    """
    _check_reason(reason, note)
    with transaction(session):
        subject = queries.subject(session, code)
        body = accounts.body_by_id(session, body_id)
        today = local(at).date()
        assert subject.id is not None
        if not queries.codes_in_pool(session, [subject.code], body=body, on=today):
            raise NotInPoolError(value=subject.code)
        standing = SubjectStanding(
            subject_id=subject.id,
            body_id=body_id,
            kind="member",
            value=reason,
            valid_from=today,
            reason=note,
            by=by,
            at=at,
            batch_id=batch_id,
        )
        session.add(standing)
        act = StandingSet(
            on_id=subject.code,
            body_id=body_id,
            kind="member",
            value=reason,
            valid_from=today,
            valid_to=None,
            reason=note,
        )
        put_on_record(session, act, by=by, at=at, after=standing)
    return standing


def leave_pool_many(
    session: Session,
    codes: Collection[str],
    body_id: int,
    *,
    reason: str,
    by: str,
    at: datetime,
    note: str = "",
    batch_id: int | None = None,
) -> int:
    """Take many subjects out of one body's pool from today on; those that are not in it are passed over."""
    _check_reason(reason, note)
    with transaction(session):
        body = accounts.body_by_id(session, body_id)
        today = local(at).date()
        leaving = sorted(queries.codes_in_pool(session, codes, body=body, on=today))
        known = queries.subject_ids_by_codes(session, leaving)
        shared = {
            "body_id": body_id,
            "kind": "member",
            "value": reason,
            "valid_from": today,
            "reason": note,
            "by": by,
            "at": at,
            "batch_id": batch_id,
        }
        rows = [{"subject_id": known[code], **shared} for code in leaving]
        for start in range(0, len(rows), CHUNK):
            session.execute(insert(SubjectStanding), rows[start : start + CHUNK])
        if leaving:
            act = StandingsSet(
                on_id=str(body_id), kind="member", count=len(rows), valid_from=today, reason=note
            )
            put_on_record(session, act, by=by, at=at, after=dict.fromkeys(leaving, reason))
    return len(leaving)


def _check_reason(reason: str, note: str) -> None:
    if reason not in LEFT_REASONS:
        raise InvalidRecordError(
            field="reason", value=reason, reason=f"expected one of {', '.join(LEFT_REASONS)}"
        )
    check_text("note", note, longest=255)
