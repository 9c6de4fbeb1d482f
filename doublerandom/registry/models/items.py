"""The list: items and their versions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


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
    sub_items: list[str] | None = Field(
        default=None, sa_type=JSON, description="sub-items after the first, which `sub_item` holds"
    )
    points: list[dict[str, Any]] | None = Field(
        default=None, sa_type=JSON, description='check points: {"name", "key"}, in their order'
    )
    quota: dict[str, Any] | None = Field(
        default=None, sa_type=JSON, description="what a person read in `ratio`: a quota as in rule sets"
    )
    times: dict[str, Any] | None = Field(
        default=None, sa_type=JSON, description="what a person read in `frequency` (see structuring.py)"
    )
    structured_by: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    structured_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ItemState(SQLModel, table=True):
    """What a version of an item is from a day on; the newest row whose first day has come says it."""

    __tablename__ = "registry_item_state"
    __table_args__ = (Index("ix_registry_item_state_item_day", "item_id", "first_day"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="registry_item.id")
    status: ItemStatus = Field(sa_type=choice(ItemStatus))
    first_day: date
    reason: str = Field(default="", sa_type=Text)
    successor: int | None = Field(default=None, description="the version that supersedes it from that day on")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class ItemList(SQLModel, table=True):
    """随机抽查事项清单 of a body as it was published: its text, whose digest stands in the public log."""

    __tablename__ = "registry_item_list"
    __table_args__ = (UniqueConstraint("body_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    number: int = Field(description="1, 2, … for each body")
    day: date = Field(description="the items in force on this day")
    items: int = Field(description="how many")
    text: str = Field(sa_type=Text, description="canonical JSON of the list")
    digest: str = Field(max_length=64)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
