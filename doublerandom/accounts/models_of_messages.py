"""Tables of messages: what happened that a person should know, and its copy by e-mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class Message(SQLModel, table=True):
    """A message to one person: its kind and the facts for the kind's sentence; never a drawn subject."""

    __tablename__ = "accounts_message"
    __table_args__ = (
        UniqueConstraint("person", "key"),
        Index("ix_accounts_message_unread", "person", "read_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(max_length=64, description="person token of whoever it is for")
    kind: str = Field(max_length=32, description="see accounts.message_words")
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="facts of the sentence")
    url: str = Field(default="", max_length=255, description="path of the page that it leads to")
    key: str = Field(
        max_length=128, index=True, description="what it is about: told again, it is not written again"
    )
    at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Mail(SQLModel, table=True):
    """A message's way by e-mail: tried again and again until it is sent or given up."""

    __tablename__ = "accounts_mail"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="accounts_message.id", unique=True)
    address: str = Field(max_length=255)
    tries: int = 0
    next_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, index=True, description="when to try next; None once it is over"
    )
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = Field(default="", max_length=255, description="what the last try came to")
