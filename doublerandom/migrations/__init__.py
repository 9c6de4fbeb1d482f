"""Alembic migrations, numbered, applied by `doublerandom db upgrade`."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

HEAD = (Path(__file__).parent / "HEAD").read_text(encoding="ascii").strip()


def alembic_config() -> Config:
    """Alembic's settings, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to the given revision."""
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def heads() -> list[str]:
    """The newest revisions that exist; more than one is a mistake."""
    return list(ScriptDirectory.from_config(alembic_config()).get_heads())


def made_by_models(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether the models know of it: the search index and what SQLite keeps beside it are made by hand."""
    return kind != "table" or name is None or not name.startswith("registry_search_index")
