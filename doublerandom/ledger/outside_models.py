"""Tables of what others say of our log, and of what we said of theirs; triggers refuse changes (0006)."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class Cosignature(SQLModel, table=True):
    """A witness's line under one of our checkpoints, verified when it came."""

    __tablename__ = "ledger_cosignature"
    __table_args__ = (UniqueConstraint("size", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    size: int = Field(sa_type=BigInteger, foreign_key="ledger_checkpoint.size")
    key: str = Field(max_length=400, index=True, description="the witness's verifier key, as C2SP writes it")
    line: str = Field(sa_type=Text, description="signature line with its newline")
    signed_at: datetime = Field(sa_type=UtcDateTime, index=True, description="by the witness's clock")
    at: datetime = Field(sa_type=UtcDateTime, description="when it came, by ours")


class TimeStamp(SQLModel, table=True):
    """An RFC 3161 stamp of one of our checkpoints, verified when it came."""

    __tablename__ = "ledger_time_stamp"

    id: int | None = Field(default=None, primary_key=True)
    size: int = Field(sa_type=BigInteger, foreign_key="ledger_checkpoint.size", unique=True)
    answer: str = Field(sa_type=Text, description="the server's whole answer (DER TimeStampResp) in base64")
    stamped_at: datetime = Field(sa_type=UtcDateTime, index=True, description="by the stamp server's clock")
    server: str = Field(max_length=255, description="address of the stamp server")
    at: datetime = Field(sa_type=UtcDateTime)


class OutsideFailure(SQLModel, table=True):
    """A witness or stamp server that was asked and gave nothing: why, and when it may be asked again."""

    __tablename__ = "ledger_outside_failure"
    __table_args__ = (Index("ix_ledger_outside_failure_asked", "asked", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    asked: str = Field(max_length=400, description="verifier key of the witness, or address of the server")
    size: int = Field(sa_type=BigInteger, description="size of the checkpoint it was asked for")
    why: str = Field(max_length=32, description="unreachable, refused, conflict, invalid")
    detail: str = Field(max_length=255)
    at: datetime = Field(sa_type=UtcDateTime)
    again_at: datetime = Field(sa_type=UtcDateTime)


class WitnessedLog(SQLModel, table=True):
    """A log of another office that this one witnesses, from when, until when."""

    __tablename__ = "ledger_witnessed_log"
    __table_args__ = (
        Index(
            "uq_ledger_witnessed_log_live",
            "origin",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    origin: str = Field(max_length=255)
    key: str = Field(max_length=64, description="the log's Ed25519 public key, hex")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WitnessedHead(SQLModel, table=True):
    """A tree head of another office's log that we cosigned; the largest of an origin is where it stands."""

    __tablename__ = "ledger_witnessed_head"
    __table_args__ = (UniqueConstraint("origin", "size"),)

    id: int | None = Field(default=None, primary_key=True)
    origin: str = Field(max_length=255)
    size: int = Field(sa_type=BigInteger)
    root: str = Field(max_length=64)
    note: str = Field(sa_type=Text, description="the checkpoint as it was sent")
    at: datetime = Field(sa_type=UtcDateTime)


class WitnessRefusal(SQLModel, table=True):
    """
    A checkpoint, signed by its log, that we did not cosign: a `fork`.

    Beside the head of the same size that we hold, it is proof that the log showed two faces.
    """

    __tablename__ = "ledger_witness_refusal"
    __table_args__ = (UniqueConstraint("origin", "size", "root", "reason"),)

    id: int | None = Field(default=None, primary_key=True)
    origin: str = Field(max_length=255)
    reason: str = Field(max_length=16)
    held_size: int = Field(sa_type=BigInteger)
    held_root: str = Field(max_length=64)
    size: int = Field(sa_type=BigInteger)
    root: str = Field(max_length=64)
    note: str = Field(sa_type=Text, description="the refused checkpoint, with its log's signature")
    at: datetime = Field(sa_type=UtcDateTime)
