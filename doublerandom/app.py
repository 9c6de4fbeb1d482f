"""The web application: wires whatever rooms there are onto the ground floor."""

import importlib
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from flask import Flask, Response
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, ValidationError

from doublerandom import clock, error_texts, web
from doublerandom.accounts import api_keys
from doublerandom.accounts.sign_in import init_accounts
from doublerandom.config import Settings
from doublerandom.documents.qr import qr_svg
from doublerandom.dr1.errors import ProtocolError
from doublerandom.web import access, answers, navigation
from doublerandom.web.setup import csrf

ROOMS = ("accounts", "registry", "draws", "inspect", "credit", "publish", "oversight")
API_INFO = Info(title="doublerandom", version="1", description="双随机、一公开监管平台的接口")
API_KEYS: Any = {"key": {"type": "http", "scheme": "bearer"}}
TEXT_ROOMS = ("ledger", "dr1", "documents", *ROOMS)


def create_app(settings: Settings | None = None) -> Flask:
    """The site under `settings` (by default: the environment's)."""
    house = settings or Settings()
    house.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = OpenAPI(
        "doublerandom",
        info=API_INFO,
        security_schemes=API_KEYS,
        doc_ui=False,
        static_folder="static",
        validation_error_model=RefusedCall,
        validation_error_callback=on_invalid_call,
    )
    web.init_web(app, house, all_error_texts())
    init_accounts(app, house)
    answers.write_json_plainly(app)
    app.register_error_handler(ProtocolError, on_protocol_error)
    app.config["CALLER_OF"] = caller_of
    register_rooms(app)
    app.jinja_env.globals["qr_svg"] = qr_svg
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


class RefusedCall(BaseModel):
    """A call whose shape does not hold; `error.params.problems` names every field."""

    error: dict[str, Any]


def on_invalid_call(error: ValidationError) -> Response:
    """Say of each field of a call what is wrong with it."""
    problems = [{"field": ".".join(map(str, each["loc"])), "en": each["msg"]} for each in error.errors()]
    return answers.error_answer("invalid_call", 422, {"count": len(problems), "problems": problems})


def caller_of(key: str, scope: str) -> api_keys.ApiCaller:
    """Whose system shows a key; see accounts.api_keys."""
    return api_keys.caller_of(web.db_session(), key, scope=scope, at=clock.now())


def register_rooms(app: OpenAPI) -> None:
    """Each room's pages, its places in the rail (`NAV`), and what waits in it for people (`due`)."""
    app.config.update(NAV_LINKS=[], DUE_PROVIDERS=[])
    for room in ROOMS:
        views = room_module(room, "views")
        if views is None:
            continue
        app.register_blueprint(views.bp)
        if (api := getattr(views, "API", None)) is not None:
            csrf.exempt(api)  # a key is no cookie: no page can make a browser send it
            app.register_api(api)
        app.config["NAV_LINKS"] += getattr(views, "NAV", ())
        if due := getattr(views, "due", None):
            app.config["DUE_PROVIDERS"].append(due)


def on_protocol_error(error: ProtocolError) -> Response:
    """What came in does not hold against the protocol; the check it breaks is part of the answer."""
    return answers.error_answer(error.code, 422, {**error.params, "check": error.check})
