"""The database: engine, UTC times, enumerations, and the one re-entrant transaction of every command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from doublerandom.folding import teach_sqlite

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
).naming_convention


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored as UTC; SQLite forgets zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class's signature
        """Refuse times without a zone and store the rest as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class's signature
        """Give the time back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[StrEnum]) -> Enum:
    """A column type for an enumeration: VARCHAR with a CHECK on both databases."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


HABITS: Final = {"hide_parameters": True}
"""Options of every engine: what a refused statement was given may name who was drawn, so no error says it."""


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with this house's habits (see `configure_engine`)."""
    engine = create_engine(url, **{**HABITS, **options})
    configure_engine(engine)
    return engine


def configure_engine(engine: Engine) -> None:
    """Give a SQLite engine WAL, foreign keys, a patient lock, `folded`, and BEGIN under our own control."""
    if engine.dialect.name != "sqlite":
        return
    teach_sqlite(engine)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """
    Run a command: the outermost opens and commits, an inner one joins it, any error undoes all of it.

    What was read before is read anew inside, so that a command decides on what is true while it holds the
    database (SQLite: the write lock; PostgreSQL: its row and advisory locks). Nothing may have been added to
    the session outside a transaction.
    """
    if session.info.get("in_command"):
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside a command")
    if session.in_transaction():
        session.rollback()
    session.connection(execution_options={"writes": True})
    session.info["in_command"] = True
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_command"] = False
