"""The working rules, as versioned data."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class RuleSetStatus(StrEnum):
    """States of a rule set; whether an approved one is in force is a matter of the day."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class RuleSet(SQLModel, table=True):
    """抽查工作细则 as data: `rules` is the canonical object whose hash a draw commits to."""

    __tablename__ = "registry_rule_set"
    __table_args__ = (UniqueConstraint("body_id", "domain", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    domain: str = Field(max_length=64, description="line of work the rules are for")
    version: int = 1
    valid_from: date
    valid_to: date | None = None
    status: RuleSetStatus = Field(
        default=RuleSetStatus.SUBMITTED,
        sa_type=choice(RuleSetStatus),
        sa_column_kwargs={"server_default": "submitted"},
    )
    rules: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=64, description="H of the canonical rules")
    remark: str = Field(
        default="",
        max_length=500,
        description="why this version; of what was returned or withdrawn, why",
        sa_column_kwargs={"server_default": ""},
    )
    approved_by: str = Field(default="", max_length=64)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
