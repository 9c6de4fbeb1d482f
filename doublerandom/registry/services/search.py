"""Keeping the search index of subjects: what is new by number, what changed by its queue, chunk by chunk."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, text
from sqlalchemy import select as sa_select
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, func, select

from doublerandom.db import transaction
from doublerandom.registry import bigrams
from doublerandom.registry.models import SearchQueue, SearchState, Subject
from doublerandom.registry.queries.search_index import VERSION_BITS, put_statement

CHUNK: Final = 5000


def index_subjects(session: Session, *, most: int | None = None) -> int:
    """
    Bring the search index up to date; each chunk is a transaction of its own, so it can stop at any time.

    The index is made of the subjects, so it leaves no act. On PostgreSQL numbers that are being given out at
    this moment are left for the next time: a row that commits later than one behind it must not be missed.

    Args:
        session: The session of the command.
        most: How many subjects to index at most, rounded up to whole chunks; None: all.

    Returns:
        How many were indexed.
    """
    count = 0
    safe = _settled(session)
    while most is None or count < most:
        with transaction(session):
            some = _index_chunk(session, safe)
        if not some:
            break
        count += some
    if count and session.get_bind().dialect.name == "postgresql":
        with transaction(session):  # rows of the index that wait to be put in order are read one by one
            session.execute(text("SELECT gin_clean_pending_list('ix_registry_search_index_grams')"))
    return count


def _settled(session: Session) -> int:
    """The number up to which every subject is committed; 0 while somebody writes (PostgreSQL)."""
    newest = sa_select(func.coalesce(func.max(Subject.id), 0))
    if session.get_bind().dialect.name == "sqlite":
        return int(session.execute(newest).scalar_one())
    try:
        with transaction(session), session.begin_nested():
            session.execute(text("LOCK TABLE registry_subject IN SHARE MODE NOWAIT"))
            return int(session.execute(newest).scalar_one())
    except OperationalError:
        return 0


def _index_chunk(session: Session, safe: int) -> int:
    """Index the next subjects: changed ones first, then new ones up to `safe`."""
    state = session.exec(select(SearchState).order_by(col(SearchState.id)).with_for_update()).first()
    if state is None:
        state = SearchState(id=1)
        session.add(state)
        session.flush()
    queued = session.exec(select(SearchQueue).order_by(col(SearchQueue.id)).limit(CHUNK)).all()
    versions = {row.subject_id: row.id or 0 for row in queued if row.subject_id <= state.indexed_to}
    rows = _rows(session, col(Subject.id).in_(versions)) if versions else []
    new = col(Subject.id).between(state.indexed_to + 1, safe)
    rows += (fresh := _rows(session, new)[:CHUNK] if len(rows) < CHUNK else [])
    _put(session, rows, versions)
    if fresh:
        state.indexed_to = fresh[-1].id
    if queued:
        session.execute(delete(SearchQueue).where(col(SearchQueue.id).in_([row.id for row in queued])))
    return len(rows) or len(queued)


def _rows(session: Session, which: Any) -> list[bigrams.Indexed]:
    columns = [col(getattr(Subject, field)) for field in bigrams.Indexed._fields]
    statement = sa_select(*columns).where(which).order_by(col(Subject.id)).limit(CHUNK)
    return [bigrams.Indexed._make(row) for row in session.execute(statement)]


def _put(session: Session, rows: Sequence[bigrams.Indexed], versions: dict[int, int]) -> None:
    """Write the rows; on SQLite a changed subject gets one row more, the old one stays a false candidate."""
    if not rows:
        return
    if session.get_bind().dialect.name == "sqlite":
        values: list[dict[str, Any]] = [
            {
                "id": row.id + (versions.get(row.id, 0) << VERSION_BITS),
                "name": bigrams.tokens(row.name),
                "code": bigrams.tokens(row.code),
                "address": bigrams.tokens(row.address),
                "marks": " ".join(map(bigrams.mark_token, bigrams.marks(row))),
            }
            for row in rows
        ]
    else:
        values = [{"id": row.id, "grams": bigrams.array(row)} for row in rows]
    session.execute(put_statement(session), values)
