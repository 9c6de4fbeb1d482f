"""The public log as its readers look through it: by kind, issuer, draw and day, page by page."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from doublerandom.ledger.models import LogEntry, LogMark


def log_page(
    session: Session,
    *,
    kind: str = "",
    issuer: str = "",
    draw: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int,
) -> Sequence[LogEntry]:
    """
    Entries, the newest first.

    Args:
        session: Where to read.
        kind: Type of the entries; empty: all.
        issuer: Token of a body: what names its draws, and its signing keys.
        draw: A draw number.
        since: From this time on.
        until: Before this time.
        before: Only entries with a smaller index.
        limit: Most rows.
    """
    statement = select(LogEntry)
    if kind:
        statement = statement.where(LogEntry.type == kind)
    if issuer:
        plans = select(LogMark.index).where(col(LogMark.mark).startswith(f"draw|{issuer}|", autoescape=True))
        numbers = select(LogEntry.draw).where(col(LogEntry.index).in_(plans))
        key = and_(
            col(LogEntry.type) == "key", col(LogEntry.entry).contains(f'"body":"{issuer}"', autoescape=True)
        )
        statement = statement.where(or_(col(LogEntry.draw).in_(numbers), key))
    if draw:
        statement = statement.where(LogEntry.draw == draw)
    if since is not None:
        statement = statement.where(col(LogEntry.at) >= since)
    if until is not None:
        statement = statement.where(col(LogEntry.at) < until)
    if before is not None:
        statement = statement.where(col(LogEntry.index) < before)
    return session.exec(statement.order_by(col(LogEntry.index).desc()).limit(limit)).all()


def index_of_plan(session: Session, plan_hash: str) -> int | None:
    """Where the plan of this hash stands in the log, None where it does not."""
    mark = session.get(LogMark, f"plan|{plan_hash}")
    return mark.index if mark else None
