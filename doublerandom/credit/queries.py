"""All reading of credit records; who may see what is part of each query."""

from sqlmodel import Session, col, select

from doublerandom.credit.errors import CreditRecordNotFoundError
from doublerandom.credit.models import CreditRecord, CreditStatus

__all__ = [
    "CreditRecord",
    "CreditStatus",
    "inspection_id_of",
    "record",
    "record_for_update",
    "records_in_sight",
]


def record(session: Session, record_id: int, *, body_ids: list[int] | None = None) -> CreditRecord:
    """One record in sight (None: everywhere), or CreditRecordNotFoundError."""
    found = session.get(CreditRecord, record_id)
    if found is None or (body_ids is not None and found.body_id not in body_ids):
        raise CreditRecordNotFoundError(id=record_id)
    return found


def record_for_update(session: Session, record_id: int, *, body_ids: list[int] | None = None) -> CreditRecord:
    """One record in sight, read anew and held until the command ends; or CreditRecordNotFoundError."""
    record(session, record_id, body_ids=body_ids)
    statement = select(CreditRecord).where(CreditRecord.id == record_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one()


def inspection_id_of(record: CreditRecord) -> int:
    """The inspection whose result proposed a record (`source` is `inspection:<id>:<kind>:<rule>`)."""
    return int(record.source.split(":")[1])


def records_in_sight(
    session: Session,
    *,
    body_ids: list[int],
    status: CreditStatus | None = None,
    before: int | None = None,
    limit: int = 200,
) -> list[CreditRecord]:
    """Records of the bodies in sight, in one state or in all, the newest first; those below id `before`."""
    query = select(CreditRecord).where(col(CreditRecord.body_id).in_(body_ids))
    if status is not None:
        query = query.where(CreditRecord.status == status)
    if before is not None:
        query = query.where(col(CreditRecord.id) < before)
    return list(session.exec(query.order_by(col(CreditRecord.id).desc()).limit(limit)))
