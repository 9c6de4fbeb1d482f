"""The API told: its OpenAPI document for machines, and a page to read it."""

from pathlib import Path
from typing import Any, Final, cast

import flask_openapi3_swagger
from flask import Response, current_app, jsonify, render_template, send_from_directory
from flask.typing import ResponseReturnValue
from flask_openapi3.openapi import OpenAPI

from doublerandom.registry.views.blueprint import bp
from doublerandom.web import NavLink, public

NAV: list[NavLink] = []
READER: Final = Path(flask_openapi3_swagger.__file__).parent / "templates" / "swagger"
PARTS: Final = {"swagger-ui.css": "css", "swagger-ui-bundle.js": "js"}


@bp.get("/api/openapi.json")
@public
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    told: dict[str, Any] = cast("OpenAPI", current_app).api_doc
    return jsonify(told)


@bp.get("/api/docs")
@public
def api_docs() -> ResponseReturnValue:
    """The document as a page; without script it says where the document is."""
    return render_template("registry/api_docs.html")


@bp.get("/api/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>")
@public
def api_docs_part(name: str) -> ResponseReturnValue:
    """A part of the reader, out of the installed package."""
    return send_from_directory(READER / PARTS[name], name, max_age=3600)
