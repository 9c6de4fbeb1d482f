"""Items of the random inspection list: drafted, put in force through the gate, suspended, abolished."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.dr1.canon import is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries, structuring
from doublerandom.registry.acts import (
    ItemAdded,
    ItemEdited,
    ItemEnded,
    ItemPutInForce,
    ItemStructured,
)
from doublerandom.registry.errors import (
    AlreadyThereError,
    InvalidRecordError,
    ItemDraftThereError,
    ItemNotReadyError,
    ReasonMissingError,
    StateDayError,
    WrongItemStateError,
)
from doublerandom.registry.models import Item, ItemState, ItemStatus
from doublerandom.registry.texts import check_text

GATE: Final = ("basis", "level", "methods", "requirement")
COPIED: Final = (
    "category", "name", "sub_item", "sub_items", "basis", "level", "scope", "points", "methods", "key",
    "ratio", "frequency", "requirement", "unit", "body_id", "joint", "skills", "quota", "times",
    "structured_by", "structured_at",
)  # fmt: skip
_STRUCTURE: Final = {"quota", "times", "structured_by", "structured_at"}
_UNWRITTEN: Final = {"id", "code", "version", "status", "supersedes_id", "batch_id"} | _STRUCTURE
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
_POINT_LONGEST: Final = 500


def add_item(session: Session, code: str, *, name: str, by: str, at: datetime, **fields: Any) -> Item:
    """
    Add a draft of an item, or of the next version of one that is there.

    Args:
        session: The session of the command.
        code: Token; the same code makes the next version.
        name: What is inspected.
        by: Person token.
        at: Now.
        fields: Further columns of `Item`: category, sub_item, sub_items, basis, level, scope, points,
            methods, key, ratio, frequency, requirement, unit, body_id, joint, skills, valid_from, valid_to.

    Raises:
        InvalidRecordError: A field is too long, holds barred characters, or there is no such field.
        AlreadyThereError: The code is that of another body's item.
        ItemDraftThereError: The next version is being drafted.
    """
    _check(code, {"name": name, **fields})
    with transaction(session):
        return _add(session, code, {"name": name, **fields}, by=by, at=at)


def add_item_version(session: Session, item_id: int, *, by: str, at: datetime) -> Item:
    """Draft the next version of an item with all that this version says; or ItemDraftThereError."""
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        fields = {name: getattr(item, name) for name in COPIED}
        return _add(session, item.code, fields, by=by, at=at)


def _add(session: Session, code: str, fields: dict[str, Any], *, by: str, at: datetime) -> Item:
    newest = next(iter(queries.item_versions(session, code)), None)
    if newest and newest.body_id != fields.get("body_id"):
        raise AlreadyThereError(value=code)
    if newest and newest.status is ItemStatus.DRAFT:
        raise ItemDraftThereError(item=code, version=newest.version)
    version = newest.version + 1 if newest else 1
    item = Item(code=code, version=version, supersedes_id=newest.id if newest else None, **fields)
    session.add(item)
    put_on_record(session, ItemAdded(on_id=code, version=version, name=item.name), by=by, at=at, after=item)
    return item


def edit_item(session: Session, item_id: int, *, by: str, at: datetime, **fields: Any) -> Item:
    """
    Change a draft; what was read in its ratio or frequency falls away when those texts change.

    Raises:
        WrongItemStateError: It is no draft: a version once in force is changed by the next version.
        InvalidRecordError: As `add_item`.
    """
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        if item.status is not ItemStatus.DRAFT:
            raise WrongItemStateError(item=item.code, status=item.status.value)
        _check(item.code, {"name": item.name, **fields})
        changes = {name: value for name, value in fields.items() if value != getattr(item, name)}
        if not changes:
            return item
        said = {name: [getattr(item, name), value] for name, value in changes.items()}
        if changes.keys() & {"ratio", "frequency"}:
            changes |= {"quota": None, "times": None, "structured_by": "", "structured_at": None}
        before = fingerprint(item)
        item.sqlmodel_update(changes)
        act = ItemEdited(on_id=item.code, version=item.version, changes=said)
        put_on_record(session, act, by=by, at=at, before=before, after=item)
    return item


def missing_of(item: Item) -> list[str]:
    """The fields that an item lacks to come into force: names of columns, in the order of the gate."""
    return [name for name in GATE if not getattr(item, name).strip()]


def put_item_in_force(
    session: Session,
    item_id: int,
    *,
    by: str,
    at: datetime,
    valid_from: date | None = None,
    reason: str = "",
) -> Item:
    """
    Put a version of an item in force from a day on (or a suspended one again); the one before it ends then.

    Args:
        session: The session of the command.
        item_id: The version.
        by: Person token.
        at: Now.
        valid_from: The first day; without one the day that the draft names, else today.
        reason: Why a suspended item is resumed.

    Raises:
        ItemNotReadyError: It lacks basis, executing level, methods or inspector requirement.
        WrongItemStateError: It is in force or abolished.
        AlreadyThereError: The version that would end is another body's.
        StateDayError: The day lies before the first day of what stands, or before the last published list.
    """
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        if item.status not in {ItemStatus.DRAFT, ItemStatus.SUSPENDED}:
            raise WrongItemStateError(item=item.code, status=item.status.value)
        if missing := missing_of(item):
            raise ItemNotReadyError(item=item.code, missing=", ".join(missing))
        resumed = item.status is ItemStatus.SUSPENDED
        start = valid_from or (None if resumed else item.valid_from) or local(at).date()
        for other in queries.item_versions(session, item.code):
            if other.id != item.id and other.status in {ItemStatus.IN_FORCE, ItemStatus.SUSPENDED}:
                if other.body_id != item.body_id:
                    raise AlreadyThereError(value=item.code)
                _end(session, other, ItemStatus.ABOLISHED, start, by=by, at=at, successor=item.version)
        before = fingerprint(item)
        _state(session, item, ItemStatus.IN_FORCE, start, reason=reason, by=by, at=at)
        if not resumed:
            item.valid_from = start
        act = ItemPutInForce(on_id=item.code, version=item.version, valid_from=start, reason=reason)
        put_on_record(session, act, by=by, at=at, before=before, after=item)
    return item


def suspend_item(
    session: Session, item_id: int, *, reason: str, by: str, at: datetime, first_day: date | None = None
) -> Item:
    """Suspend an item in force from a day on (today): no draw of those days can name it."""
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        if item.status is not ItemStatus.IN_FORCE:
            raise WrongItemStateError(item=item.code, status=item.status.value)
        day = first_day or local(at).date()
        _end(session, item, ItemStatus.SUSPENDED, day, reason=_reason(reason), by=by, at=at)
    return item


def abolish_item(
    session: Session, item_id: int, *, reason: str, by: str, at: datetime, first_day: date | None = None
) -> Item:
    """Abolish an item for good from a day on (today), a draft too; it stays readable."""
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        if item.status is ItemStatus.ABOLISHED:
            raise WrongItemStateError(item=item.code, status=item.status.value)
        day = first_day or local(at).date()
        _end(session, item, ItemStatus.ABOLISHED, day, reason=_reason(reason), by=by, at=at)
    return item


def structure_item(
    session: Session,
    item_id: int,
    *,
    quota: dict[str, Any] | None,
    times: dict[str, Any] | None,
    by: str,
    at: datetime,
) -> Item:
    """
    Keep what a person read in an item's ratio and frequency beside the texts; None: the text says no number.

    Raises:
        WrongItemStateError: It is abolished.
        InvalidRecordError: `quota` or `times` is none.
    """
    structuring.check_quota(quota)
    structuring.check_times(times)
    with transaction(session):
        item = queries.item_by_id(session, item_id)
        if item.status is ItemStatus.ABOLISHED:
            raise WrongItemStateError(item=item.code, status=item.status.value)
        before = fingerprint(item)
        item.sqlmodel_update({"quota": quota, "times": times, "structured_by": by, "structured_at": at})
        act = ItemStructured(on_id=item.code, version=item.version, quota=quota, times=times)
        put_on_record(session, act, by=by, at=at, before=before, after=item)
    return item


def _end(
    session: Session,
    item: Item,
    status: ItemStatus,
    first_day: date,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    successor: int | None = None,
) -> None:
    before = fingerprint(item)
    if status is ItemStatus.ABOLISHED and item.status is not ItemStatus.DRAFT:
        item.valid_to = min(item.valid_to or date.max, first_day - timedelta(days=1))
    _state(session, item, status, first_day, reason=reason, by=by, at=at, successor=successor)
    act = ItemEnded(
        on_id=item.code, version=item.version, status=status.value, first_day=first_day, reason=reason
    )
    put_on_record(session, act, by=by, at=at, before=before, after=item)


def _state(
    session: Session,
    item: Item,
    status: ItemStatus,
    first_day: date,
    *,
    reason: str,
    by: str,
    at: datetime,
    successor: int | None = None,
) -> None:
    """Say what a version is from a day on; days never go back, so that what was, or was published, stays."""
    assert item.id is not None
    states = queries.states_of_items(session, [item.id]).get(item.id, [])
    told = queries.newest_item_list(session, body_id=item.body_id) if item.body_id else None
    since = max([state.first_day for state in states[-1:]] + ([told.day] if told else []), default=None)
    if since is not None and first_day < since:
        raise StateDayError(item=item.code, day=first_day.isoformat(), since=since.isoformat())
    item.status = status
    session.add(
        ItemState(
            item_id=item.id,
            status=status,
            first_day=first_day,
            reason=reason,
            successor=successor,
            by=by,
            at=at,
        )
    )
    session.flush()


def _reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissingError
    check_text("reason", reason, longest=2000)
    return reason


def _check(code: str, fields: dict[str, Any]) -> None:
    if not is_token(code):
        raise InvalidRecordError(field="code", value=code, reason="expected a token")
    known = set(Item.model_fields) - _UNWRITTEN
    for name, value in fields.items():
        if name not in known:
            raise InvalidRecordError(field=name, value=str(value), reason="there is no such field")
        if isinstance(value, str):
            check_text(name, value, longest=_LENGTHS.get(name, 20_000), needed=name == "name")
    for skill in fields.get("skills", ()):
        if not is_token(skill):
            raise InvalidRecordError(field="skills", value=skill, reason="expected a token")
    for name in fields.get("sub_items") or ():
        check_text("sub_items", name, longest=_LENGTHS["sub_item"], needed=True)
    for point in fields.get("points") or ():
        if point.keys() != {"name", "key"} or type(point["key"]) is not bool:
            raise InvalidRecordError(field="points", value=str(point), reason="expected name and key")
        check_text("points", point["name"], longest=_POINT_LONGEST, needed=True)
