"""The web application: wires whatever rooms there are onto the ground floor."""

import importlib
from importlib.util import find_spec
from types import ModuleType

from flask import Flask, Response

from doublerandom import error_texts, web
from doublerandom.accounts.sign_in import init_accounts
from doublerandom.config import Settings
from doublerandom.dr1.errors import ProtocolError
from doublerandom.web import access, answers, navigation

ROOMS = ("accounts", "registry", "draws", "inspect", "credit", "publish", "oversight")
TEXT_ROOMS = ("ledger", "dr1", "documents", *ROOMS)


def create_app(settings: Settings | None = None) -> Flask:
    """The site under `settings` (by default: the environment's)."""
    house = settings or Settings()
    house.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = Flask("doublerandom")
    web.init_web(app, house, all_error_texts())
    init_accounts(app, house)
    answers.write_json_plainly(app)
    app.register_error_handler(ProtocolError, on_protocol_error)
    register_rooms(app)
    access.open_static_files(app)
    app.config["PAGES"] = {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments}
    app.config["PUBLIC_MENU"] = navigation.menu_that_exists(lambda path: path in app.config["PAGES"])
    return app


def room_module(room: str, name: str) -> ModuleType | None:
    """A module of a room, or None where the room (or that part of it) does not exist."""
    if find_spec(f"doublerandom.{room}") is None or find_spec(f"doublerandom.{room}.{name}") is None:
        return None
    return importlib.import_module(f"doublerandom.{room}.{name}")


def all_error_texts() -> answers.Texts:
    """The sentences of all errors; the ground floor's first."""
    texts: answers.Texts = dict(error_texts.TEXTS)
    for room in TEXT_ROOMS:
        if module := room_module(room, "error_texts"):
            texts.update(module.TEXTS)
    return texts


def register_rooms(app: Flask) -> None:
    """Each room's pages, its places in the rail (`NAV`), and what waits in it for people (`due`)."""
    app.config.update(NAV_LINKS=[], DUE_PROVIDERS=[])
    for room in ROOMS:
        views = room_module(room, "views")
        if views is None:
            continue
        app.register_blueprint(views.bp)
        app.config["NAV_LINKS"] += getattr(views, "NAV", ())
        if due := getattr(views, "due", None):
            app.config["DUE_PROVIDERS"].append(due)


def on_protocol_error(error: ProtocolError) -> Response:
    """What came in does not hold against the protocol; the check it breaks is part of the answer."""
    return answers.error_answer(error.code, 422, {**error.params, "check": error.check})
