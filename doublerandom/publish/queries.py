"""All reading of what was published; everything here is public."""

import json
from collections.abc import Collection
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


def disclosure_of_inspection(session: Session, inspection_id: int) -> Disclosure | None:
    """The first publication of an inspection's result, if there is one."""
    statement = select(Disclosure).where(
        Disclosure.inspection_id == inspection_id, col(Disclosure.corrects_id).is_(None)
    )
    return session.exec(statement).one_or_none()


def record_of(disclosure: Disclosure) -> dict[str, Any]:
    """The published record as an object."""
    found: dict[str, Any] = json.loads(disclosure.record)
    return found


def disclosures(
    session: Session, *, search: str = "", before: int | None = None, limit: int = 50
) -> list[Disclosure]:
    """
    Published results, the newest first.

    Args:
        session: The database.
        search: Subject code (whole) or part of a name, in any case; empty: all.
        before: Continue below this id.
        limit: Most rows.
    """
    query = select(Disclosure)
    if search:
        named = col(Disclosure.name).icontains(search, autoescape=True)
        query = query.where(or_(col(Disclosure.subject) == search.upper(), named))
    if before is not None:
        query = query.where(col(Disclosure.id) < before)
    return list(session.exec(query.order_by(col(Disclosure.id).desc()).limit(limit)))


def disclosures_of_tasks(session: Session, draw: str, subjects: Collection[str]) -> dict[str, Disclosure]:
    """The published results of some of a draw's subjects, by subject; the latest correction counts."""
    statement = select(Disclosure).where(
        Disclosure.draw == draw, col(Disclosure.subject).in_(sorted(subjects))
    )
    return {row.subject: row for row in session.exec(statement.order_by(col(Disclosure.id)))}


def categories_found(session: Session, subject: str, *, body: str) -> list[set[str]]:
    """
    The categories found at a subject's published visits by a body, newest publication first.

    Of a result that was corrected only the latest correction counts.
    """
    statement = select(Disclosure).where(Disclosure.subject == subject)
    rows = session.exec(statement.order_by(col(Disclosure.id).desc())).all()
    corrected = {row.corrects_id for row in rows}
    records = [record_of(row) for row in rows if row.id not in corrected]
    return [
        {category["code"] for item in record["items"] for category in item["categories"]}
        for record in records
        if record["body"] == body
    ]


def count(session: Session) -> int:
    """How many results are public."""
    return session.exec(select(func.count()).select_from(Disclosure)).one()
