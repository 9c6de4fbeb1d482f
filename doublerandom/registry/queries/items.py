"""The list: items, their versions, what is in force on a day."""

from datetime import date

from sqlalchemy import case, or_
from sqlmodel import Session, col, select

from doublerandom.registry.errors import (
    ItemNotFoundError,
)
from doublerandom.registry.models import (
    Item,
    ItemStatus,
)


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
