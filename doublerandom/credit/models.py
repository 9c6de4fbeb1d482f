"""Credit records: proposed by published results, confirmed by an officer, effective as dated measures."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class CreditStatus(StrEnum):
    """States of a credit record."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    REJECTED = "rejected"
    REPAIRED = "repaired"
    EXPIRED = "expired"


class CreditRecord(SQLModel, table=True):
    """信用记录: reward or penalty with its source, level, display period and measure."""

    __tablename__ = "credit_record"

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=31, index=True, description="subject code")
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    kind: str = Field(max_length=16, description="reward or penalty")
    level: str = Field(max_length=16, description="minor, ordinary or serious; for rewards: ordinary")
    source: str = Field(max_length=128, unique=True, description="inspection:<id>:<kind>")
    basis: str = Field(default="", sa_type=Text, description="rule-set version and rule that proposed it")
    measure: dict[str, Any] = Field(
        sa_type=JSON, description="{effect, days}: what it would change in the next draws"
    )
    status: CreditStatus = Field(default=CreditStatus.PROPOSED, sa_type=choice(CreditStatus))
    effective: date
    display_min: date | None = None
    display_max: date | None = None
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=64)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opinion: str = Field(default="", sa_type=Text)
