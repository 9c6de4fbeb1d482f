"""Annual plans and their lines."""

from collections.abc import Collection

from sqlalchemy import func
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.registry.errors import (
    PlanLineNotFoundError,
    RecordNotFoundError,
)
from doublerandom.registry.models import (
    AnnualPlan,
    AnnualPlanStatus,
    PlanLine,
)
from doublerandom.registry.queries.bodies import bodies_in_line


def annual_plan(session: Session, *, body_id: int, year: int) -> AnnualPlan | None:
    """The newest published annual plan of a body for a year; None before it is published."""
    statement = select(AnnualPlan).where(
        AnnualPlan.body_id == body_id,
        AnnualPlan.year == year,
        AnnualPlan.status == AnnualPlanStatus.PUBLISHED,
    )
    return session.exec(statement.order_by(col(AnnualPlan.version).desc()).limit(1)).first()


def annual_plans(session: Session) -> list[AnnualPlan]:
    """All annual plans, newest year first, then by body and version."""
    order = (col(AnnualPlan.year).desc(), col(AnnualPlan.body_id), col(AnnualPlan.version).desc())
    return list(session.exec(select(AnnualPlan).order_by(*order)))


def plans_in_sight(
    session: Session,
    *,
    body: Body,
    year: int | None = None,
    status: AnnualPlanStatus | None = None,
) -> list[AnnualPlan]:
    """Plans of the bodies above and below this one, newest year first, then by body and version."""
    statement = select(AnnualPlan).where(col(AnnualPlan.body_id).in_(bodies_in_line(session, body)))
    if year is not None:
        statement = statement.where(AnnualPlan.year == year)
    if status is not None:
        statement = statement.where(AnnualPlan.status == status)
    order = (col(AnnualPlan.year).desc(), col(AnnualPlan.body_id), col(AnnualPlan.version).desc())
    return list(session.exec(statement.order_by(*order)))


def plan_versions(session: Session, *, body_id: int, year: int) -> list[AnnualPlan]:
    """All versions of a body's plan for a year, newest first."""
    statement = select(AnnualPlan).where(AnnualPlan.body_id == body_id, AnnualPlan.year == year)
    return list(session.exec(statement.order_by(col(AnnualPlan.version).desc())))


def lines_counts(session: Session, plan_ids: Collection[int | None]) -> dict[int, tuple[int, int]]:
    """For each of these plans how many lines it has and how many subjects they estimate together."""
    statement = (
        select(PlanLine.plan_id, func.count(), func.sum(PlanLine.estimated))
        .where(col(PlanLine.plan_id).in_(sorted(n for n in plan_ids if n is not None)))
        .where(col(PlanLine.dropped).is_(False))
        .group_by(col(PlanLine.plan_id))
        .order_by(col(PlanLine.plan_id))
    )
    return {number: (lines, int(total or 0)) for number, lines, total in session.exec(statement)}


def line_by_number(session: Session, plan_id: int, number: str) -> PlanLine | None:
    """A line of one plan by its number, dropped ones too."""
    statement = select(PlanLine).where(PlanLine.plan_id == plan_id, PlanLine.number == number)
    return session.exec(statement).first()


def plan_by_id(session: Session, plan_id: int) -> AnnualPlan:
    """One annual plan, or RecordNotFoundError."""
    found = session.get(AnnualPlan, plan_id)
    if found is None:
        raise RecordNotFoundError(value=plan_id)
    return found


def lines_of_plan(session: Session, plan_id: int) -> list[PlanLine]:
    """The lines of an annual plan by number, without those that were taken out of its draft."""
    statement = select(PlanLine).where(PlanLine.plan_id == plan_id, col(PlanLine.dropped).is_(False))
    statement = statement.order_by(col(PlanLine.number))
    return sorted(session.exec(statement).all(), key=lambda row: row.number.encode())


def plan_line(session: Session, number: str, *, body_id: int | None = None) -> PlanLine:
    """
    The line of a published annual plan by its number (the `annual_item` of a draw), of one body or of any.

    The newest published version of the plan speaks. Raises PlanLineNotFoundError.
    """
    statement = (
        select(PlanLine)
        .join(AnnualPlan, col(AnnualPlan.id) == col(PlanLine.plan_id))
        .where(PlanLine.number == number, AnnualPlan.status == AnnualPlanStatus.PUBLISHED)
        .where(col(PlanLine.dropped).is_(False))
    )
    if body_id is not None:
        statement = statement.where(AnnualPlan.body_id == body_id)
    order = (col(AnnualPlan.year).desc(), col(AnnualPlan.version).desc(), col(PlanLine.id))
    found = session.exec(statement.order_by(*order).limit(1)).first()
    if found is None:
        raise PlanLineNotFoundError(value=number)
    return found


def plan_line_by_id(session: Session, line_id: int) -> PlanLine:
    """One line of an annual plan, or PlanLineNotFoundError."""
    found = session.get(PlanLine, line_id)
    if found is None:
        raise PlanLineNotFoundError(value=line_id)
    return found


def plan_of_line(session: Session, line: PlanLine) -> AnnualPlan:
    """The annual plan that a line stands in."""
    return plan_by_id(session, line.plan_id)
