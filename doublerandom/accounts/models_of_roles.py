"""Tables of roles over time: who asked for a role and who confirmed it, and who stands in for whom."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class RoleGrant(SQLModel, table=True):
    """A role asked for a person; granted or refused by a second person where the role needs one; its end."""

    __tablename__ = "accounts_role_grant"
    __table_args__ = (CheckConstraint("decided_by <> requested_by OR alone", name="two_persons"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="accounts_user.id", index=True)
    role: str = Field(max_length=32)
    reason: str = Field(default="", max_length=500)
    alone: bool = Field(default=False, description="a role for which one administrator is enough")
    requested_by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=64)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    granted: bool = Field(default=False)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=64)
    end_reason: str = Field(default="", max_length=500)


class StandIn(SQLModel, table=True):
    """A/B 角: B holds these roles of A from one day to another, both included."""

    __tablename__ = "accounts_stand_in"
    __table_args__ = (
        CheckConstraint("principal_id <> user_id", name="another"),
        CheckConstraint("first_day <= last_day", name="days"),
    )

    id: int | None = Field(default=None, primary_key=True)
    principal_id: int = Field(foreign_key="accounts_user.id", index=True, description="A, stood in for")
    principal: str = Field(max_length=64, description="A's person token")
    user_id: int = Field(foreign_key="accounts_user.id", index=True, description="B, who stands in")
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    first_day: date
    last_day: date
    reason: str = Field(default="", max_length=500)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=64)

    def holds_on(self, day: date) -> bool:
        """Whether B stands in on that day."""
        return self.ended_at is None and self.first_day <= day <= self.last_day
