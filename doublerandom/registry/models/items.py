"""The list: items and their versions."""

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from doublerandom.db import choice


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
