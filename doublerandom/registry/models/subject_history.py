"""How subjects changed: base fields one by one, codes that we issue, and how classes moved."""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class SubjectChange(SQLModel, table=True):
    """
    One base field of a subject became another: who, when, from, to, by which source.

    Values are texts: days as YYYY-MM-DD, an operator as its code, nothing as the empty text.
    What a field was at the end of a day is `was` of the first change after that day, by number.
    """

    __tablename__ = "registry_subject_change"
    __table_args__ = (Index("ix_registry_subject_change_of", "subject_id", "field", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="registry_subject.id")
    field: str = Field(max_length=32)
    was: str = Field(default="", sa_type=Text)
    now: str = Field(default="", sa_type=Text)
    day: date = Field(index=True, description="the local day of `at`")
    source: str = Field(max_length=255, description="registration source or document")
    reason: str = Field(default="", max_length=255)
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id", index=True)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class IssuedNumber(SQLModel, table=True):
    """The last number issued to a kind of subject in a region and year."""

    __tablename__ = "registry_issued_number"
    __table_args__ = (UniqueConstraint("kind", "region", "year"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16)
    region: str = Field(max_length=12)
    year: int
    last: int = 0


class ClassMove(SQLModel, table=True):
    """How many subjects an import of classes moved from one class to another, or did not name."""

    __tablename__ = "registry_class_move"
    __table_args__ = (UniqueConstraint("batch_id", "was", "now"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="registry_import_batch.id")
    was: str = Field(default="", max_length=16, description="class before; empty: none")
    now: str = Field(default="", max_length=16, description="class after; missing: not in the file")
    number: int
