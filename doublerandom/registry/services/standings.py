"""Commands that say something dated of subjects: a body's standing, a credit measure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import insert
from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.dr1.canon import is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import MeasureApplied, StandingEnded, StandingSet, StandingsSet
from doublerandom.registry.errors import (
    InvalidRecordError,
    StandingEndedError,
    SubjectNotFoundError,
)
from doublerandom.registry.membership import JOINED, LEFT_REASONS
from doublerandom.registry.models import (
    Measure,
    SubjectStanding,
)
from doublerandom.registry.texts import check_text

CHUNK = 5000


STANDINGS = ("grade", "supervisor", "tag", "special", "excluded", "member")


EFFECTS = ("raise", "lower", "exempt")


def set_standing(
    session: Session,
    *,
    subject_code: str,
    body_id: int,
    kind: str,
    value: str,
    valid_from: date,
    by: str,
    at: datetime,
    valid_to: date | None = None,
    reason: str = "",
    batch_id: int | None = None,
) -> SubjectStanding:
    """
    Say something dated of a subject for one body: grade, supervisor, tag, special pool, or an exclusion.

    What was said before stays on record; the newest that is valid on a day speaks.
    """
    _check_standing(kind, value, reason)
    with transaction(session):
        subject = queries.subject(session, subject_code)
        assert subject.id is not None
        standing = SubjectStanding(
            subject_id=subject.id,
            body_id=body_id,
            kind=kind,
            value=value,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason,
            by=by,
            at=at,
            batch_id=batch_id,
        )
        session.add(standing)
        act = StandingSet(
            on_id=subject.code,
            body_id=body_id,
            kind=kind,
            value=value,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason,
        )
        put_on_record(session, act, by=by, at=at, after=standing)
    return standing


def end_standing(
    session: Session,
    standing_id: int,
    *,
    reason: str,
    by: str,
    at: datetime,
    last_day: date | None = None,
) -> SubjectStanding:
    """
    Let what a body said of a subject hold no longer; what was said stays on record with its days.

    Args:
        session: The session of the command.
        standing_id: Which.
        reason: Why; not empty.
        by: Person token.
        at: Now.
        last_day: The last day on which it holds, today or later; without it yesterday: it ends at once.

    Raises:
        RecordNotFoundError: There is no such row.
        StandingEndedError: It ended already, or would end in the past; membership ends by leaving only.
    """
    check_text("reason", reason, longest=255, needed=True)
    today = local(at).date()
    last = today - timedelta(days=1) if last_day is None else last_day
    with transaction(session):
        standing = queries.standing_by_id(session, standing_id)
        ended = standing.valid_to is not None and standing.valid_to <= last
        if ended or standing.kind == "member" or (last_day is not None and last_day < today):
            raise StandingEndedError(value=standing.value)
        before = fingerprint(standing)
        standing.valid_to, standing.ended_by, standing.ended_at, standing.end_reason = last, by, at, reason
        session.add(standing)
        act = StandingEnded(
            on_id=queries.subject_by_id(session, standing.subject_id).code,
            body_id=standing.body_id,
            kind=standing.kind,
            value=standing.value,
            valid_to=last,
            reason=reason,
        )
        put_on_record(session, act, by=by, at=at, before=before, after=standing)
    return standing


def set_standings(
    session: Session,
    *,
    values: Mapping[str, str],
    body_id: int,
    kind: str,
    valid_from: date,
    by: str,
    at: datetime,
    valid_to: date | None = None,
    reason: str = "",
    batch_id: int | None = None,
) -> int:
    """
    Say the same kind of thing of many subjects (code → value), e.g. a published sector grade; all or none.

    Returns:
        How many standings were set.
    """
    for value in sorted(set(values.values())):
        _check_standing(kind, value, reason)
    with transaction(session):
        known = queries.subject_ids_by_codes(session, values.keys())
        if missing := sorted(values.keys() - known.keys()):
            raise SubjectNotFoundError(value=missing[0])
        shared = {
            "body_id": body_id,
            "kind": kind,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "reason": reason,
            "by": by,
            "at": at,
            "batch_id": batch_id,
        }
        rows = [{"subject_id": known[code], "value": values[code], **shared} for code in sorted(values)]
        for start in range(0, len(rows), CHUNK):
            session.execute(insert(SubjectStanding), rows[start : start + CHUNK])
        act = StandingsSet(
            on_id=str(body_id), kind=kind, count=len(rows), valid_from=valid_from, reason=reason
        )
        put_on_record(session, act, by=by, at=at, after=dict(values))
    return len(rows)


def _check_standing(kind: str, value: str, reason: str) -> None:
    if kind not in STANDINGS:
        raise InvalidRecordError(field="kind", value=kind, reason=f"expected one of {', '.join(STANDINGS)}")
    if kind == "excluded" and not is_token(value):
        raise InvalidRecordError(field="value", value=value, reason="expected a reason code (token)")
    if kind == "member" and value not in {JOINED, *LEFT_REASONS}:
        raise InvalidRecordError(field="value", value=value, reason=f"expected {JOINED} or why it left")
    check_text("value", value, longest=64, needed=True)
    check_text("reason", reason, longest=255)


def apply_measure(
    session: Session,
    *,
    subject_code: str,
    body_id: int,
    effect: str,
    valid_from: date,
    valid_to: date,
    source: str,
    by: str,
    at: datetime,
) -> Measure:
    """
    Date a credit measure beside the imported class; the next draw's stratum rule reads it. Once per source.

    Args:
        session: The session of the command.
        subject_code: Code.
        body_id: The executing body.
        effect: raise, lower or exempt.
        valid_from: First day.
        valid_to: Last day.
        source: The credit record it comes from, `credit:<id>`.
        by: Person token.
        at: Now.
    """
    if effect not in EFFECTS:
        raise InvalidRecordError(field="effect", value=effect, reason=f"expected one of {', '.join(EFFECTS)}")
    if valid_to < valid_from:
        raise InvalidRecordError(field="valid_to", value=valid_to.isoformat(), reason="before the first day")
    with transaction(session):
        found = queries.measure_by_source(session, source)
        if found is not None:
            return found
        subject = queries.subject(session, subject_code)
        assert subject.id is not None
        measure = Measure(
            subject_id=subject.id,
            body_id=body_id,
            effect=effect,
            valid_from=valid_from,
            valid_to=valid_to,
            source=source,
            by=by,
            at=at,
        )
        session.add(measure)
        act = MeasureApplied(
            on_id=subject.code, effect=effect, valid_from=valid_from, valid_to=valid_to, source=source
        )
        put_on_record(session, act, by=by, at=at, after=measure)
    return measure
