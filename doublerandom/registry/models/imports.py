"""Imports: what file came in."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class ImportBatch(SQLModel, table=True):
    """One import: what file came in, what became of its rows."""

    __tablename__ = "registry_import_batch"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16, description="subjects, inspectors, items or conflicts")
    filename: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    noted: int = 0
