"""The list: items, their versions, what is in force on a day, what was published."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, case, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.registry.errors import (
    ItemNotFoundError,
    RecordNotFoundError,
)
from doublerandom.registry.item_days import Span, spans_in_force
from doublerandom.registry.models import (
    Item,
    ItemList,
    ItemState,
    ItemStatus,
)
from doublerandom.registry.queries.bodies import bodies_in_line


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
    """The items that may be (or might have been) inspected on that day, by code bytes."""
    later = aliased(ItemState)
    superseded = exists().where(
        col(later.item_id) == col(ItemState.item_id),
        col(later.id) > col(ItemState.id),
        col(later.first_day) <= on,
    )
    statement = (
        select(Item)
        .join(ItemState, col(ItemState.item_id) == col(Item.id))
        .where(
            ItemState.status == ItemStatus.IN_FORCE,
            col(ItemState.first_day) <= on,
            ~superseded,
            or_(col(Item.valid_to).is_(None), col(Item.valid_to) >= on),
        )
    )
    return sorted(session.exec(statement.order_by(col(Item.code))).all(), key=lambda row: row.code.encode())


def states_of_items(session: Session, item_ids: Collection[int | None]) -> dict[int, list[ItemState]]:
    """The dated states of these versions, each in the order in which they were decided."""
    wanted = sorted(number for number in item_ids if number is not None)
    statement = select(ItemState).where(col(ItemState.item_id).in_(wanted)).order_by(col(ItemState.id))
    found: dict[int, list[ItemState]] = defaultdict(list)
    for row in session.exec(statement):
        found[row.item_id].append(row)
    return found


def days_in_force(session: Session, codes: Iterable[str]) -> dict[str, list[Span]]:
    """For each of these codes the days on which some version of it is in force, ascending."""
    wanted = sorted(set(codes))
    versions = session.exec(select(Item).where(col(Item.code).in_(wanted)).order_by(col(Item.id))).all()
    states = states_of_items(session, [row.id for row in versions])
    spans: dict[str, list[Span]] = {code: [] for code in wanted}
    for row in versions:
        if row.id in states:
            spans[row.code] += spans_in_force(states[row.id], valid_to=row.valid_to)
    return {code: sorted(found) for code, found in spans.items()}


def item_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names by code: of the newest version of each."""
    statement = select(Item).where(col(Item.code).in_(sorted(set(codes))))
    return {row.code: row.name for row in session.exec(statement.order_by(col(Item.version)))}


def item_codes_named(session: Session, name: str) -> list[str]:
    """The code of the item in force or drafted that has exactly this name; none where several have."""
    statement = select(Item.code).where(Item.name == name, Item.status != ItemStatus.ABOLISHED).distinct()
    found = session.exec(statement.order_by(col(Item.code))).all()
    return list(found) if len(found) == 1 else []


def items_in_sight(
    session: Session,
    *,
    body: Body,
    status: ItemStatus | None = None,
    category: str = "",
    key: bool | None = None,
    words: str = "",
) -> list[Item]:
    """
    One version of each item of the bodies above and below this one, and of nobody's, by code bytes.

    Args:
        session: Where to read.
        body: Whose sight.
        status: The newest version in this state; without one, the one in force or suspended, else the newest.
        category: Exactly.
        key: Key items, general items, or both.
        words: Part of the name, sub-item or code.
    """
    statement = select(Item).where(_in_sight(session, body))
    if status is not None:
        statement = statement.where(Item.status == status)
    if category:
        statement = statement.where(Item.category == category)
    if key is not None:
        statement = statement.where(col(Item.key).is_(key))
    if words:
        columns = (col(Item.name), col(Item.sub_item), col(Item.code))
        statement = statement.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    live = case((col(Item.status).in_((ItemStatus.IN_FORCE, ItemStatus.SUSPENDED)), 1), else_=0)
    chosen = {row.code: row for row in session.exec(statement.order_by(live, col(Item.version)))}
    return sorted(chosen.values(), key=lambda row: row.code.encode())


def item_categories(session: Session, *, body: Body) -> list[str]:
    """The categories of the items in sight, ascending."""
    statement = select(Item.category).where(_in_sight(session, body), Item.category != "").distinct()
    return list(session.exec(statement.order_by(col(Item.category))))


def items_to_structure(session: Session, *, body_ids: Sequence[int | None]) -> list[Item]:
    """Items of these bodies (None: nobody's) whose ratio or frequency no person has read as data yet."""
    owner = [col(Item.body_id).in_([number for number in body_ids if number is not None])]
    if None in body_ids:
        owner.append(col(Item.body_id).is_(None))
    statement = select(Item).where(
        or_(*owner),
        Item.status != ItemStatus.ABOLISHED,
        col(Item.structured_at).is_(None),
        or_(col(Item.ratio) != "", col(Item.frequency) != ""),
    )
    found = session.exec(statement.order_by(col(Item.code))).all()
    return sorted(found, key=lambda row: (row.code.encode(), row.version))


def newest_item_list(session: Session, *, body_id: int) -> ItemList | None:
    """The list of items that a body published last."""
    statement = select(ItemList).where(ItemList.body_id == body_id)
    return session.exec(statement.order_by(col(ItemList.number).desc()).limit(1)).first()


def newest_item_lists(session: Session) -> list[ItemList]:
    """The list that each body published last, by body."""
    newest = select(func.max(ItemList.id)).group_by(col(ItemList.body_id))
    statement = select(ItemList).where(col(ItemList.id).in_(newest))
    return list(session.exec(statement.order_by(col(ItemList.body_id))))


def item_lists(session: Session, *, body_id: int) -> list[ItemList]:
    """All lists that a body published, newest first."""
    statement = select(ItemList).where(ItemList.body_id == body_id)
    return list(session.exec(statement.order_by(col(ItemList.number).desc())))


def item_list_by_id(session: Session, list_id: int) -> ItemList:
    """One published list, or RecordNotFoundError."""
    found = session.get(ItemList, list_id)
    if found is None:
        raise RecordNotFoundError(value=list_id)
    return found


def _in_sight(session: Session, body: Body) -> ColumnElement[bool]:
    return or_(col(Item.body_id).is_(None), col(Item.body_id).in_(bodies_in_line(session, body)))
