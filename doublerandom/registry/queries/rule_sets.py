"""Rule sets, and the one in force for a body on a day."""

from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.registry.errors import (
    RecordNotFoundError,
    RuleSetNotFoundError,
)
from doublerandom.registry.models import (
    RuleSet,
)
from doublerandom.registry.queries.bodies import chain_ids

ANY_LINE = "all"


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
