"""Industries of GB/T 4754-2017."""

from sqlmodel import Field, SQLModel


class Industry(SQLModel, table=True):
    """国民经济行业: a section (letter), division (2 digits), group (3) or class (4), and the one above it."""

    __tablename__ = "registry_industry"

    code: str = Field(primary_key=True, max_length=8)
    name: str = Field(max_length=128)
    parent: str = Field(default="", max_length=8, index=True, description="empty for sections")
    level: int = Field(description="1 section, 2 division, 3 group, 4 class")
