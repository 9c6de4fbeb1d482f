"""Conflicts of interest: who must not inspect whom."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.registry.errors import ConflictNotFoundError
from doublerandom.registry.models import (
    Conflict,
    ConflictStatus,
    Inspector,
    Subject,
    SubjectStanding,
)
from doublerandom.registry.queries.visits import last_inspections
from doublerandom.registry.rules import REGULAR_SUPERVISOR, ROTATION, Pair

MANY = 500


def conflict(session: Session, conflict_id: int) -> Conflict:
    """One conflict of interest, or ConflictNotFoundError."""
    found = session.get(Conflict, conflict_id)
    if found is None:
        raise ConflictNotFoundError(value=conflict_id)
    return found


def undecided_conflicts(session: Session, *, body_id: int | None = None) -> list[Conflict]:
    """Declared conflicts that wait for a decision, of all inspectors or those of one body, oldest first."""
    statement = select(Conflict).where(Conflict.status == ConflictStatus.DECLARED)
    if body_id is not None:
        of_body = select(Inspector.id).where(Inspector.body_id == body_id)
        statement = statement.where(col(Conflict.inspector_id).in_(of_body))
    return list(session.exec(statement.order_by(col(Conflict.at), col(Conflict.id))))


def conflicts_of_inspector(session: Session, inspector_id: int) -> list[Conflict]:
    """The conflicts of one inspector, newest first."""
    statement = select(Conflict).where(Conflict.inspector_id == inspector_id)
    return list(session.exec(statement.order_by(col(Conflict.at).desc(), col(Conflict.id).desc())))


def conflict_pairs(
    session: Session,
    *,
    subject_ids: Collection[int] | None,
    inspector_ids: Collection[int],
    on: date,
    rotation: bool = False,
) -> list[Pair]:
    """
    Every pair that must stay apart on that day, one for each ground, by inspector, subject and ground.

    Declared and upheld conflicts of these inspectors; the regular supervisor that a body named by certificate
    number; with `rotation` also who inspected the subject last time. `hard` is what the declaration says, the
    other two are soft: `rules.is_hard` and `rules.kept_pairs` settle what stands.

    Args:
        session: Where to read.
        subject_ids: Only these subjects; None: any.
        inspector_ids: Only these inspectors.
        on: The day of the draw.
        rotation: Whether the rules part a subject from its last inspectors.
    """
    certificates = _certificates(session, inspector_ids)
    pairs = set(_declared(session, certificates, on)) | set(_supervised(session, certificates, on))
    if rotation:
        pairs |= set(_inspected_last(session, certificates, subject_ids, on))
    codes = _codes(session, {subject for _, subject, _, _ in pairs}, subject_ids)
    return sorted(
        Pair(certificate, codes[subject], ground, hard)
        for certificate, subject, ground, hard in pairs
        if subject in codes
    )


_RawPair = tuple[str, int, str, bool]


def _declared(session: Session, certificates: dict[int, str], on: date) -> Iterator[_RawPair]:
    valid = and_(
        col(Conflict.status) != ConflictStatus.REFUSED,
        col(Conflict.valid_from) <= on,
        or_(col(Conflict.valid_to).is_(None), col(Conflict.valid_to) >= on),
    )
    columns = (col(Conflict.inspector_id), col(Conflict.subject_id), col(Conflict.ground), col(Conflict.hard))
    for number, subject, ground, hard in session.execute(
        sa_select(*columns).where(valid).order_by(col(Conflict.id))
    ):
        if number in certificates:
            yield certificates[number], subject, ground, hard


def _supervised(session: Session, certificates: dict[int, str], on: date) -> Iterator[_RawPair]:
    valid = and_(
        col(SubjectStanding.kind) == "supervisor",
        col(SubjectStanding.valid_from) <= on,
        or_(col(SubjectStanding.valid_to).is_(None), col(SubjectStanding.valid_to) >= on),
    )
    statement = sa_select(col(SubjectStanding.value), col(SubjectStanding.subject_id)).where(valid)
    known = set(certificates.values())
    for certificate, subject in session.execute(statement.order_by(col(SubjectStanding.id))):
        if certificate in known:
            yield certificate, subject, REGULAR_SUPERVISOR, False


def _inspected_last(
    session: Session, certificates: dict[int, str], subject_ids: Collection[int] | None, on: date
) -> Iterator[_RawPair]:
    known = set(certificates.values())
    for visit in last_inspections(session, on=on, subject_ids=subject_ids):
        for certificate in visit.inspectors:
            if certificate in known:
                yield certificate, visit.subject_id, ROTATION, False


def _certificates(session: Session, inspector_ids: Collection[int]) -> dict[int, str]:
    statement = sa_select(col(Inspector.id), col(Inspector.certificate)).order_by(col(Inspector.id))
    wanted = set(inspector_ids)
    return {number: certificate for number, certificate in session.execute(statement) if number in wanted}


def _codes(session: Session, wanted: set[int], allowed: Collection[int] | None) -> dict[int, str]:
    numbers = sorted(wanted if allowed is None else wanted & set(allowed))
    codes: dict[int, Any] = {}
    for start in range(0, len(numbers), MANY):
        some = numbers[start : start + MANY]
        codes.update(
            session.execute(
                sa_select(col(Subject.id), col(Subject.code)).where(col(Subject.id).in_(some))
            ).all()
        )
    return codes
