"""How far the search index of subjects has come; the index itself is made by hand in a migration."""

from sqlmodel import Field, SQLModel


class SearchState(SQLModel, table=True):
    """One row: subjects up to this number are in the search index; later ones are searched row by row."""

    __tablename__ = "registry_search_state"

    id: int | None = Field(default=None, primary_key=True)
    indexed_to: int = 0


class SearchQueue(SQLModel, table=True):
    """A subject whose searched fields changed, put here by a trigger; taken away when it is indexed anew."""

    __tablename__ = "registry_search_queue"

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int
