"""What surrounds the randomness: who witnessed it, and what drand relays said."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class Witness(SQLModel, table=True):
    """见证人: somebody present when the randomness came; a name entered by mistake is struck out."""

    __tablename__ = "draws_witness"

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id", index=True)
    name: str = Field(max_length=64)
    office: str = Field(default="", max_length=128, description="whom the witness represents, as told")
    by: str = Field(max_length=64, description="who entered the name")
    at: datetime = Field(sa_type=UtcDateTime)
    struck_by: str = Field(default="", max_length=64)
    struck_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RelayWord(SQLModel, table=True):
    """What a drand relay said about a source, once for each word; how often and when last are kept up."""

    __tablename__ = "draws_relay_word"
    __table_args__ = (UniqueConstraint("draw_id", "n", "relay", "word"),)

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id")
    n: int = Field(description="number of the source in the plan")
    relay: str = Field(max_length=255, description="base address")
    word: str = Field(max_length=32, description="draws.beacon.Word")
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    times: int = 1
