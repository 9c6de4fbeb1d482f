"""The pool of inspectors: certificates and qualifications with validity, and when they are away."""

from datetime import date, datetime

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from doublerandom.db import UtcDateTime

_NONE = {"server_default": "[]"}


class Inspector(SQLModel, table=True):
    """执法检查人员; an identity number is not kept."""

    __tablename__ = "registry_inspector"

    id: int | None = Field(default=None, primary_key=True)
    certificate: str = Field(max_length=31, unique=True, description="certificate number, the pool id")
    name: str = Field(max_length=64)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    department: str = Field(max_length=64, description="line of work (token)")
    regions: list[str] = Field(
        default_factory=list, sa_type=JSON, description="region codes; empty: anywhere"
    )
    skills: list[str] = Field(
        default_factory=list, sa_type=JSON, description="skill tokens without a date; see Qualification"
    )
    position: str = Field(default="", max_length=64)
    certificate_until: date | None = Field(
        default=None, description="last day of the certificate that is the pool id; None: without end"
    )
    expert: bool = False
    active: bool = True
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
    items: list[str] = Field(
        default_factory=list,
        sa_type=JSON,
        sa_column_kwargs=_NONE,
        description="item range: codes or categories; empty: all",
    )
    expert_types: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs=_NONE, description="what an expert is asked for"
    )

    certificates: list["Certificate"] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Certificate.id"}
    )


class Certificate(SQLModel, table=True):
    """执法证件 of an inspector; a renewal is another row. Its dated statuses stand beside it."""

    __tablename__ = "registry_certificate"

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int | None = Field(
        default=None, foreign_key="registry_inspector.id", index=True, nullable=False
    )
    number: str = Field(max_length=31, index=True)
    kind: str = Field(default="enforcement", max_length=32, description="token, see names.CERTIFICATE_NAMES")
    authority: str = Field(default="", max_length=128, description="who issued it")
    valid_from: date | None = Field(default=None, description="None: it was valid when it was entered")
    valid_to: date | None = Field(default=None, index=True, description="last day; None: without end")
    by: str = Field(default="", max_length=64)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CertificateStatus(SQLModel, table=True):
    """From that day on a certificate is suspended, revoked, or valid again; the latest row counts."""

    __tablename__ = "registry_certificate_status"

    id: int | None = Field(default=None, primary_key=True)
    certificate_id: int = Field(foreign_key="registry_certificate.id", index=True)
    status: str = Field(max_length=16, description="suspended, revoked or restored")
    valid_from: date
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class Qualification(SQLModel, table=True):
    """专业资格: a skill with its dates and evidence; where a skill has rows, they alone say when it holds."""

    __tablename__ = "registry_qualification"
    __table_args__ = (UniqueConstraint("supersedes_id"),)

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="registry_inspector.id", index=True)
    skill: str = Field(max_length=64)
    valid_from: date
    valid_to: date | None = None
    evidence: str = Field(default="", max_length=255, description="certificate, course, document")
    supersedes_id: int | None = Field(default=None, foreign_key="registry_qualification.id")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class Absence(SQLModel, table=True):
    """Leave, training or other duty of an inspector, both days counted; a later row replaces an earlier."""

    __tablename__ = "registry_absence"
    __table_args__ = (UniqueConstraint("supersedes_id"),)

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="registry_inspector.id", index=True)
    kind: str = Field(max_length=16, description="leave, training or duty")
    first_day: date
    last_day: date
    note: str = Field(default="", max_length=255, sa_column_kwargs={"server_default": ""})
    supersedes_id: int | None = Field(
        default=None, foreign_key="registry_absence.id", description="the row that this one corrects"
    )
    withdrawn: bool = Field(
        default=False, sa_column_kwargs={"server_default": "0"}, description="it takes the row back"
    )
    announced: bool = Field(
        default=False, sa_column_kwargs={"server_default": "0"}, description="by the inspector"
    )
    by: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
