"""Standing teams, and what each draw dealt to whom."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class Team(SQLModel, table=True):
    """检查组 that stands: it can be dealt as one and then takes one seat."""

    __tablename__ = "registry_team"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=31, unique=True, description="issued, the pool id; never a certificate's")
    name: str = Field(max_length=64)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    department: str = Field(max_length=64, description="line of work (token), that of all its members")
    valid_from: date
    valid_to: date | None = None
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class TeamMember(SQLModel, table=True):
    """Who belongs to a standing team from when to when; both days count."""

    __tablename__ = "registry_team_member"

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="registry_team.id", index=True)
    inspector_id: int = Field(foreign_key="registry_inspector.id", index=True)
    role: str = Field(max_length=16, description="lead, member, or expert who goes along and never counts")
    valid_from: date
    valid_to: date | None = None
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class DealtTasks(SQLModel, table=True):
    """How many tasks a draw dealt to an inspector: pushed down by draws, for the load in a period."""

    __tablename__ = "registry_dealt_tasks"
    __table_args__ = (UniqueConstraint("draw", "certificate"),)

    id: int | None = Field(default=None, primary_key=True)
    draw: str = Field(max_length=64, description="number of the draw")
    certificate: str = Field(max_length=31, index=True)
    tasks: int
    dealt_on: date
    void_on: date | None = Field(default=None, description="the draw was voided, they count no more")
