"""What was published of results; a correction is a later row that names the first."""

from datetime import date, datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime

FIRST = text("corrects_id IS NULL")


class Disclosure(SQLModel, table=True):
    """公示: the published result of one task, as canonical text whose digest stands in the public log."""

    __tablename__ = "publish_disclosure"
    __table_args__ = (
        Index(
            "uq_publish_disclosure_first",
            "inspection_id",
            unique=True,
            sqlite_where=FIRST,
            postgresql_where=FIRST,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    draw: str = Field(max_length=64, index=True, description="the draw, even where the record leaves it out")
    subject: str = Field(max_length=31, index=True)
    name: str = Field(max_length=255, description="the subject's name, to search by")
    inspection_id: int = Field(foreign_key="inspect_inspection.id", index=True)
    corrects_id: int | None = Field(default=None, foreign_key="publish_disclosure.id", unique=True)
    record: str = Field(sa_type=Text, description="canonical JSON of what is public")
    digest: str = Field(max_length=64)
    due: date | None = Field(default=None, description="last day in time, by the rule set's working days")
    late: bool = False
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
