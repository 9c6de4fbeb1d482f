"""Alembic migrations, numbered, applied by `doublerandom db upgrade`."""

from pathlib import Path

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
