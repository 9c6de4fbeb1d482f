"""The list of items as a body publishes it: its text kept, its digest in the public log."""

from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, canon
from doublerandom.ledger import log
from doublerandom.ledger.trail import plain, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import ItemListPublished
from doublerandom.registry.errors import ItemListUnchangedError
from doublerandom.registry.models import Item, ItemList

_NEVER: Final = {"id", "body_id", "status", "supersedes_id", "batch_id", "structured_by", "structured_at"}
_WHERE_SAID: Final = ("sub_items", "points", "quota", "times", "valid_to")


def publish_item_list(session: Session, *, body: Body, settings: Settings, by: str, at: datetime) -> ItemList:
    """
    Publish the items of a body that are in force today: the list's digest enters the public log.

    An act of its own, not a side effect of each change: a registrar changes several items, then publishes the
    list once; the desk says so while list and publication differ.

    Raises:
        ItemListUnchangedError: The list is the one published last.
    """
    assert body.id is not None
    with transaction(session):
        day = local(at).date()
        last = queries.newest_item_list(session, body_id=body.id)
        if last is not None and not list_changed(session, body=body, on=day):
            raise ItemListUnchangedError(number=last.number)
        number = last.number + 1 if last else 1
        found = list_object(session, body=body, on=day)
        text = canon({**found, "number": number, "day": day.isoformat()}).decode()
        row = ItemList(
            body_id=body.id,
            number=number,
            day=day,
            items=len(found["items"]),
            text=text,
            digest=H(text),
            by=by,
            at=at,
        )
        session.add(row)
        session.flush()
        act = ItemListPublished(on_id=str(row.id), number=number, items=row.items, digest=row.digest)
        put_on_record(session, act, by=by, at=at, after=row)
        entry = {
            "type": "list",
            "what": "item_list",
            "name": f"{body.token[:48]}:{number}",
            "digest": row.digest,
        }
        log.append(session, entry, settings=settings, at=at)
    return row


def list_changed(session: Session, *, body: Body, on: date) -> bool:
    """Whether the items of a body in force on that day differ from its last published list, or nothing."""
    assert body.id is not None
    found = list_object(session, body=body, on=on)
    last = queries.newest_item_list(session, body_id=body.id)
    if last is None:
        return bool(found["items"])
    return canon({**found, "number": last.number, "day": last.day.isoformat()}).decode() != last.text


def list_object(session: Session, *, body: Body, on: date) -> dict[str, Any]:
    """The list as the object that is published, without its number and day: items ascending by code bytes."""
    own = [row for row in queries.items_in_force(session, on=on) if row.body_id == body.id]
    return {"body": body.token, "items": [item_object(row) for row in own]}


def item_object(item: Item) -> dict[str, Any]:
    """A version as it stands in the published list; members that say nothing are left out."""
    said = item.model_dump(exclude=_NEVER)
    for name in _WHERE_SAID:
        if not said[name]:
            del said[name]
    found: dict[str, Any] = plain(said)
    return found
