"""Answers to tasks: the inspection and what was found per item; the table of result categories."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class ResultCategory(SQLModel, table=True):
    """检查结果类别: a dated table, not a constant."""

    __tablename__ = "inspect_result_category"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=8)
    zh: str = Field(max_length=128)
    en: str = Field(max_length=128)
    exclusive: bool = False
    follow_up: bool = False
    proposes: bool = Field(default=False, description="proposes a check for the abnormal list")
    ends_eligibility: bool = False
    valid_from: date
    valid_to: date | None = None


class InspectionStatus(StrEnum):
    """States of an inspection, as far as the desk goes."""

    RECORDED = "recorded"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    PUBLISHED = "published"


class Inspection(SQLModel, table=True):
    """What a team recorded of one task."""

    __tablename__ = "inspect_inspection"

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="draws_task.id", unique=True)
    status: InspectionStatus = Field(default=InspectionStatus.RECORDED, sa_type=choice(InspectionStatus))
    visited_on: date
    method: str = Field(max_length=32, description="on_site, written, network, testing, …")
    summary: str = Field(default="", sa_type=Text)
    entered_by: str = Field(max_length=64)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reviewed_by: str = Field(default="", max_length=64)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opinion: str = Field(default="", sa_type=Text)
    round: int = Field(default=1, description="how often the result was recorded; the latest round counts")


class ItemResult(SQLModel, table=True):
    """The result for one item of an inspection: one or more categories."""

    __tablename__ = "inspect_item_result"
    __table_args__ = (UniqueConstraint("inspection_id", "round", "item"),)

    id: int | None = Field(default=None, primary_key=True)
    inspection_id: int = Field(foreign_key="inspect_inspection.id", index=True)
    round: int = 1
    item: str = Field(max_length=64, description="item code")
    categories: list[str] = Field(sa_type=JSON, description="codes of result categories")
    measure: str = Field(default="none", max_length=32, description="follow-up measure")
    due: date | None = Field(default=None, description="where corrections are ordered by a date")
    finding: str = Field(default="", sa_type=Text)
