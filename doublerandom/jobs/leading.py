"""One process leads: an advisory lock on PostgreSQL, a locked file on SQLite; both end with the process."""

import fcntl
import os
from contextlib import suppress
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from doublerandom.config import Settings

_LEADER = 0x6472_6A6F_6273  # "drjobs": any fixed number will do


class Leadership(Protocol):
    """Whether this process is the one that works."""

    def held(self) -> bool:
        """Take the lead if nobody has it; whether it is ours now. Any thread may ask."""

    def release(self) -> None:
        """Give the lead up."""


class FileLeadership:
    """On SQLite: a locked file beside the database; the lock ends with the process."""

    def __init__(self, settings: Settings) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(settings.data_dir / "jobs.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def held(self) -> bool:
        """Lock the file without waiting; locking what is ours already succeeds."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Close the file; another process may take the lead at once."""
        os.close(self._descriptor)


class AdvisoryLeadership:
    """On PostgreSQL: an advisory lock of one connection; it ends with the connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._asked = Lock()

    def held(self) -> bool:
        """Whether our connection lives and holds the lock; a lost one is made anew."""
        with self._asked:
            return self._still_held() or self._taken()

    def _still_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self._let_go()
            return False
        return True

    def _taken(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            ours = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LEADER})
            if ours.scalar_one():
                self._connection = connection
        finally:
            if self._connection is None:
                connection.close()
        return self._connection is not None

    def release(self) -> None:
        """Give the lock back and close the connection for good; a dead one has lost its lock anyway."""
        with self._asked:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection is None:
            return
        with suppress(SQLAlchemyError):
            self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LEADER})
        self._connection.invalidate()
        self._connection.close()
        self._connection = None


def leadership(engine: Engine, settings: Settings) -> Leadership:
    """The kind of lead that fits the database."""
    return AdvisoryLeadership(engine) if engine.dialect.name == "postgresql" else FileLeadership(settings)
