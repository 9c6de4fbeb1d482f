"""The working rules, as versioned data."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


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
    rules: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=64, description="H of the canonical rules")
    approved_by: str = Field(default="", max_length=64)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
