"""The pool of subjects, what bodies say of them, and dated measures."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class SubjectKind(StrEnum):
    """What kind of thing is inspected."""

    ENTERPRISE = "enterprise"
    SELF_EMPLOYED = "self_employed"
    COOPERATIVE = "cooperative"
    INSTITUTION = "institution"
    PRODUCT = "product"
    PROJECT = "project"
    SITE = "site"
    ACTIVITY = "activity"


class RegistrationStatus(StrEnum):
    """登记状态."""

    ACTIVE = "active"
    DEREGISTERED = "deregistered"
    REVOKED = "revoked"
    MOVED_OUT = "moved_out"
    WITHDRAWN = "withdrawn"  # entered by mistake and taken back; in no pool


class Subject(SQLModel, table=True):
    """检查对象: one row for the whole platform. Legal representative and contacts are not kept here."""

    __tablename__ = "registry_subject"
    # a named index, so that a first import may build it after the rows
    __table_args__ = (
        Index("uq_registry_subject_code", "code", unique=True),
        Index(
            "ix_registry_subject_operated",
            "operator_id",
            sqlite_where=text("operator_id IS NOT NULL"),
            postgresql_where=text("operator_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=31, description="统一社会信用代码 or issued code, upper case")
    kind: str = Field(default="enterprise", max_length=16)
    name: str = Field(max_length=255)
    region: str = Field(default="", max_length=12, description="GB/T 2260")
    address: str = Field(default="", max_length=512)
    industry: str = Field(default="", max_length=8, description="GB/T 4754 code")
    authority: str = Field(default="", max_length=128, description="registration authority")
    status: str = Field(default="active", max_length=16, description="see RegistrationStatus")
    established: date | None = None
    category: str = Field(default="", max_length=64, description="enterprise type, as the source says")
    capital: str = Field(default="", max_length=64, description="registered capital, as the source says")
    business: str = Field(default="", sa_type=Text, description="business scope, as the source says")
    credit_class: str = Field(
        default="", max_length=1, description="imported credit-risk class A–D, never overwritten by us"
    )
    credit_class_on: date | None = Field(default=None, description="date of the imported class")
    operator_id: int | None = Field(
        default=None,
        foreign_key="registry_subject.id",
        description="the enterprise answerable for a product, project, site or activity",
    )
    managing_office: str = Field(
        default="",
        max_length=128,
        sa_column_kwargs={"server_default": ""},
        description="office that manages it day by day (监管所)",
    )
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")


class SubjectStanding(SQLModel, table=True):
    """What one body says of a subject, dated; one bureau's word changes nothing for another's."""

    __tablename__ = "registry_subject_standing"
    __table_args__ = (
        Index("ix_registry_subject_standing_of", "body_id", "kind", "subject_id"),
        Index("ix_registry_subject_standing_value", "kind", "value", "body_id", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    body_id: int = Field(foreign_key="accounts_body.id")
    kind: str = Field(max_length=16, description="grade, supervisor, tag, special, excluded or member")
    value: str = Field(
        max_length=64,
        description="grade, person token, tag, special pool, reason code; of a member: in or why it left",
    )
    valid_from: date
    valid_to: date | None = None
    reason: str = Field(default="", max_length=255)
    by: str = Field(max_length=64)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="when it was said")
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
    ended_by: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_reason: str = Field(default="", max_length=255, sa_column_kwargs={"server_default": ""})


class Measure(SQLModel, table=True):
    """A dated credit measure, pushed down from credit; the stratum rule reads it beside the class."""

    __tablename__ = "registry_measure"
    __table_args__ = (UniqueConstraint("source"),)

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    body_id: int = Field(foreign_key="accounts_body.id", description="executing body")
    effect: str = Field(max_length=16, description="raise, lower (one class up or down) or exempt")
    valid_from: date
    valid_to: date
    source: str = Field(max_length=64, description="credit record it comes from: credit:<id>")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
