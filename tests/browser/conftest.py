"""A real browser on a real server: Debian's chromium, headless, with nothing from outside."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from a_demonstration import copied, made_once
from browser.english import CHINESE
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from visits import Site
from werkzeug.serving import WSGIRequestHandler, make_server

from doublerandom.app import create_app
from doublerandom.config import Settings
from doublerandom.web import db

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one the test skips, or fails where `DOUBLERANDOM_REQUIRE_BROWSER` is set."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = "no chromium found: install Debian's (apt-get install chromium), or name one in CHROMIUM"
        if os.environ.get("DOUBLERANDOM_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Quiet(WSGIRequestHandler):
    """Answers without a line for each."""

    def log_request(self, *_facts: object) -> None:
        """Say nothing: the site has its own log."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve a site on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serve a site until the test ends; gives its address."""
    open_servers = []

    def start(app: Flask) -> str:
        open_servers.append(serving(app))
        return open_servers[-1].__enter__()

    yield start
    for server in open_servers:
        server.__exit__(None, None, None)


@contextmanager
def _served(settings: Settings) -> Iterator[Site]:
    app = create_app(settings)
    with serving(app) as address:
        yield Site(address, settings)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def made(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the finished demonstration; only copies of it are served."""
    del chromium  # without a browser nothing need be made
    return made_once(tmp_path_factory)


@pytest.fixture(scope="session")
def site(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, served for tests that read."""
    with _served(copied(made, tmp_path_factory.mktemp("site") / "data")) as site:
        yield site


@pytest.fixture
def own_site(made: Path, tmp_path: Path) -> Iterator[Site]:
    """A demonstration of the test's own, served for a test that changes it."""
    with _served(copied(made, tmp_path / "data")) as site:
        yield site


@pytest.fixture
def database(own_site: Site) -> Iterator[sqlite3.Connection]:
    """The tables of the test's own demonstration, as anybody with a file and SQLite reads them."""
    connection = sqlite3.connect(own_site.settings.data_dir / "doublerandom.db")
    yield connection
    connection.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """
    A fresh page, `width` pixels wide, in a `scheme`.

    What the browser complains of (errors of the console and of the content policy) stands in `complaints`,
    the addresses it asked for outside this machine in `strangers`.
    """
    contexts = []

    def fresh(width: int = 1280, scheme: str = "light", **options: object) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900}, color_scheme=scheme, **options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.strangers = [], []
        page.on("console", lambda told: page.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
                else page.strangers.append(request.url)
            ),
        )
        return page

    yield fresh
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def data(site: Site) -> set[str]:
    """Every text of the tables that holds Chinese: names, addresses, items, statements."""
    connection = sqlite3.connect(site.settings.data_dir / "doublerandom.db")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = [name for (name,) in names if not name.startswith("registry_search_index")]  # it cannot be read
    texts = {
        value
        for table in tables
        for row in connection.execute(f'SELECT * FROM "{table}"')
        for value in row
        if isinstance(value, str) and CHINESE.search(value) and len(value) < 200
    }
    connection.close()
    return texts
