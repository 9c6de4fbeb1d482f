"""Items, rule sets, annual plans and import batches."""

from datetime import date

from sqlalchemy import case, or_
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.ledger import queries as ledger_queries
from doublerandom.registry.errors import (
    ItemNotFoundError,
    PlanLineNotFoundError,
    RecordNotFoundError,
    RuleSetNotFoundError,
)
from doublerandom.registry.models import (
    AnnualPlan,
    AnnualPlanStatus,
    ImportBatch,
    Item,
    ItemStatus,
    PlanLine,
    RuleSet,
)
from doublerandom.registry.queries.bodies import chain_ids

ANY_LINE = "all"


def item(session: Session, code: str) -> Item:
    """The version of an item that is in force, else its newest; or ItemNotFoundError."""
    in_force_first = case((col(Item.status) == ItemStatus.IN_FORCE, 0), else_=1)
    statement = (
        select(Item).where(Item.code == code).order_by(in_force_first, col(Item.version).desc()).limit(1)
    )
    found = session.exec(statement).first()
    if found is None:
        raise ItemNotFoundError(value=code)
    return found


def item_by_id(session: Session, item_id: int) -> Item:
    """One version of an item by its number, or ItemNotFoundError."""
    found = session.get(Item, item_id)
    if found is None:
        raise ItemNotFoundError(value=item_id)
    return found


def item_versions(session: Session, code: str) -> list[Item]:
    """All versions of an item, newest first."""
    return list(session.exec(select(Item).where(Item.code == code).order_by(col(Item.version).desc())))


def items(session: Session, *, status: ItemStatus | None = None) -> list[Item]:
    """All versions of all items, or those in one state, by code and version."""
    statement = select(Item)
    if status is not None:
        statement = statement.where(Item.status == status)
    found = session.exec(statement.order_by(col(Item.code), col(Item.version))).all()
    return sorted(found, key=lambda row: (row.code.encode(), row.version))


def items_in_force(session: Session, *, on: date) -> list[Item]:
    """The items that may be inspected on that day, by code bytes."""
    statement = select(Item).where(
        Item.status == ItemStatus.IN_FORCE,
        or_(col(Item.valid_from).is_(None), col(Item.valid_from) <= on),
        or_(col(Item.valid_to).is_(None), col(Item.valid_to) >= on),
    )
    return sorted(session.exec(statement.order_by(col(Item.code))).all(), key=lambda row: row.code.encode())


def rule_set_in_force(session: Session, *, body: Body, on: date, domain: str = "") -> RuleSet:
    """
    The approved rule set that a draw of this body uses on that day: the nearest one up the tree.

    Rules for the line of work go before those for every line (`all`), a later version before an earlier.

    Args:
        session: Where to read.
        body: Who draws.
        on: The day.
        domain: Line of work; empty: the body's own.

    Raises:
        RuleSetNotFoundError: Neither the body nor any above it has one.
    """
    line = domain or body.line
    chain = chain_ids(session, body)
    statement = select(RuleSet).where(
        col(RuleSet.body_id).in_(chain),
        col(RuleSet.domain).in_([line, ANY_LINE]),
        col(RuleSet.approved_at).is_not(None),
        col(RuleSet.valid_from) <= on,
        or_(col(RuleSet.valid_to).is_(None), col(RuleSet.valid_to) >= on),
    )
    found = session.exec(statement.order_by(col(RuleSet.version).desc(), col(RuleSet.id))).all()
    if not found:
        raise RuleSetNotFoundError(body=body.token, on=on.isoformat())
    return min(found, key=lambda row: (chain.index(row.body_id), row.domain != line, -row.version))


def rule_set_by_id(session: Session, rule_set_id: int) -> RuleSet:
    """One rule set, or RecordNotFoundError."""
    found = session.get(RuleSet, rule_set_id)
    if found is None:
        raise RecordNotFoundError(value=rule_set_id)
    return found


def rule_sets(session: Session, *, body_id: int | None = None) -> list[RuleSet]:
    """All rule sets, or those of one body, by body, domain and version."""
    statement = select(RuleSet)
    if body_id is not None:
        statement = statement.where(RuleSet.body_id == body_id)
    return list(
        session.exec(statement.order_by(col(RuleSet.body_id), col(RuleSet.domain), col(RuleSet.version)))
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


def import_batches(session: Session, *, limit: int = 50) -> list[ImportBatch]:
    """What was imported, newest first."""
    return list(session.exec(select(ImportBatch).order_by(col(ImportBatch.id).desc()).limit(limit)))


def who_added(session: Session, kind: str, number: str) -> str:
    """Who did the first act on record on this thing; the empty text if there is none."""
    acts = ledger_queries.acts_on(session, kind, number)
    return acts[0].by if acts else ""
