"""Annual plans and their lines."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class AnnualPlanStatus(StrEnum):
    """States of an annual plan."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    AMENDED = "amended"
    CLOSED = "closed"


class AnnualPlan(SQLModel, table=True):
    """年度抽查工作计划."""

    __tablename__ = "registry_annual_plan"
    __table_args__ = (UniqueConstraint("body_id", "year", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    year: int
    version: int = 1
    title: str = Field(max_length=255)
    status: AnnualPlanStatus = Field(default=AnnualPlanStatus.DRAFT, sa_type=choice(AnnualPlanStatus))
    filing: str = Field(default="", max_length=64, description="filing number")
    digest: str = Field(default="", max_length=64)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(
        default="", sa_type=Text, sa_column_kwargs={"server_default": ""}, description="why it amends"
    )
    approval: str = Field(
        default="", max_length=64, sa_column_kwargs={"server_default": ""}, description="approval number"
    )
    submitted_by: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    returned: str = Field(
        default="",
        sa_type=Text,
        sa_column_kwargs={"server_default": ""},
        description="why the head sent it back; empty once it is submitted again",
    )
    filed_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="when the filing number came, after publication"
    )
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = Field(
        default="", sa_type=Text, sa_column_kwargs={"server_default": ""}, description="how the year went"
    )


class PlanLine(SQLModel, table=True):
    """A line of the annual plan; `number` is the `annual_item` a draw names."""

    __tablename__ = "registry_plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="registry_annual_plan.id", index=True)
    number: str = Field(max_length=64, description="token, e.g. 2026-007")
    name: str = Field(max_length=255)
    directed: bool = False
    items: list[str] = Field(default_factory=list, sa_type=JSON, description="item codes")
    filter: str = Field(default="", sa_type=Text, description="scope as expression text")
    domain: str = Field(
        default="",
        max_length=64,
        description="domain of the rule set it is drawn by; empty: the body's line of work",
    )
    ratio: str = Field(default="", max_length=255, description="as published")
    estimated: int = 0
    first_month: int = 1
    last_month: int = 12
    lead: str = Field(default="", max_length=64, description="token of the lead body")
    partners: list[str] = Field(
        default_factory=list, sa_type=JSON, description="lines of work that co-operate"
    )
    scope: str = Field(
        default="", max_length=512, sa_column_kwargs={"server_default": ""}, description="whom, as published"
    )
    base: int | None = Field(default=None, description="how many subjects the scope counts, as published")
    quota: dict[str, Any] | None = Field(
        default=None, sa_type=JSON, description="ratio rule or fixed number: a quota as in rule sets"
    )
    class_ratios: dict[str, Any] | None = Field(
        default=None, sa_type=JSON, description="ratio by credit-risk class, as texts: class to ratio"
    )
    methods: str = Field(default="", max_length=255, sa_column_kwargs={"server_default": ""})
    frequency: str = Field(
        default="", max_length=255, sa_column_kwargs={"server_default": ""}, description="as published"
    )
    cap: int | None = Field(default=None, description="most visits of this line to one subject in the year")
    start: date | None = Field(default=None, description="first day, where it is named")
    complete_by: date | None = Field(default=None, description="last day, where it is named")
    period: str = Field(
        default="", max_length=255, sa_column_kwargs={"server_default": ""}, description="as published"
    )
    lead_text: str = Field(
        default="",
        max_length=255,
        sa_column_kwargs={"server_default": ""},
        description="lead department as published, where it is no body of this platform",
    )
    partner_text: str = Field(
        default="",
        max_length=512,
        sa_column_kwargs={"server_default": ""},
        description="co-operating departments as published",
    )
    level: str = Field(default="", max_length=128, sa_column_kwargs={"server_default": ""})
    note: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    computed: dict[str, Any] | None = Field(
        default=None, sa_type=JSON, description="what pool and rules gave when it was last computed"
    )
    dropped: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": "0"},
        description="taken out of its draft; it stays readable",
    )
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
    approval: str = Field(
        default="",
        max_length=64,
        sa_column_kwargs={"server_default": ""},
        description="approval number of a temporary or special task; empty for what the year planned",
    )
    unannounced: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": "0"},
        description="the visits are not announced: teams learn whom they visit shortly before",
    )
