"""All reading of what was published; everything here is public."""

import json
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from doublerandom.publish.errors import DisclosureNotFoundError
from doublerandom.publish.models import Disclosure


def disclosure(session: Session, disclosure_id: int) -> Disclosure:
    """One published result, or DisclosureNotFoundError."""
    found = session.get(Disclosure, disclosure_id)
    if found is None:
        raise DisclosureNotFoundError(id=disclosure_id)
    return found


def record_of(disclosure: Disclosure) -> dict[str, Any]:
    """The published record as an object."""
    found: dict[str, Any] = json.loads(disclosure.record)
    return found


def disclosures(
    session: Session, *, search: str = "", draw: str = "", before: int | None = None, limit: int = 50,
) -> list[Disclosure]:
    """
    Published results, the newest first.

    Args:
        session: The database.
        search: Subject code (whole) or part of a name; empty: all.
        draw: Of this draw only.
        before: Continue below this id.
        limit: Most rows.
    """
    query = select(Disclosure)
    if search:
        pattern = search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        query = query.where(or_(Disclosure.subject == search.upper(), col(Disclosure.record).like(f'%"name":"%{pattern}%"%', escape="\\")))
    if draw:
        query = query.where(Disclosure.draw == draw)
    if before is not None:
        query = query.where(col(Disclosure.id) < before)
    return list(session.exec(query.order_by(col(Disclosure.id).desc()).limit(limit)))


def disclosures_of_draw(session: Session, draw: str) -> dict[str, Disclosure]:
    """The published results of one draw, by subject; the latest correction counts."""
    rows = session.exec(select(Disclosure).where(Disclosure.draw == draw).order_by(col(Disclosure.id)))
    return {row.subject: row for row in rows}


def count(session: Session) -> int:
    """How many results are public."""
    return session.exec(select(func.count()).select_from(Disclosure)).one()
