"""Manual exclusions: those that hold on a day, those of a body, those that wait for a second person."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from doublerandom.accounts import queries as accounts
from doublerandom.draws.errors import ExclusionNotFoundError
from doublerandom.draws.models import ExclusionState, ManualExclusion


def manual_exclusions_in_force(
    session: Session,
    *,
    lines: Collection[tuple[int, str]],
    on: date,
    decided_before: datetime | None = None,
) -> dict[str, str]:
    """
    The reason codes by subject code that hold on that day for draws of these bodies from these lines.

    What a body keeps out of a draw from one of its lines holds for no line of another body.

    Args:
        session: Where to read.
        lines: Each body's row with the number of its plan line.
        on: The day.
        decided_before: Only those that a second person confirmed before this time; None: all.
    """
    row = ManualExclusion
    of_lines = [and_(col(row.body_id) == body, col(row.line).in_(["", line])) for body, line in lines]
    statement = select(row).where(
        or_(*of_lines),
        row.state == ExclusionState.CONFIRMED,
        col(row.valid_from) <= on,
        col(row.valid_to) >= on,
        or_(col(row.lifted_on).is_(None), col(row.lifted_on) > on),
    )
    if decided_before is not None:
        statement = statement.where(col(row.decided_at) < decided_before)
    return {each.subject: each.reason for each in session.exec(statement.order_by(col(row.id)))}


def manual_exclusions(
    session: Session,
    *,
    below: str,
    line: str = "",
    states: Collection[ExclusionState] = tuple(ExclusionState),
    before: int = 0,
    limit: int | None = None,
) -> list[ManualExclusion]:
    """
    Requests and exclusions of the bodies at and below a path, newest first.

    Args:
        session: Where to read.
        below: Path of a body.
        line: Only those that hold for draws from this plan line (that is, for every line or for this one).
        states: Only those in these states.
        before: Only those with a lower number, for the next page.
        limit: At most so many.
    """
    row = ManualExclusion
    statement = (
        select(row)
        .join(accounts.Body, col(accounts.Body.id) == col(row.body_id))
        .where(col(accounts.Body.path).startswith(below, autoescape=True), col(row.state).in_(tuple(states)))
    )
    if line:
        statement = statement.where(col(row.line).in_(["", line]))
    if before:
        statement = statement.where(and_(col(row.id) < before))
    return list(session.exec(statement.order_by(col(row.id).desc()).limit(limit)))


def manual_exclusion(session: Session, exclusion_id: int, *, below: str = "") -> ManualExclusion:
    """One of a body at or below the path, or ExclusionNotFoundError."""
    found = session.get(ManualExclusion, exclusion_id)
    if found is None or not accounts.body_by_id(session, found.body_id).path.startswith(below):
        raise ExclusionNotFoundError(id=exclusion_id)
    return found


def exclusion_for_update(session: Session, exclusion_id: int) -> ManualExclusion:
    """One, read anew and held until the command ends; or ExclusionNotFoundError."""
    statement = select(ManualExclusion).where(ManualExclusion.id == exclusion_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise ExclusionNotFoundError(id=exclusion_id)
    return found


def waiting_exclusion(session: Session, *, body_id: int, line: str, subject: str) -> ManualExclusion | None:
    """The request for this subject that waits for a second person, if there is one."""
    row = ManualExclusion
    statement = select(row).where(
        row.body_id == body_id,
        row.line == line,
        row.subject == subject,
        row.state == ExclusionState.REQUESTED,
    )
    return session.exec(statement.order_by(col(row.id))).first()
