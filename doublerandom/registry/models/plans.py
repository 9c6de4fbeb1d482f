"""Annual plans and their lines."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class AnnualPlanStatus(StrEnum):
    """States of an annual plan."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"


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
