"""Conflicts of interest, and what makes them: ties of inspectors, identifiers that subjects share."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice

_EMPTY = {"server_default": ""}


class ConflictStatus(StrEnum):
    """Where a conflict of interest stands."""

    DECLARED = "declared"
    UPHELD = "upheld"
    REFUSED = "refused"


class Conflict(SQLModel, table=True):
    """
    回避: who must not inspect whom.

    What the inspector declared or the personnel office told keeps the pair apart until it is refused;
    what the subject applied for does so when it is granted. Ended early, it holds until the day before.
    """

    __tablename__ = "registry_conflict"

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="registry_inspector.id", index=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    ground: str = Field(max_length=64, description="token: relative, former-employee, financial-interest, …")
    hard: bool = True
    source: str = Field(max_length=16, description="declared, hr, subject or rule")
    statement: str = Field(default="", sa_type=Text)
    valid_from: date
    valid_to: date | None = None
    status: ConflictStatus = Field(default=ConflictStatus.DECLARED, sa_type=choice(ConflictStatus))
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=64)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
    applicant: str = Field(
        default="", max_length=64, sa_column_kwargs=_EMPTY, description="who applied for the subject"
    )
    evidence_file: str = Field(default="", max_length=64, sa_column_kwargs=_EMPTY, description="SHA-256")
    decision_reason: str = Field(default="", sa_type=Text, sa_column_kwargs=_EMPTY)
    ended_on: date | None = Field(default=None, description="the first day on which it holds no more")
    ended_by: str = Field(default="", max_length=64, sa_column_kwargs=_EMPTY)
    end_reason: str = Field(default="", sa_type=Text, sa_column_kwargs=_EMPTY)
    withheld_until: datetime | None = Field(
        default=None,
        sa_type=UtcDateTime,
        description="the subject is not to be known before: seen by who declared it and by heads alone",
    )


class Tie(SQLModel, table=True):
    """A fact of which the rules make conflicts: an inspector worked there, owns it, has a relative there."""

    __tablename__ = "registry_tie"

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="registry_inspector.id", index=True)
    subject_id: int | None = Field(
        default=None, foreign_key="registry_subject.id", index=True, description="None: not in the pool"
    )
    code: str = Field(max_length=31, description="of the subject or of a company outside the pool")
    relation: str = Field(max_length=32, description="see grounds.RELATIONS")
    first_day: date | None = Field(default=None, description="None: not known")
    last_day: date | None = Field(default=None, description="None: it goes on")
    statement: str = Field(default="", sa_type=Text)
    source: str = Field(default="hr", max_length=16, description="hr or declared")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
    withdrawn_by: str = Field(default="", max_length=64)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Link(SQLModel, table=True):
    """
    An identifier of a subject, or of an inspector or their relatives; who shares one is related.

    The value is a hash under a key outside the database, so that nobody reads a person or a telephone number
    here; a parent company's code, which is public, stands as it is.
    """

    __tablename__ = "registry_link"
    __table_args__ = (
        UniqueConstraint("owner", "kind", "value"),
        Index("ix_registry_link_of", "kind", "value"),
    )

    id: int | None = Field(default=None, primary_key=True)
    owner: str = Field(max_length=24, description="subject:<row> or inspector:<row>, as the two columns say")
    subject_id: int | None = Field(default=None, foreign_key="registry_subject.id", index=True)
    inspector_id: int | None = Field(default=None, foreign_key="registry_inspector.id", index=True)
    kind: str = Field(max_length=16, description="person, phone, address or parent")
    value: str = Field(max_length=64, description="HMAC-SHA-256 in hex; of a parent its code")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
