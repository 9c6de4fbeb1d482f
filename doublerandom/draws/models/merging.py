"""Offers to make one joint draw (综合查一次) out of two preparations whose scopes overlap."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class MergeOffer(SQLModel, table=True):
    """合并为一次联合抽查: one department offers to take another's preparation into its own."""

    __tablename__ = "draws_merge_offer"
    __table_args__ = (
        CheckConstraint("draft_id != other_id", name="two_drafts"),
        Index(
            "uq_draws_merge_offer_open",
            "draft_id",
            "other_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draws_draft.id", index=True, description="the draft that would be one")
    other_id: int = Field(foreign_key="draws_draft.id", index=True, description="the draft that would join")
    common: int = Field(description="subjects in both scopes when it was offered")
    state: OfferState = Field(default=OfferState.OPEN, sa_type=choice(OfferState))
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=64)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=Text)
