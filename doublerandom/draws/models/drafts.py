"""Drafts: what a planner has chosen so far for a draw that is not prepared yet."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class DraftState(StrEnum):
    """Where a preparation is: being filled in, worked on in the background, become a draw, given up."""

    OPEN = "open"
    WORKING = "working"
    PREPARED = "prepared"
    LEFT = "left"


class Draft(SQLModel, table=True):
    """准备: one preparation under way, from a plan line; nothing of it binds anybody."""

    __tablename__ = "draws_draft"

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    plan_line_id: int = Field(foreign_key="registry_plan_line.id", index=True)
    rehearsal: bool = False
    by: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    state: DraftState = Field(default=DraftState.OPEN, sa_type=choice(DraftState), index=True)
    wish: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=JSON,
        description="what was chosen; what is not there is by line and rules",
    )
    confirmed: list[str] = Field(default_factory=list, sa_type=JSON, description="steps that were confirmed")
    told: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="what the work in the background said of it"
    )
    progress: int = Field(default=0, description="of the work in the background, in percent")
    draw_number: str = Field(default="", max_length=64, description="the draw that it became")
