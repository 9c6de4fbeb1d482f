"""The list, the two pools and the rules: items, subjects, inspectors, conflicts, plans, visits, measures."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class ImportBatch(SQLModel, table=True):
    """One import: what file came in, what became of its rows."""

    __tablename__ = "registry_import_batch"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16, description="subjects, inspectors, items or conflicts")
    filename: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    noted: int = 0


class ItemStatus(StrEnum):
    """States of an item."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ABOLISHED = "abolished"


class Item(SQLModel, table=True):
    """随机抽查事项: what may be inspected at all; a version, of which at most one is in force."""

    __tablename__ = "registry_item"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        Index(
            "uq_registry_item_in_force",
            "code",
            unique=True,
            sqlite_where=text("status = 'in_force'"),
            postgresql_where=text("status = 'in_force'"),
        ),
        CheckConstraint(
            "status != 'in_force' OR (basis != '' AND level != '' AND methods != '' AND requirement != '')",
            name="gate",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=64, index=True, description="token")
    version: int = 1
    category: str = Field(default="", max_length=64)
    name: str = Field(max_length=255)
    sub_item: str = Field(default="", max_length=255)
    basis: str = Field(default="", sa_type=Text, description="legal basis: document, article")
    level: str = Field(default="", max_length=128, description="executing level, as text")
    scope: str = Field(default="", max_length=512, description="whom it concerns, as text")
    methods: str = Field(default="", max_length=255)
    key: bool = Field(
        default=False, description="key item (重点): no ceiling on the ratio; else general (一般)"
    )
    ratio: str = Field(default="", sa_type=Text, description="default ratio, as text")
    frequency: str = Field(default="", sa_type=Text, description="as text")
    requirement: str = Field(default="", max_length=255, description="inspector requirement")
    unit: str = Field(default="", max_length=128, description="responsible unit")
    body_id: int | None = Field(default=None, foreign_key="accounts_body.id", index=True)
    joint: bool = False
    skills: list[str] = Field(
        default_factory=list, sa_type=JSON, description="skill tokens an inspector must have"
    )
    status: ItemStatus = Field(default=ItemStatus.DRAFT, sa_type=choice(ItemStatus))
    valid_from: date | None = None
    valid_to: date | None = None
    supersedes_id: int | None = Field(default=None, foreign_key="registry_item.id")
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")


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


class Subject(SQLModel, table=True):
    """检查对象: one row for the whole platform. Legal representative and contacts are not kept here."""

    __tablename__ = "registry_subject"
    # a named index, so that a first import may build it after the rows
    __table_args__ = (Index("uq_registry_subject_code", "code", unique=True),)

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
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")


class SubjectStanding(SQLModel, table=True):
    """What one body says of a subject, dated; one bureau's word changes nothing for another's."""

    __tablename__ = "registry_subject_standing"
    __table_args__ = (Index("ix_registry_subject_standing_of", "body_id", "kind", "subject_id"),)

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    body_id: int = Field(foreign_key="accounts_body.id")
    kind: str = Field(max_length=16, description="grade, supervisor, tag or excluded")
    value: str = Field(max_length=64, description="sector grade, person token, tag, or reason code")
    valid_from: date
    valid_to: date | None = None
    reason: str = Field(default="", max_length=255)
    by: str = Field(max_length=64)


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
    skills: list[str] = Field(default_factory=list, sa_type=JSON, description="skill tokens")
    position: str = Field(default="", max_length=64)
    certificate_until: date | None = None
    expert: bool = False
    active: bool = True
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")


class Absence(SQLModel, table=True):
    """Leave or training of an inspector; both days count."""

    __tablename__ = "registry_absence"

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="registry_inspector.id", index=True)
    kind: str = Field(max_length=16, description="leave or training")
    first_day: date
    last_day: date


class ConflictStatus(StrEnum):
    """Where a conflict of interest stands."""

    DECLARED = "declared"
    UPHELD = "upheld"
    REFUSED = "refused"


class Conflict(SQLModel, table=True):
    """回避: who must not inspect whom. A declared conflict keeps the pair apart until it is refused."""

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


class RuleSet(SQLModel, table=True):
    """抽查工作细则 as data: `rules` is the canonical object whose hash a draw commits to."""

    __tablename__ = "registry_rule_set"
    __table_args__ = (UniqueConstraint("body_id", "domain", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    domain: str = Field(max_length=64, description="line of work the rules are for")
    version: int = 1
    valid_from: date
    valid_to: date | None = None
    rules: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=64, description="H of the canonical rules")
    approved_by: str = Field(default="", max_length=64)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AnnualPlanStatus(StrEnum):
    """States of an annual plan."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"


class AnnualPlan(SQLModel, table=True):
    """年度抽查工作计划."""

    __tablename__ = "registry_annual_plan"
    __table_args__ = (UniqueConstraint("body_id", "year", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    year: int
    version: int = 1
    title: str = Field(max_length=255)
    status: AnnualPlanStatus = Field(default=AnnualPlanStatus.DRAFT, sa_type=choice(AnnualPlanStatus))
    filing: str = Field(default="", max_length=64, description="filing number")
    digest: str = Field(default="", max_length=64)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PlanLine(SQLModel, table=True):
    """A line of the annual plan; `number` is the `annual_item` a draw names."""

    __tablename__ = "registry_plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="registry_annual_plan.id", index=True)
    number: str = Field(max_length=64, description="token, e.g. 2026-007")
    name: str = Field(max_length=255)
    directed: bool = False
    items: list[str] = Field(default_factory=list, sa_type=JSON, description="item codes")
    filter: str = Field(default="", sa_type=Text, description="scope as expression text")
    domain: str = Field(
        default="",
        max_length=64,
        description="domain of the rule set it is drawn by; empty: the body's line of work",
    )
    ratio: str = Field(default="", max_length=255, description="as published")
    estimated: int = 0
    first_month: int = 1
    last_month: int = 12
    lead: str = Field(default="", max_length=64, description="token of the lead body")
    partners: list[str] = Field(
        default_factory=list, sa_type=JSON, description="lines of work that co-operate"
    )


class Visit(SQLModel, table=True):
    """An inspection of a subject by any body: behind caps, rotation, last inspected and load."""

    __tablename__ = "registry_visit"

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    visited_on: date
    items: list[str] = Field(default_factory=list, sa_type=JSON)
    inspectors: list[str] = Field(default_factory=list, sa_type=JSON, description="certificate numbers")
    kind: str = Field(default="random", max_length=32)
    counts: bool = Field(default=True, description="whether it counts against the frequency caps")
    source: str = Field(
        max_length=80,
        unique=True,
        description="where it was learnt: task:<commitment>, file:<batch>:<line>; names the visit on record",
    )
