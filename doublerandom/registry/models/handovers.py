"""Licence hand-over (审管衔接): what approval bureaus delivered, and who supervises what is licensed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime, choice


class LicenceDuty(SQLModel, table=True):
    """谁审批谁监管: the line of work that supervises a kind of licence, as it was said last."""

    __tablename__ = "registry_licence_duty"
    __table_args__ = (Index("ix_registry_licence_duty_of", "kind", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=64, description="kind of licence (token)")
    name: str = Field(max_length=128, description="name of the licence")
    line: str = Field(max_length=64, description="line of work that supervises it; empty: nobody any more")
    basis: str = Field(default="", max_length=255, description="document that says so")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class HandoverStatus(StrEnum):
    """Where a hand-over stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    UNASSIGNED = "unassigned"


class LicenceHandover(SQLModel, table=True):
    """One event of a licence as it was delivered, and the department that is to supervise."""

    __tablename__ = "registry_licence_handover"
    __table_args__ = (
        Index("ix_registry_licence_handover_of", "authority", "number", "id"),
        Index("ix_registry_licence_handover_inbox", "department_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    event: str = Field(max_length=16, description="granted, changed or revoked")
    authority: str = Field(max_length=128, description="name of the approving authority")
    number: str = Field(max_length=64, description="licence number")
    kind: str = Field(max_length=64, description="kind of licence (token)")
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    occurred_on: date
    delivered: dict[str, Any] = Field(sa_type=JSON, description="the event as it was delivered")
    digest: str = Field(
        max_length=64, description="H of the canonical event: delivered twice changes nothing"
    )
    department_id: int | None = Field(default=None, foreign_key="accounts_body.id")
    status: HandoverStatus = Field(default=HandoverStatus.PENDING, sa_type=choice(HandoverStatus))
    by: str = Field(max_length=64, description="who delivered it: api:<key>")
    at: datetime = Field(sa_type=UtcDateTime)


class HandoverStep(SQLModel, table=True):
    """What was done with a hand-over, one row for each act: assigned, accepted, returned with its reason."""

    __tablename__ = "registry_licence_handover_step"

    id: int | None = Field(default=None, primary_key=True)
    handover_id: int = Field(foreign_key="registry_licence_handover.id", index=True)
    what: str = Field(max_length=16, description="assigned, accepted or returned")
    department_id: int | None = Field(default=None, foreign_key="accounts_body.id")
    reason: str = Field(default="", sa_type=Text)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
