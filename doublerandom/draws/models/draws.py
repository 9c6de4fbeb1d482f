"""Draws, what they are bound to, what came out of them; dealt tasks and seats."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class DrawStatus(StrEnum):
    """States of a draw."""

    PREPARED = "prepared"
    SIGNED = "signed"
    COMMITTED = "committed"
    DRAWN = "drawn"
    REVEALED = "revealed"
    VOIDED = "voided"
    FAILED = "failed"


class EntryState(StrEnum):
    """What became of a typed value: it waits for the second one, was taken with it, or differed from it."""

    FIRST = "first"
    TAKEN = "taken"
    DIFFERED = "differed"


def _unique_where(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows that meet a condition, on both databases."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Draw(SQLModel, table=True):
    """抽取: one draw from preparation to reveal; its plan is final with the signature that stands."""

    __tablename__ = "draws_draw"
    __table_args__ = (
        _unique_where("uq_draws_draw_seq", "body_id", "seq", where="seq > 0"),
        _unique_where(
            "uq_draws_draw_live", "body_id", "annual_item", where="seq > 0 AND status = 'committed'"
        ),
        _unique_where("uq_draws_draw_supersedes", "supersedes", where="seq > 0 AND supersedes != ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=64, unique=True, description="draw number (token), never reused")
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    plan_line_id: int | None = Field(default=None, foreign_key="registry_plan_line.id", index=True)
    rule_set_id: int = Field(foreign_key="registry_rule_set.id")
    title: str = Field(max_length=255)
    rehearsal: bool = False
    status: DrawStatus = Field(default=DrawStatus.PREPARED, sa_type=choice(DrawStatus), index=True)
    seq: int = Field(default=0, description="taken when the plan is logged; 0 before, and for rehearsals")
    annual_item: str = Field(default="", max_length=64, description="line of the annual plan, with its batch")
    plan: str = Field(sa_type=Text, description="canonical JSON of the dr1 plan")
    plan_hash: str = Field(max_length=64, unique=True)
    rules: str = Field(sa_type=Text, description="canonical JSON of the rule set it is bound to (rules.json)")
    preflight: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="counts, exclusions by reason, warnings"
    )
    by: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    due: datetime = Field(sa_type=UtcDateTime, index=True)
    result_by: datetime = Field(sa_type=UtcDateTime)
    reveal_by: datetime = Field(sa_type=UtcDateTime)
    committed_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="when the log took the plan"
    )
    drawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revealed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="voided or failed")
    ended_reason: str = Field(default="", max_length=64, description="reason code of the void or failure")
    lacking: list[str] | None = Field(
        default=None, sa_type=JSON, description="of a failure: what had not come (source n, party/purpose)"
    )
    beacon: str = Field(default="", sa_type=Text, description="the text of section 4, once observed")
    result_root: str = Field(default="", max_length=64)
    tasks: int = 0
    empty: int = Field(default=0, description="empty seats")
    empty_seats: list[dict[str, Any]] = Field(
        default_factory=list,
        sa_type=JSON,
        description="with their proofs, as in result.json; filled when opened",
    )
    supersedes: str = Field(default="", max_length=64)
    basis: dict[str, Any] | None = Field(
        default=None, sa_type=JSON, description="digests of what it was prepared from: services/basis.py"
    )
    batches: list[int] | None = Field(
        default=None, sa_type=JSON, description="whole population: sizes of the batches, in drawn order"
    )


class FrozenPool(SQLModel, table=True):
    """A pool as it was committed to: one file in the file store, ascending by id."""

    __tablename__ = "draws_frozen_pool"
    __table_args__ = (UniqueConstraint("draw_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id")
    name: str = Field(max_length=16, description="subjects, inspectors or conflicts")
    root: str = Field(max_length=64)
    size: int
    sealed: bool
    sha256: str = Field(max_length=64, description="file in the store (encrypted when sealed)")
    order_sha256: str = Field(
        default="", max_length=64, description="ticket order beside it, once it is public (subjects)"
    )
    leaves_sha256: str = Field(
        default="", max_length=64, description="its hex leaves, for pools that stay closed"
    )


class Deposit(SQLModel, table=True):
    """A secret or key of a draw, encrypted under a key outside the database until the reveal."""

    __tablename__ = "draws_deposit"
    __table_args__ = (UniqueConstraint("draw_id", "purpose", "party"),)

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id")
    purpose: str = Field(
        max_length=16,
        description="subject, inspector (secrets); pool, tasks (keys); proofs (of empty seats)",
    )
    party: str = Field(
        max_length=64, description="party of a secret, pool name of a pool key, empty for the others"
    )
    sealed: str = Field(sa_type=Text, description="hex of nonce and AES-GCM ciphertext")


class PlanSignature(SQLModel, table=True):
    """A signature over the plan, or a party's over its commitment (level C)."""

    __tablename__ = "draws_plan_signature"
    __table_args__ = (
        UniqueConstraint("draw_id", "role", "n"),
        _unique_where("uq_draws_plan_signature_person", "draw_id", "person", where="role != 'party'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id")
    role: str = Field(max_length=16, description="operator, supervisor or party")
    n: int = Field(default=0, description="of a party: which of the plan's secrets it commits to")
    person: str = Field(max_length=64)
    key: str = Field(max_length=64)
    signature: str = Field(max_length=128)
    at: datetime = Field(sa_type=UtcDateTime)


class Observation(SQLModel, table=True):
    """An observed value of one source of randomness; once for each."""

    __tablename__ = "draws_observation"
    __table_args__ = (UniqueConstraint("draw_id", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id")
    n: int
    value: dict[str, Any] = Field(sa_type=JSON)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class DiceEntry(SQLModel, table=True):
    """What one person typed of dice or a lottery; it counts when another person's equal one has come."""

    __tablename__ = "draws_dice_entry"
    __table_args__ = (_unique_where("uq_draws_dice_entry_first", "draw_id", "n", where="state = 'first'"),)

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id", index=True)
    n: int
    person: str = Field(max_length=64)
    value: dict[str, Any] = Field(sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)
    state: EntryState = Field(default=EntryState.FIRST, sa_type=choice(EntryState))


class Task(SQLModel, table=True):
    """检查任务: one drawn subject with its team, as dealt."""

    __tablename__ = "draws_task"
    __table_args__ = (UniqueConstraint("draw_id", "subject"), UniqueConstraint("draw_id", "position"))

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id")
    position: int = Field(description="place in the drawn list, from 0")
    subject: str = Field(max_length=31, index=True, description="subject code")
    subject_name: str = Field(max_length=255)
    region: str = Field(max_length=12)
    stratum: str = Field(max_length=64)
    ticket: str = Field(max_length=64)
    commitment: str = Field(max_length=64)
    closed_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="told by inspect: the visit is done"
    )
    disclosed_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="told by publish: the outcome is in the log"
    )


class Seat(SQLModel, table=True):
    """A place in a task's team; an empty place has no inspector."""

    __tablename__ = "draws_seat"
    __table_args__ = (UniqueConstraint("task_id", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="draws_task.id")
    n: int = Field(description="number of the seat in plan order, from 0")
    seat: str = Field(max_length=64)
    inspector: str = Field(
        default="", max_length=31, index=True, description="certificate number, empty for an empty seat"
    )


class DealtMember(SQLModel, table=True):
    """Who belonged to a standing team when it was dealt, lead first: as its pool record says."""

    __tablename__ = "draws_dealt_member"
    __table_args__ = (UniqueConstraint("draw_id", "team", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id")
    team: str = Field(max_length=31, description="the team's code, which holds the seats")
    n: int
    certificate: str = Field(max_length=31, index=True)


class Void(SQLModel, table=True):
    """A void: reason, two persons, and what would have been drawn; or a request that was withdrawn."""

    __tablename__ = "draws_void"
    __table_args__ = (_unique_where("uq_draws_void_standing", "draw_id", where="withdrawn_at IS NULL"),)

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="draws_draw.id", index=True)
    reason: str = Field(max_length=64)
    statement: str = Field(default="", sa_type=Text)
    requested_by: str = Field(max_length=64)
    confirmed_by: str = Field(default="", max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    would_be_root: str = Field(default="", max_length=64)
    touched: list[str] = Field(
        default_factory=list, sa_type=JSON, description="codes that the reason concerns: not carried over"
    )
    withdrawn_by: str = Field(default="", max_length=64)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
