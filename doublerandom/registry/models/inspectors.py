"""The pool of inspectors and when they are away."""

from datetime import date

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class Inspector(SQLModel, table=True):
    """执法检查人员; an identity number is not kept."""

    __tablename__ = "registry_inspector"

    id: int | None = Field(default=None, primary_key=True)
    certificate: str = Field(max_length=31, unique=True, description="certificate number, the pool id")
    name: str = Field(max_length=64)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    department: str = Field(max_length=64, description="line of work (token)")
    regions: list[str] = Field(
        default_factory=list, sa_type=JSON, description="region codes; empty: anywhere"
    )
    skills: list[str] = Field(default_factory=list, sa_type=JSON, description="skill tokens")
    position: str = Field(default="", max_length=64)
    certificate_until: date | None = None
    expert: bool = False
    active: bool = True
    batch_id: int | None = Field(default=None, foreign_key="registry_import_batch.id")


class Absence(SQLModel, table=True):
    """Leave or training of an inspector; both days count."""

    __tablename__ = "registry_absence"

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="registry_inspector.id", index=True)
    kind: str = Field(max_length=16, description="leave or training")
    first_day: date
    last_day: date
