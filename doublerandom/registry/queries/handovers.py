"""Licence hand-overs: what was delivered, what waits for a department or the supervision office."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body, Sight, region_subtree_prefix
from doublerandom.registry.errors.handovers import HandoverNotFoundError
from doublerandom.registry.filters import begins
from doublerandom.registry.models import Subject
from doublerandom.registry.models.handovers import HandoverStatus, HandoverStep, LicenceDuty, LicenceHandover

OPEN_TO_OFFICE = (HandoverStatus.RETURNED, HandoverStatus.UNASSIGNED)


def handover(session: Session, handover_id: int, *, sight: Sight) -> LicenceHandover:
    """One hand-over in sight, or HandoverNotFoundError."""
    statement = _in_sight(select(LicenceHandover), sight).where(LicenceHandover.id == handover_id)
    found: LicenceHandover | None = session.exec(statement).first()
    if found is None:
        raise HandoverNotFoundError(value=handover_id)
    return found


def handovers(
    session: Session,
    *,
    sight: Sight,
    statuses: Collection[str] = (),
    before: int | None = None,
    limit: int | None = 51,
) -> list[LicenceHandover]:
    """
    Hand-overs in sight, newest first, before a number.

    A department sees its own, the supervision office all of its area.
    """
    statement = _in_sight(select(LicenceHandover), sight)
    if statuses:
        statement = statement.where(col(LicenceHandover.status).in_(statuses))
    if before is not None:
        statement = statement.where(col(LicenceHandover.id) < before)
    return list(session.exec(statement.order_by(col(LicenceHandover.id).desc()).limit(limit)))


def _in_sight(statement: Any, sight: Sight) -> Any:
    """Those of the bodies in sight; for the supervision office and auditors all of the area."""
    below = select(Body.id).where(col(Body.path).startswith(sight.body_path, autoescape=True))
    own = col(LicenceHandover.department_id).in_(below)
    if not sight.has("overseer", "auditor"):
        return statement.where(own)
    area: Select[Any] = select(Subject.id).where(begins(col(Subject.region), sight.region_prefix))
    return statement.where(own | col(LicenceHandover.subject_id).in_(area))


def last_handover(session: Session, *, authority: str, number: str) -> LicenceHandover | None:
    """The newest event of this licence, if any was delivered."""
    statement = select(LicenceHandover).where(
        LicenceHandover.authority == authority, LicenceHandover.number == number
    )
    return session.exec(statement.order_by(col(LicenceHandover.id).desc()).limit(1)).first()


def steps_of(session: Session, handover_id: int) -> list[HandoverStep]:
    """What was done with a hand-over, oldest first."""
    statement = select(HandoverStep).where(HandoverStep.handover_id == handover_id)
    return list(session.exec(statement.order_by(col(HandoverStep.id))))


def licence_duties(session: Session) -> list[LicenceDuty]:
    """What holds now for each kind of licence, by kind."""
    newest = select(func.max(LicenceDuty.id)).group_by(col(LicenceDuty.kind))
    statement = select(LicenceDuty).where(col(LicenceDuty.id).in_(newest))
    return list(session.exec(statement.order_by(col(LicenceDuty.kind))))


def supervising_line(session: Session, kind: str) -> str:
    """The line of work that supervises this kind of licence; empty if nobody was named."""
    statement = select(LicenceDuty.line).where(LicenceDuty.kind == kind)
    return session.exec(statement.order_by(col(LicenceDuty.id).desc()).limit(1)).first() or ""


def nearest_body(session: Session, *, line: str, region: str) -> Body | None:
    """The body of this line of work whose area holds the region: the county's before the city's."""
    statement = select(Body).where(Body.line == line).order_by(col(Body.path))
    found = [row for row in session.exec(statement) if region.startswith(region_subtree_prefix(row.region))]
    return max(found, key=lambda row: len(region_subtree_prefix(row.region)), default=None)
