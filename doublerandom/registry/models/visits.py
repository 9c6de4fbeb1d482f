"""The one table of inspections behind caps, rotation, last inspected and load."""

from datetime import date

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


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
