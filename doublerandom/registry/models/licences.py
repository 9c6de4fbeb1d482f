"""What a subject is licensed for, and the lists it stands on."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class Licence(SQLModel, table=True):
    """A licence of a subject; a change is a new version, the newest speaks."""

    __tablename__ = "registry_licence"
    __table_args__ = (UniqueConstraint("subject_id", "number", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    number: str = Field(max_length=64, index=True)
    version: int = 1
    name: str = Field(max_length=128, description="what is licensed, e.g. 食品经营许可")
    authority: str = Field(default="", max_length=128, description="who granted it")
    granted: date | None = None
    valid_until: date | None = Field(default=None, description="last day; none: without end")
    status: str = Field(default="valid", max_length=16, description="valid, suspended, revoked or cancelled")
    source: str = Field(max_length=128, description="hand-over, file or document it was learnt from")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class SubjectListing(SQLModel, table=True):
    """A list that a subject stands on: abnormal list, serious list, no-disturbance list; dated."""

    __tablename__ = "registry_subject_listing"

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    kind: str = Field(max_length=32, index=True, description="abnormal_list, serious_list, no_disturbance, …")
    authority: str = Field(default="", max_length=128, description="who decided")
    valid_from: date
    valid_to: date | None = None
    reason: str = Field(default="", max_length=255)
    source: str = Field(max_length=128, description="document or file")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=64)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_reason: str = Field(default="", max_length=255)
