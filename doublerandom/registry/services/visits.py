"""The command that records a visit."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import VisitRecorded
from doublerandom.registry.models import (
    Visit,
)


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
