"""The one table of inspections behind caps, rotation, last inspected and load."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime

_EMPTY = {"server_default": ""}


class Visit(SQLModel, table=True):
    """
    An inspection of a subject by any body: behind caps, rotation, last inspected and load.

    A visit that was recorded wrongly stays: a later row names it (`supersedes_id`) and it counts no more.
    """

    __tablename__ = "registry_visit"
    __table_args__ = (
        UniqueConstraint("supersedes_id"),
        Index("ix_registry_visit_of_answerable", "answerable_id", "superseded", "visited_on"),
        Index("ix_registry_visit_by_day", "visited_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="registry_subject.id", index=True)
    answerable_id: int | None = Field(
        default=None,
        foreign_key="registry_subject.id",
        description="where it counts: who is answerable for a product, project or site, else the subject",
    )
    body_id: int | None = Field(
        default=None, foreign_key="accounts_body.id", index=True, description="None: a body outside"
    )
    outside: str = Field(
        default="", max_length=128, sa_column_kwargs=_EMPTY, description="name of a body that has no row"
    )
    level: str = Field(
        default="", max_length=16, sa_column_kwargs=_EMPTY, description="of a body outside, see LEVELS"
    )
    line: str = Field(
        default="", max_length=64, sa_column_kwargs=_EMPTY, description="of a body outside: line of work"
    )
    visited_on: date
    time: str = Field(default="", max_length=5, sa_column_kwargs=_EMPTY, description="HH:MM, if known")
    items: list[str] = Field(default_factory=list, sa_type=JSON)
    inspectors: list[str] = Field(default_factory=list, sa_type=JSON, description="certificate numbers")
    kind: str = Field(default="random", max_length=32, description="see visit_kinds.KINDS")
    counts: bool = Field(
        default=True, description="False: never counts, whatever its kind; else the rules look at the kind"
    )
    exempt: str = Field(
        default="", max_length=32, sa_column_kwargs=_EMPTY, description="ground of exemption from caps"
    )
    evidence: str = Field(default="", sa_type=Text, sa_column_kwargs=_EMPTY, description="for the exemption")
    evidence_file: str = Field(default="", max_length=64, sa_column_kwargs=_EMPTY, description="SHA-256")
    found: bool | None = Field(default=None, description="whether a problem was found; None: not told")
    source: str = Field(
        max_length=80,
        unique=True,
        description="where it was learnt: task:<commitment>, file:<hash>, api:<body>:<key>, desk:<key>",
    )
    supersedes_id: int | None = Field(
        default=None, foreign_key="registry_visit.id", description="the row that this one corrects"
    )
    superseded: bool = Field(
        default=False, sa_column_kwargs={"server_default": "0"}, description="a later row names it"
    )
    reason: str = Field(default="", sa_type=Text, sa_column_kwargs=_EMPTY, description="why it was corrected")
    by: str = Field(default="", max_length=64, sa_column_kwargs=_EMPTY)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")
