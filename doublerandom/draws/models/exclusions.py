"""Manual exclusions: subjects that two persons keep out of draws, with a reason and evidence, for a time."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class ExclusionState(StrEnum):
    """What became of a request; only `confirmed` keeps anybody out."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ManualExclusion(SQLModel, table=True):
    """人工排除: a subject kept out of a body's draws by two persons; it stays in the pool, with the code."""

    __tablename__ = "draws_manual_exclusion"
    __table_args__ = (
        CheckConstraint("reference != '' OR evidence_file != ''", name="evidence"),
        CheckConstraint("decided_by = '' OR decided_by != \"by\" OR state = 'withdrawn'", name="two_persons"),
        Index(
            "uq_draws_manual_exclusion_waiting",
            "body_id",
            "line",
            "subject",
            unique=True,
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    line: str = Field(
        default="", max_length=64, description="number of the plan line it is for; empty: every line"
    )
    subject: str = Field(max_length=31, index=True, description="subject code")
    reason: str = Field(max_length=32, description="code of the closed list, see draws/exclusions.py")
    statement: str = Field(default="", sa_type=Text)
    reference: str = Field(default="", max_length=255, description="document that proves it, by its number")
    evidence_file: str = Field(default="", max_length=64, description="SHA-256 in the file store")
    valid_from: date
    valid_to: date = Field(description="last day; nobody is kept out for ever")
    state: ExclusionState = Field(default=ExclusionState.REQUESTED, sa_type=choice(ExclusionState))
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=64)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision: str = Field(default="", sa_type=Text, description="what the second person said")
    lifted_on: date | None = Field(default=None, description="from this day on it holds no more")
    lifted_by: str = Field(default="", max_length=64)
    lift_reason: str = Field(default="", sa_type=Text)
