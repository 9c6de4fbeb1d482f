"""The audit trail: one act for each thing changed, in the transaction that changes it, chained by hash."""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextvars import ContextVar, Token
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import inspect
from sqlmodel import Session, SQLModel

from doublerandom.dr1.canon import BARRED, HEX64, KEY, ZEROS, H, canon, check_token, format_time
from doublerandom.ledger import queries
from doublerandom.ledger.errors import TrailBrokenError
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.models import Act

_SECRET_WORDS = re.compile(
    r"(^|_)(pin|password|passphrase|secrets?|salt|seed|private|totp|wrapped|(pool|task|vault|log)_keys?)(_|$)",
)
_ON_ID_LONGEST = 128
_in_place_of: ContextVar[str] = ContextVar("in_place_of", default="")


def act_in_place_of(person: str) -> Token[str]:
    """Say that what follows is done in another's place (a stand-in): acts name that person as `for`."""
    return _in_place_of.set(person)


def act_for_oneself_again(token: Token[str]) -> None:
    """End what `act_in_place_of` began."""
    _in_place_of.reset(token)


@dataclass(frozen=True)
class Fact:
    """
    Base of acts: what a command did to one thing, in a frozen dataclass named after it.

    A subclass sets `on_kind` and has `on_id` (a field, a property or a method): the kind and the public
    number of the thing. Its fields are the facts put on record: never a secret, and a field named like one is
    refused when the class is made.
    """

    on_kind: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name in cls.__annotations__:
            if _SECRET_WORDS.search(name):
                raise TypeError(f"{cls.__name__}.{name}: secrets are not put on record")


def put_on_record(
    session: Session,
    act: Fact,
    *,
    by: str,
    at: datetime,
    before: Any = None,
    after: Any = None,
) -> Act:
    """
    Chain `act` to the audit trail, in the caller's transaction.

    Args:
        session: Inside `transaction()`; what is pending is flushed first, so that new rows have numbers.
        act: What was done; the row takes the name of its class.
        by: Person token, or `system`.
        at: When, an aware time; whole seconds are kept.
        before: The thing before (a `fingerprint` taken before the change, or the thing itself), None if new.
        after: The thing after, None if there is none.

    Raises:
        ProtocolError: `by` is no token, or a fact cannot be written canonically.
        RuntimeError: Called outside a command.
    """
    check_token(by, "by")
    lock_evidence(session)
    session.flush()
    last = queries.last_act(session)
    row = Act(
        id=last.id + 1 if last else 1,
        at=at.replace(microsecond=0),
        by=by,
        name=type(act).__name__,
        on_kind=act.on_kind,
        on_id=_on_id(act),
        facts=_text(_facts(act)),
        before_hash=fingerprint(before),
        after_hash=fingerprint(after),
        previous_hash=last.hash if last else ZEROS,
        hash="",
    )
    row.hash = act_hash(row)
    session.add(row)
    session.flush()
    return row


def _facts(act: Fact) -> dict[str, Any]:
    """The act's fields, and `for`: in whose place it was done, where it was."""
    told = {field.name: getattr(act, field.name) for field in fields(act)}
    return {**told, "for": principal} if (principal := _in_place_of.get()) else told


def act_hash(row: Act) -> str:
    """H of "dr-act|" and the canon of all columns but the hash itself; facts count as their stored text."""
    columns = row.model_dump(exclude={"hash", "at"})
    return H("dr-act|" + canon({**columns, "at": format_time(row.at)}).decode())


def fingerprint(thing: Any) -> str:
    """H of the thing's canonical text; "" for None; 64 hex digits are taken for a fingerprint made before."""
    if thing is None:
        return ""
    if isinstance(thing, str) and HEX64.fullmatch(thing):
        return thing
    return H(_text(thing))


def verify_trail(session: Session) -> None:
    """
    Go through the whole trail as a stream: numbers without gap, each act chained to the one before.

    Raises:
        TrailBrokenError: `act` is the first number that is wrong; `what` is `number`, `chain` or `hash`.
    """
    previous = ZEROS
    for number, row in enumerate(queries.acts(session), start=1):
        if row.id != number:
            raise TrailBrokenError(act=number, what="number")
        if row.previous_hash != previous:
            raise TrailBrokenError(act=number, what="chain")
        if act_hash(row) != row.hash:
            raise TrailBrokenError(act=number, what="hash")
        previous = row.hash


def facts_of(row: Act) -> dict[str, Any]:
    """The facts of an act as they were put on record (texts escaped as `plain` says)."""
    facts: dict[str, Any] = json.loads(row.facts)
    return facts


def plain(value: Any) -> Any:
    r"""
    The value in the few kinds that canon knows.

    Members that are None are left out, None in a list is an empty list; times are UTC texts; sets are sorted;
    objects whose keys canon does not take become lists of pairs. In texts a backslash is doubled and a barred
    character (a line break, say) stands as `\uXXXX`, so that different texts stay different. Fractions become
    their shortest decimal text, bytes hex.
    """
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return BARRED.sub(lambda found: f"\\u{ord(found[0]):04x}", value.replace("\\", "\\\\"))
    if isinstance(value, bool | int):
        return value
    if isinstance(value, date | float | Decimal | UUID | PurePath | bytes):
        return _scalar_text(value)
    return _plain_many(_opened(value))


def _scalar_text(value: date | float | Decimal | UUID | PurePath | bytes) -> str:
    if isinstance(value, datetime):
        return format_time(value)
    return value.hex() if isinstance(value, bytes) else str(value)


def _opened(value: Any) -> Any:
    """A row, a pydantic model or a dataclass as its members; anything else as it is."""
    if isinstance(value, SQLModel) and (state := inspect(value, raiseerr=False)) is not None:
        return {column.key: getattr(value, column.key) for column in state.mapper.column_attrs}
    if isinstance(value, BaseModel):
        return value.model_dump()
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value


def _plain_many(value: Any) -> Any:
    if isinstance(value, Mapping):
        known = {key: plain(item) for key, item in value.items() if item is not None}
        if all(isinstance(key, str) and KEY.fullmatch(key) for key in known):
            return known
        return sorted(([plain(key), item] for key, item in known.items()), key=lambda pair: str(pair[0]))
    if isinstance(value, AbstractSet):
        return sorted((plain(item) for item in value), key=canon)
    if isinstance(value, list | tuple):
        return [[] if item is None else plain(item) for item in value]
    raise TypeError(f"a {type(value).__name__} cannot be put on record")


def _text(value: Any) -> str:
    return canon(plain(value)).decode()


def _on_id(act: Fact) -> str:
    found = getattr(act, "on_id", "")
    text = str(found() if callable(found) else found)
    if not act.on_kind or not text or len(text) > _ON_ID_LONGEST:
        raise TypeError(f"{type(act).__name__} does not say what it was done to")
    return text
