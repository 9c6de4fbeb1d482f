"""Items of the random inspection list: drafted, put in force through the gate, suspended, abolished."""

from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import ItemAdded, ItemEnded, ItemPutInForce
from doublerandom.registry.errors import InvalidRecordError, ItemNotReadyError, WrongItemStateError
from doublerandom.registry.models import Item, ItemStatus
from doublerandom.registry.texts import check_text

GATE: Final = ("basis", "level", "methods", "requirement")
_LENGTHS: Final = {
    "category": 64,
    "name": 255,
    "sub_item": 255,
    "level": 128,
    "scope": 512,
    "methods": 255,
    "requirement": 255,
    "unit": 128,
}


def add_item(session: Session, code: str, *, name: str, by: str, at: datetime, **fields: Any) -> Item:
    """
    Add a draft of an item, or of the next version of one that is there.

    Args:
        session: The session of the command.
        code: Token; the same code makes the next version.
        name: What is inspected.
        by: Person token.
        at: Now.
        fields: Further columns of `Item`: category, sub_item, basis, level, scope, methods, key, ratio,
            frequency, requirement, unit, body_id, joint, skills, valid_from, valid_to.

    Raises:
        InvalidRecordError: A field is too long, holds barred characters, or there is no such field.
    """
    _check(code, {"name": name, **fields})
    with transaction(session):
        versions = queries.item_versions(session, code)
        version = versions[0].version + 1 if versions else 1
        supersedes = versions[0].id if versions else None
        item = Item(code=code, version=version, name=name, supersedes_id=supersedes, **fields)
        session.add(item)
        put_on_record(session, ItemAdded(on_id=code, version=version, name=name), by=by, at=at, after=item)
    return item


def put_item_in_force(
    session: Session, item_id: int, *, by: str, at: datetime, valid_from: date | None = None
) -> Item:
    """
    Put a version of an item in force; the version in force before it is abolished in the same act.

    Raises:
        ItemNotReadyError: It lacks basis, executing level, methods or inspector requirement.
        WrongItemStateError: It is in force or abolished.
    """
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        if item.status not in {ItemStatus.DRAFT, ItemStatus.SUSPENDED}:
            raise WrongItemStateError(item=item.code, status=item.status.value)
        if missing := [name for name in GATE if not getattr(item, name).strip()]:
            raise ItemNotReadyError(item=item.code, missing=", ".join(missing))
        for other in queries.item_versions(session, item.code):
            if other.status is ItemStatus.IN_FORCE:
                _end(session, other, ItemStatus.ABOLISHED, by=by, at=at)
        before = fingerprint(item)
        start = valid_from or item.valid_from or at.date()
        item.sqlmodel_update({"status": ItemStatus.IN_FORCE, "valid_from": start})
        act = ItemPutInForce(on_id=item.code, version=item.version, valid_from=start)
        put_on_record(session, act, by=by, at=at, before=before, after=item)
    return item


def suspend_item(session: Session, item_id: int, *, by: str, at: datetime) -> Item:
    """Suspend an item in force; no new draw can name it."""
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        if item.status is not ItemStatus.IN_FORCE:
            raise WrongItemStateError(item=item.code, status=item.status.value)
        _end(session, item, ItemStatus.SUSPENDED, by=by, at=at)
    return item


def abolish_item(session: Session, item_id: int, *, by: str, at: datetime) -> Item:
    """Abolish an item for good; it stays readable."""
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        if item.status is ItemStatus.ABOLISHED:
            raise WrongItemStateError(item=item.code, status=item.status.value)
        _end(session, item, ItemStatus.ABOLISHED, by=by, at=at)
    return item


def _end(session: Session, item: Item, status: ItemStatus, *, by: str, at: datetime) -> None:
    before = fingerprint(item)
    item.status = status
    session.flush()
    act = ItemEnded(on_id=item.code, version=item.version, status=status.value)
    put_on_record(session, act, by=by, at=at, before=before, after=item)


def _check(code: str, fields: dict[str, Any]) -> None:
    if not is_token(code):
        raise InvalidRecordError(field="code", value=code, reason="expected a token")
    known = set(Item.model_fields) - {"id", "code", "version", "status", "supersedes_id"}
    for name, value in fields.items():
        if name not in known:
            raise InvalidRecordError(field=name, value=str(value), reason="there is no such field")
        if isinstance(value, str):
            check_text(name, value, longest=_LENGTHS.get(name, 20_000), needed=name == "name")
    for skill in fields.get("skills", ()):
        if not is_token(skill):
            raise InvalidRecordError(field="skills", value=skill, reason="expected a token")
