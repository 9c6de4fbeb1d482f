"""Replacements after the draw, when a visit is to be, and who looked at what is not yet public."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice

WAITS = "state IN ('requested', 'approved')"
STANDS = "state IN ('requested', 'approved', 'done', 'refused')"


class ReplacementKind(StrEnum):
    """What is replaced, as the log says it."""

    SUBJECT = "subject"
    INSPECTOR = "inspector"
    DIRECT = "direct"


class ReplacementState(StrEnum):
    """Where a request stands; a direct assignment is approved by the head before it is confirmed."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Replacement(SQLModel, table=True):
    """
    A request to replace a subject or an inspector of a task, and once it is done the task as it is since.

    The dealt task and its seats stay as they are: what stands now is the last replacement of the task.
    """

    __tablename__ = "draws_replacement"
    __table_args__ = (
        UniqueConstraint("draw_id", "n"),
        Index(
            "uq_draws_replacement_waiting",
            "task_id",
            "seat",
            unique=True,
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
        Index(
            "uq_draws_replacement_conflict",
            "conflict_id",
            "draw_id",
            "task_id",
            unique=True,
            sqlite_where=text(STANDS),
            postgresql_where=text(STANDS),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id", index=True)
    task_id: int = Field(foreign_key="draws_task.id", index=True)
    kind: ReplacementKind = Field(sa_type=choice(ReplacementKind))
    seat: int = Field(default=-1, description="number of the seat; -1 where the subject is replaced")
    reason: str = Field(max_length=64, description="token of the closed list of its kind")
    statement: str = Field(default="", sa_type=Text)
    evidence_file: str = Field(default="", max_length=64, description="SHA-256 in the file store")
    conflict_id: int | None = Field(
        default=None, description="the registry's conflict that it carries out, if any"
    )
    direct: str = Field(default="", max_length=31, description="who is to be assigned directly")
    state: ReplacementState = Field(
        default=ReplacementState.REQUESTED, sa_type=choice(ReplacementState), index=True
    )
    requested_by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    after_n: int = Field(default=0, description="number of the task's last replacement when it was asked for")
    approved_by: str = Field(default="", max_length=64, description="the head, of a direct assignment")
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=64, description="who confirmed, refused or withdrew it")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision_reason: str = Field(default="", sa_type=Text)
    key: str = Field(default="", max_length=64, description="public key of who confirmed")
    signature: str = Field(default="", max_length=128)
    n: int | None = Field(default=None, description="its number in the draw, from 1; None until it is done")
    old: str = Field(default="", max_length=31, description="who was replaced; empty for an empty seat")
    new: str = Field(default="", max_length=31, description="who came; empty where nobody was left")
    conflicts: list[str] = Field(
        default_factory=list, sa_type=JSON, description="pairs known since that made a difference"
    )
    subject: str = Field(default="", max_length=31, index=True, description="subject of the new task")
    subject_name: str = Field(default="", max_length=255)
    region: str = Field(default="", max_length=12)
    stratum: str = Field(default="", max_length=64)
    ticket: str = Field(default="", max_length=64)
    old_commitment: str = Field(default="", max_length=64, description="of the task that it is about")
    commitment: str = Field(default="", max_length=64)


class NewSeat(SQLModel, table=True):
    """A place in the team that a replacement left; an empty place has no inspector."""

    __tablename__ = "draws_new_seat"
    __table_args__ = (UniqueConstraint("replacement_id", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    replacement_id: int = Field(foreign_key="draws_replacement.id", index=True)
    n: int
    seat: str = Field(max_length=64)
    inspector: str = Field(default="", max_length=31, index=True)


class VisitTime(SQLModel, table=True):
    """When the lead means to visit; the last row of a task counts, the earlier ones stay."""

    __tablename__ = "draws_visit_time"

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="draws_task.id", index=True)
    visit_at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    missed_by: str = Field(default="", max_length=64, description="the lead, saying that no visit took place")
    missed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Look(SQLModel, table=True):
    """That somebody looked at a list or a task before the reveal: once for person, thing and day."""

    __tablename__ = "draws_look"
    __table_args__ = (UniqueConstraint("person", "thing", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(max_length=64)
    thing: str = Field(
        max_length=80, description="`list:` and the draw's number, `task:` and the place's row"
    )
    day: date
