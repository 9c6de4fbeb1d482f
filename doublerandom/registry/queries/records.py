"""What was imported, and who did the first act on a thing."""

from sqlmodel import Session, col, select

from doublerandom.ledger import queries as ledger_queries
from doublerandom.registry.models import (
    ImportBatch,
)


def import_batches(session: Session, *, limit: int = 50) -> list[ImportBatch]:
    """What was imported, newest first."""
    return list(session.exec(select(ImportBatch).order_by(col(ImportBatch.id).desc()).limit(limit)))


def who_added(session: Session, kind: str, number: str) -> str:
    """Who did the first act on record on this thing; the empty text if there is none."""
    acts = ledger_queries.acts_on(session, kind, number)
    return acts[0].by if acts else ""
