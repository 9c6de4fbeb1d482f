"""Imports: what file came in, what becomes of it, and what its sender's columns mean."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice

_EMPTY = {"server_default": ""}
_ZERO = {"server_default": "0"}


class ImportBatch(SQLModel, table=True):
    """One import, or the undoing of one: what file came in, what became of its rows."""

    __tablename__ = "registry_import_batch"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16, description="subjects, inspectors, items, conflicts, …; or undo")
    filename: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    noted: int = 0
    changed: int = Field(default=0, sa_column_kwargs=_ZERO, description="known rows whose fields changed")
    joined: int = Field(default=0, sa_column_kwargs=_ZERO, description="subjects that joined the body's pool")
    body_id: int | None = Field(
        default=None, foreign_key="accounts_body.id", index=True, description="for which body it came in"
    )
    sender: str = Field(default="", max_length=128, sa_column_kwargs=_EMPTY)
    mends_id: int | None = Field(
        default=None,
        foreign_key="registry_import_batch.id",
        description="the batch whose refused rows these are",
    )
    undoes_id: int | None = Field(
        default=None, unique=True, foreign_key="registry_import_batch.id", description="the batch taken back"
    )
    reason: str = Field(
        default="", max_length=255, sa_column_kwargs=_EMPTY, description="why it was taken back"
    )


class ImportState(StrEnum):
    """Where an import in the desk stands."""

    UPLOADED = "uploaded"
    EXAMINING = "examining"
    EXAMINED = "examined"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    DISCARDED = "discarded"


class ImportJob(SQLModel, table=True):
    """A file that somebody brings in at the desk: looked at, then applied as one batch, or discarded."""

    __tablename__ = "registry_import_job"
    __table_args__ = (Index("ix_registry_import_job_body", "body_id", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16)
    filename: str = Field(max_length=255)
    sha256: str = Field(max_length=64, description="of the file in the store")
    size: int = Field(description="bytes")
    body_id: int = Field(foreign_key="accounts_body.id")
    sender: str = Field(max_length=128, description="body or office whose columns these are")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    state: ImportState = Field(default=ImportState.UPLOADED, sa_type=choice(ImportState))
    header: list[str] = Field(default_factory=list, sa_type=JSON)
    samples: list[list[str]] = Field(default_factory=list, sa_type=JSON, description="its first rows")
    about: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="sheet, rows left out")
    places: dict[str, int] = Field(default_factory=dict, sa_type=JSON, description="field to column, from 0")
    updates: bool = Field(default=False, description="its sender is the registration source")
    prefix: str = Field(default="", max_length=16, description="what codes of items begin with")
    day: date | None = Field(default=None, description="the day of classes whose file names none")
    mends_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
    total: int = Field(default=0, description="rows read when it was looked at")
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON, description="by group")
    files: dict[str, str] = Field(
        default_factory=dict,
        sa_type=JSON,
        description="SHA-256 of the findings by group, and of refused rows",
    )
    error: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="code and params")
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id", index=True)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = Field(max_length=64, description="who brought it to its state")


class ImportMapping(SQLModel, table=True):
    """What a person said the columns of a sender's files mean; the newest row for a header counts."""

    __tablename__ = "registry_import_mapping"
    __table_args__ = (Index("ix_registry_import_mapping_of", "body_id", "kind", "sender", "signature"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id")
    sender: str = Field(max_length=128)
    kind: str = Field(max_length=16)
    signature: str = Field(max_length=64, description="SHA-256 of the header")
    places: dict[str, int] = Field(sa_type=JSON, description="field to column, from 0")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
