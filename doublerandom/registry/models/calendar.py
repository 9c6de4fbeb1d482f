"""The Chinese working-day calendar."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class CalendarDay(SQLModel, table=True):
    """One day of the national calendar; a year is there wholly or not at all. Changes stand on the trail."""

    __tablename__ = "registry_calendar_day"

    day: date = Field(primary_key=True)
    working: bool
    name: str = Field(default="", max_length=64, description="the holiday, or the one a shifted day is for")
    reason: str = Field(default="", max_length=255, description="why the day was changed by hand")
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
