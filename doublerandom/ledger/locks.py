"""The one lock under which evidence grows, so that numbers have no gap and chains do not fork."""

from sqlalchemy import text
from sqlmodel import Session

_EVIDENCE = 0x6472_6C65_6467_6572  # "drledger": any fixed number will do


def lock_evidence(session: Session) -> None:
    """
    Hold trail and log until the command ends; must run inside `transaction()`.

    One lock for both, or two commands that need them in different order would wait for each other for ever.
    On SQLite the command's own write lock (BEGIN IMMEDIATE) is it; on PostgreSQL an advisory lock, after
    which a new statement sees what the holder before committed.
    """
    if not session.info.get("in_command"):
        raise RuntimeError("evidence is written inside transaction() only")
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _EVIDENCE})
