"""Tables of evidence (triggers refuse UPDATE and DELETE on acts and on all of the log), keys and files."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class Act(SQLModel, table=True):
    """One act of the audit trail: who did what to which thing, chained to the act before it by hash."""

    __tablename__ = "ledger_act"
    __table_args__ = (UniqueConstraint("previous_hash"), UniqueConstraint("hash"))

    id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
        description="1, 2, 3, … without gap",
    )
    at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=64, description="person token, or `system`")
    name: str = Field(max_length=64, index=True, description="what happened: the act's class name")
    on_kind: str = Field(max_length=64)
    on_id: str = Field(max_length=128, index=True)
    facts: str = Field(sa_type=Text, description="canonical JSON of the act's fields")
    before_hash: str = Field(max_length=64, description="H of the thing before, or empty")
    after_hash: str = Field(max_length=64, description="H of the thing after, or empty")
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class LogEntry(SQLModel, table=True):
    """One entry of the public log: leaf data are the canonical bytes of `entry`."""

    __tablename__ = "ledger_log_entry"

    index: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
        description="from 0, without gap",
    )
    type: str = Field(max_length=16, index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    draw: str = Field(default="", max_length=64, index=True, description="draw number, if it names one")
    entry: str = Field(sa_type=Text, description="canonical JSON")
    leaf_hash: str = Field(max_length=64)


class LogNode(SQLModel, table=True):
    """A finished subtree of the log: level 0 are leaves; node (l, i) spans leaves i·2^l … (i+1)·2^l − 1."""

    __tablename__ = "ledger_log_node"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hash: str = Field(max_length=64)


class LogMark(SQLModel, table=True):
    """What the log may say only once (a plan's result, an issuer's number, …), held by the schema too."""

    __tablename__ = "ledger_log_mark"

    mark: str = Field(primary_key=True, max_length=200, description="kind and values joined with |")
    index: int = Field(sa_type=BigInteger, foreign_key="ledger_log_entry.index", description="who says it")


class Checkpoint(SQLModel, table=True):
    """A signed tree head, as C2SP signed note text."""

    __tablename__ = "ledger_checkpoint"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    root: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    note: str = Field(sa_type=Text)


class SigningKey(SQLModel, table=True):
    """A signing person's Ed25519 key; the private part is wrapped under a PIN the server does not keep."""

    __tablename__ = "ledger_signing_key"

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(max_length=64, index=True)
    role: str = Field(max_length=64, description="operator or supervisor")
    body: str = Field(max_length=64)
    public_key: str = Field(max_length=64, unique=True)
    wrapped: str = Field(max_length=512, description="scrypt + AES-GCM over the private key, hex")
    at: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PinAttempt(SQLModel, table=True):
    """An attempt to sign that met a wrong PIN, or is under way: counted for the lock-out, then forgotten."""

    __tablename__ = "ledger_pin_attempt"

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class StoredFile(SQLModel, table=True):
    """A file in the store, named by the SHA-256 of its bytes."""

    __tablename__ = "ledger_file"

    sha256: str = Field(primary_key=True, max_length=64)
    size: int = Field(sa_type=BigInteger)
    kind: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
