"""What is watched over draws: whether the worker runs, what it failed at, and alarms with their end."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class AlarmKind(StrEnum):
    """Why somebody has to look."""

    RESULT_LATE = "result_late"
    RESULT_MISSING = "result_missing"
    FAILED = "failed"
    ERROR_REPEATS = "error_repeats"
    WORKER_SILENT = "worker_silent"


class Heartbeat(SQLModel, table=True):
    """When the process that does what is due was last seen; one row, for whoever leads."""

    __tablename__ = "draws_heartbeat"

    name: str = Field(primary_key=True, max_length=16)
    worker: str = Field(max_length=128, description="host and process number")
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class JobError(SQLModel, table=True):
    """A step of a draw that the worker failed at, until a later fact ends it."""

    __tablename__ = "draws_job_error"
    __table_args__ = (
        Index(
            "uq_draws_job_error_open",
            "draw_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id")
    step: str = Field(max_length=16, description="run, shown, revealed")
    code: str = Field(max_length=64, description="of the error")
    times: int = 1
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Alarm(SQLModel, table=True):
    """An alarm on a draw, or on the worker: since when, who was told, and when a later fact ended it."""

    __tablename__ = "draws_alarm"
    __table_args__ = (
        Index(
            "uq_draws_alarm_standing",
            "draw_id",
            "kind",
            unique=True,
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int | None = Field(default=None, foreign_key="draws_draw.id", index=True)
    kind: AlarmKind = Field(sa_type=choice(AlarmKind))
    since: datetime = Field(sa_type=UtcDateTime, description="when what is wrong began")
    raised_at: datetime = Field(sa_type=UtcDateTime)
    told: list[str] = Field(default_factory=list, sa_type=JSON, description="person tokens, in order")
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
