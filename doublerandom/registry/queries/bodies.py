"""Bodies as the registry needs them: those above one, and those inside a region."""

from sqlalchemy import ColumnElement, SQLColumnExpression
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body, region_subtree_prefix
from doublerandom.registry.filters import begins


def chain_ids(session: Session, body: Body) -> list[int]:
    """Ids of the body and of all above it, nearest first."""
    tokens = [token for token in body.path.split("/") if token]
    rows = session.exec(select(Body.id, Body.token).where(col(Body.token).in_(tokens))).all()
    found = {token: number for number, token in rows if number is not None}
    return [found[token] for token in reversed(tokens) if token in found]


def bodies_in_line(session: Session, body: Body) -> list[int]:
    """Ids of the body, of all above it and of all below it: whose lists it reads."""
    below = session.exec(select(Body.id).where(col(Body.path).startswith(body.path, autoescape=True))).all()
    return sorted({*chain_ids(session, body), *(number for number in below if number is not None)})


def within_region(column: SQLColumnExpression[str], code: str) -> ColumnElement[bool]:
    """Whether a region column lies in this division or below it."""
    return begins(column, region_subtree_prefix(code))
