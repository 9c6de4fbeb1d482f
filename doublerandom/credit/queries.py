"""All reading of credit records; the public sees what is active and within its display period."""

from datetime import date

from sqlmodel import Session, col, select

from doublerandom.credit.errors import CreditRecordNotFoundError
from doublerandom.credit.models import CreditRecord, CreditStatus


def record(session: Session, record_id: int, *, body_ids: list[int] | None = None) -> CreditRecord:
    """One record in sight (None: everywhere), or CreditRecordNotFoundError."""
    found = session.get(CreditRecord, record_id)
    if found is None or (body_ids is not None and found.body_id not in body_ids):
        raise CreditRecordNotFoundError(id=record_id)
    return found


def records_in_sight(
    session: Session, *, body_ids: list[int], status: CreditStatus | None = None, limit: int = 200,
) -> list[CreditRecord]:
    """Records of the bodies in sight, the newest first."""
    query = select(CreditRecord).where(col(CreditRecord.body_id).in_(body_ids))
    if status is not None:
        query = query.where(CreditRecord.status == status)
    return list(session.exec(query.order_by(col(CreditRecord.proposed_at).desc(), col(CreditRecord.id).desc()).limit(limit)))


def public_records(session: Session, subject: str, on: date) -> list[CreditRecord]:
    """What is displayed of a subject on a day: active records within their display period, the newest first."""
    return list(session.exec(
        select(CreditRecord)
        .where(
            CreditRecord.subject == subject, CreditRecord.status == CreditStatus.ACTIVE,
            col(CreditRecord.display_max) >= on, CreditRecord.kind == "penalty",
        )
        .order_by(col(CreditRecord.effective).desc(), col(CreditRecord.id).desc()),
    ))
