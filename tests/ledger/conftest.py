"""What tests of evidence share: entries to append, and a hand that gets past the triggers."""

import hashlib
from collections.abc import Callable
from datetime import datetime

import pytest
from conftest import NOON
from sqlalchemy import Engine, text
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger import log


@pytest.fixture
def append(session: Session, settings: Settings) -> Callable[..., int]:
    """Append one entry in a command of its own; `append(type, member=value, …)` gives its index."""

    def append(kind: str = "note", *, at: datetime = NOON, **members) -> int:
        entry = {"type": kind, **(members or {"text": "a note"})}
        with transaction(session):
            return log.append(session, entry, settings=settings, at=at)

    return append


@pytest.fixture
def plan_hash(append: Callable[..., int]) -> str:
    """The hash of a plan that stands in the log as draw 2026-001."""
    hexadecimal = hashlib.sha256(b"a plan").hexdigest()
    append("plan", draw="2026-001", issuer="scjg-hz", seq=1, plan_hash=hexadecimal)
    return hexadecimal


@pytest.fixture
def tamper(engine: Engine, session: Session) -> Callable[[str, str], None]:
    """Change evidence as somebody could who owns the database and drops its triggers."""

    def tamper(table: str, statement: str) -> None:
        session.rollback()
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
                connection.execute(text("SET session_replication_role = replica"))
            else:
                connection.execute(text(f"DROP TRIGGER {table}_no_update"))
                connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
            connection.execute(text(statement))
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = DEFAULT"))
        session.expire_all()

    return tamper
