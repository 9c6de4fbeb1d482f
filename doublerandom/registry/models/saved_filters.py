"""Filters that people keep, and bulk acts on what a filter finds."""

from datetime import datetime

from sqlalchemy import JSON, Text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class SavedFilter(SQLModel, table=True):
    """A filter with a name: one person's own, or shared within the body; ended, never deleted."""

    __tablename__ = "registry_saved_filter"

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    name: str = Field(max_length=64)
    words: str = Field(default="", max_length=255, description="what stands in the search box")
    expression: str = Field(default="", sa_type=Text, description="canonical text of the filter")
    shared: bool = Field(default=False, description="whether all of the body see it")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=64)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BulkAct(SQLModel, table=True):
    """One thing said of all subjects that a filter found: as previewed, by whom, how far it has come."""

    __tablename__ = "registry_bulk_act"

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    action: str = Field(max_length=16, description="see registry.bulk.ACTIONS")
    value: str = Field(default="", max_length=64)
    reason: str = Field(max_length=255)
    words: str = Field(default="", max_length=255)
    expression: str = Field(default="", sa_type=Text)
    digest: str = Field(max_length=64, description="SHA-256 over the ids, ascending, one a line")
    subject_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    total: int
    done: int = 0
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped: str = Field(default="", max_length=255, description="code of the error that stopped it")
