"""A first large import into SQLite without the write-ahead log, which would write every page twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection, OperationalError

from sqlalchemy import Engine
from sqlmodel import Session

PATIENCE_MS = 30_000


@contextmanager
def plain_journal(session: Session, *, wanted: bool) -> Iterator[None]:
    """
    Keep a rollback journal for what follows, if nobody else has the database open; then the write-ahead log.

    As safe as before: after a crash whoever opens the database next undoes all of it by that journal. In
    PostgreSQL, in a command that runs already, and while others have the database open, nothing is changed.
    """
    engine = session.get_bind()
    if not wanted or session.info.get("in_command") or engine.dialect.name != "sqlite":
        yield
        return
    assert isinstance(engine, Engine)
    session.rollback()
    _switch(engine, "DELETE")
    try:
        yield
    finally:
        session.rollback()
        _switch(engine, "WAL")


def _switch(engine: Engine, mode: str) -> None:
    """Ask for a journal mode; where others use the database it stays as it is."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, Connection)
        raw.execute("PRAGMA busy_timeout=0")
        try:
            raw.execute(f"PRAGMA journal_mode={mode}")
        except OperationalError:
            pass
        finally:
            raw.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
