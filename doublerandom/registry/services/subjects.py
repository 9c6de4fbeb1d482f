"""Subjects, what bodies and credit say of them, and the visits to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import insert
from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import is_id, is_token
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries, uscc
from doublerandom.registry.acts import MeasureApplied, StandingSet, StandingsSet, SubjectsAdded, VisitRecorded
from doublerandom.registry.errors import (
    AlreadyThereError,
    InvalidCodeError,
    InvalidRecordError,
    SubjectNotFoundError,
)
from doublerandom.registry.models import (
    ImportBatch,
    Measure,
    RegistrationStatus,
    Subject,
    SubjectKind,
    SubjectStanding,
    Visit,
)
from doublerandom.registry.texts import check_text

CHUNK = 5000
STANDINGS = ("grade", "supervisor", "tag", "excluded")
EFFECTS = ("raise", "lower", "exempt")
CODED = {SubjectKind.ENTERPRISE, SubjectKind.SELF_EMPLOYED, SubjectKind.COOPERATIVE, SubjectKind.INSTITUTION}
_LENGTHS = {"name": 255, "address": 512, "authority": 128, "category": 64, "capital": 64, "business": 100_000}


@dataclass(frozen=True)
class SubjectIn:
    """A subject that comes in by another way than a file; the fields of `Subject`."""

    code: str
    name: str
    region: str
    kind: str = "enterprise"
    address: str = ""
    industry: str = ""
    authority: str = ""
    status: str = "active"
    established: date | None = None
    category: str = ""
    capital: str = ""
    business: str = ""
    credit_class: str = ""
    credit_class_on: date | None = None


def add_subjects(
    session: Session, subjects: Iterable[SubjectIn], *, source: str, by: str, at: datetime
) -> ImportBatch:
    """
    Add subjects, all or none; enterprises need a valid 统一社会信用代码, other kinds an id.

    Args:
        session: The session of the command.
        subjects: A stream; codes in upper case.
        source: Where they come from, kept as the batch's file name.
        by: Person token.
        at: Now.

    Raises:
        InvalidCodeError, InvalidRecordError: A field holds what it cannot hold.
        AlreadyThereError: A code is there already, or came twice.
    """
    with transaction(session):
        batch = ImportBatch(kind="subjects", filename=source, sha256="", by=by, at=at)
        session.add(batch)
        session.flush()
        count = 0
        for some in _batches(subjects):
            _check_subjects(session, some)
            session.execute(insert(Subject), [{**asdict(one), "batch_id": batch.id} for one in some])
            count += len(some)
        batch.accepted = count
        act = SubjectsAdded(on_id=str(batch.id), source=source, count=count)
        put_on_record(session, act, by=by, at=at, after=batch)
    return batch


def _batches(subjects: Iterable[SubjectIn]) -> Iterable[list[SubjectIn]]:
    some: list[SubjectIn] = []
    for one in subjects:
        some.append(one)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def _check_subjects(session: Session, some: Sequence[SubjectIn]) -> None:
    for one in some:
        if one.kind not in list(SubjectKind) or one.status not in list(RegistrationStatus):
            raise InvalidRecordError(field="kind/status", value=f"{one.kind}/{one.status}", reason="unknown")
        if one.kind in CODED and not uscc.is_valid(one.code):
            raise InvalidCodeError(value=one.code, reason="wrong length, characters or check character")
        if not is_id(one.code) or one.code != one.code.upper():
            raise InvalidRecordError(field="code", value=one.code, reason="expected an id in upper case")
        if one.credit_class not in {"", "A", "B", "C", "D"}:
            raise InvalidRecordError(
                field="credit_class", value=one.credit_class, reason="expected A, B, C or D"
            )
        for field, longest in _LENGTHS.items():
            check_text(field, getattr(one, field), longest=longest, needed=field == "name")
    codes = [one.code for one in some]
    known = queries.subject_ids_by_codes(session, codes)
    if known or len(set(codes)) < len(codes):
        twice = next(code for n, code in enumerate(codes) if code in known or code in codes[:n])
        raise AlreadyThereError(value=twice)


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
) -> SubjectStanding:
    """
    Say something dated of a subject for one body: grade, supervisor, tag, or exclusion (a reason code).

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


def record_visit(
    session: Session,
    *,
    subject_code: str,
    body_id: int,
    visited_on: date,
    source: str,
    by: str,
    at: datetime,
    items: Sequence[str] = (),
    inspectors: Sequence[str] = (),
    kind: str = "random",
    counts: bool = True,
) -> Visit:
    """
    Record that a subject was visited; the same `source` again changes nothing.

    The act names the visit by its source alone. A task's commitment as source binds the subject; the row's
    fingerprint is left out then, for without a salt it would let whoever reads the trail try subjects.
    """
    with transaction(session):
        found = queries.visit_by_source(session, source)
        if found is not None:
            return found
        subject = queries.subject(session, subject_code)
        assert subject.id is not None
        visit = Visit(
            subject_id=subject.id,
            body_id=body_id,
            visited_on=visited_on,
            items=list(items),
            inspectors=list(inspectors),
            kind=kind,
            counts=counts,
            source=source,
        )
        session.add(visit)
        act = VisitRecorded(on_id=source, visited_on=visited_on, kind=kind, counts=counts)
        put_on_record(session, act, by=by, at=at, after=None if source.startswith("task:") else visit)
    return visit
