"""Structured logs: one JSON object a line on stderr, with the request's id, never a secret."""

import re
import secrets
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper
from structlog.tracebacks import ExceptionDictTransformer

from doublerandom.config import Settings

SECRET_NAMES = re.compile(
    r"pass|(^|_)pin(_|$)|secret|token|cookie|authorization|private|wrapped|salt|(^|_)key$",
    re.IGNORECASE,
)
REQUEST_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")
HIDDEN = "[hidden]"

Event = MutableMapping[str, Any]


def hide_secrets(_logger: Any, _method: str, event: Event) -> Event:
    """Replace what is named like a secret, at any depth."""
    return {name: _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {str(key): _hidden(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", inner) for inner in value]
    return value


def configure_logs() -> None:
    """Set structlog up for the whole process; calling it again changes nothing."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            TimeStamper(fmt="iso", utc=True),
            ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            hide_secrets,
            JSONRenderer(ensure_ascii=False, default=str),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def request_id() -> str:
    """The id under which logs know the request; empty outside one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def init_logs(app: Flask, house: Settings) -> None:
    """Give each request an id (a proxy's `X-Request-Id` where it is well formed) and log its outcome."""
    configure_logs()
    log = structlog.get_logger("doublerandom.requests")

    @app.before_request
    def start() -> None:
        offered = request.headers.get("X-Request-Id", "")
        g.request_id = offered if REQUEST_ID.fullmatch(offered) else secrets.token_hex(8)
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(answer: Response) -> Response:
        answer.headers["X-Request-Id"] = request_id()
        quiet = house.testing or request.endpoint in {"static", "bootstrap.static"}
        if not quiet:
            milliseconds = round((time.perf_counter() - g.started) * 1000, 1)
            outcome = {"method": request.method, "path": request.path, "status": answer.status_code}
            log.info("request", **outcome, ms=milliseconds)
        return answer
