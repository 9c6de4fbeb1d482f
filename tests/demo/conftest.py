"""A finished demonstration to read, and a session on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from a_demonstration import copied, made_once
from sqlalchemy import Engine
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import make_engine


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A finished demonstration of this worker's own, to be read only."""
    return copied(made_once(tmp_path_factory), tmp_path_factory.mktemp("demo") / "data")


@pytest.fixture(scope="session")
def demo_engine(demonstration: Settings) -> Iterator[Engine]:
    """An engine on the finished demonstration."""
    engine = make_engine(demonstration.resolved_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def demo(demo_engine: Engine) -> Iterator[Session]:
    """A session on the finished demonstration."""
    with Session(demo_engine) as session:
        yield session


@pytest.fixture
def another(demonstration: Settings, tmp_path: Path) -> Settings:
    """A finished demonstration that a test may change."""
    return copied(demonstration.data_dir, tmp_path / "data")
