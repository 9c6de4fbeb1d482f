"""Messages to people: sent in the transaction of what happened, each once; read by their person."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from doublerandom.accounts import queries
from doublerandom.accounts.message_words import sentence
from doublerandom.accounts.models import Message
from doublerandom.db import transaction


def send(
    session: Session,
    *,
    to: Collection[str],
    kind: str,
    params: Mapping[str, Any],
    url: str = "",
    at: datetime,
    key: str,
) -> list[str]:
    """
    Leave a message for people; who has none of that key yet gets it.

    Nothing is put on record for it: a message repeats what an act says, and holds no more than that. A drawn
    subject or a secret never stands in one.

    Args:
        session: Joins the command under way: no event, no message.
        to: Person tokens; those without an open account are left out.
        kind: One of `message_words.WORDS`.
        params: The facts of its sentence: texts and whole numbers; moments as ISO texts.
        url: Path of the page that it leads to.
        at: When it happened.
        key: What it is about, so that the same event told twice is one message.

    Returns:
        The people who have it: those told now and those told before, in order.

    Raises:
        KeyError: The kind is not worded, or a fact of its sentence is missing.
    """
    sentence(kind, params, "zh")
    people = list(queries.open_accounts(session, to))
    new = sorted(set(people) - queries.people_told(session, key))
    if new:
        rows = [
            {"person": person, "kind": kind, "params": dict(params), "url": url, "key": key, "at": at}
            for person in new
        ]
        with transaction(session):
            _insert_new(session, rows)
    return people


def _insert_new(session: Session, rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Message).on_conflict_do_nothing(index_elements=["person", "key"])
    session.execute(statement, rows)


def read_message(session: Session, person: str, message_id: int, *, at: datetime) -> Message:
    """
    Note that a person has read a message; read before, it stays as it is.

    Raises:
        UnknownMessageError: That person has no such message.
    """
    with transaction(session):
        found = queries.message_of(session, person, message_id)
        found.read_at = found.read_at or at
        session.add(found)
    return found


def read_all_messages(session: Session, person: str, *, up_to: int, at: datetime) -> int:
    """Note that a person has read every message up to the one of that number; how many were new."""
    mine = (
        col(Message.person) == person,
        col(Message.id) <= up_to,
        col(Message.read_at).is_(None),
    )
    with transaction(session):
        done = session.execute(update(Message).where(*mine).values(read_at=at))
    return int(getattr(done, "rowcount", 0))
