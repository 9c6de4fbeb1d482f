"""Conflicts of interest."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class ConflictStatus(StrEnum):
    """Where a conflict of interest stands."""

    DECLARED = "declared"
    UPHELD = "upheld"
    REFUSED = "refused"


class Conflict(SQLModel, table=True):
    """回避: who must not inspect whom. A declared conflict keeps the pair apart until it is refused."""

    __tablename__ = "registry_conflict"

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="registry_inspector.id", index=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    ground: str = Field(max_length=64, description="token: relative, former-employee, financial-interest, …")
    hard: bool = True
    source: str = Field(max_length=16, description="declared, hr, subject or rule")
    statement: str = Field(default="", sa_type=Text)
    valid_from: date
    valid_to: date | None = None
    status: ConflictStatus = Field(default=ConflictStatus.DECLARED, sa_type=choice(ConflictStatus))
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=64)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
