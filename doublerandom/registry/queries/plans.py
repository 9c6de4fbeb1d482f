"""Annual plans and their lines."""

from sqlmodel import Session, col, select

from doublerandom.registry.errors import (
    PlanLineNotFoundError,
    RecordNotFoundError,
)
from doublerandom.registry.models import (
    AnnualPlan,
    AnnualPlanStatus,
    PlanLine,
)


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


def plan_by_id(session: Session, plan_id: int) -> AnnualPlan:
    """One annual plan, or RecordNotFoundError."""
    found = session.get(AnnualPlan, plan_id)
    if found is None:
        raise RecordNotFoundError(value=plan_id)
    return found


def lines_of_plan(session: Session, plan_id: int) -> list[PlanLine]:
    """The lines of an annual plan by number."""
    statement = select(PlanLine).where(PlanLine.plan_id == plan_id).order_by(col(PlanLine.number))
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
