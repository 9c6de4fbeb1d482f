"""Errors as answers: one class, one status, one page in two languages; JSON for machines."""

from typing import Any
from urllib.parse import urlencode

import structlog
from flask import Flask, Response, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import RequestRedirect

from doublerandom.errors import DoubleRandomError
from doublerandom.logs import request_id
from doublerandom.web.access import (
    FreshSignInNeededError,
    SecondFactorNeededError,
    SignInNeededError,
    view_of_request,
)
from doublerandom.web.addresses import came_from, url_with
from doublerandom.web.database import db_session
from doublerandom.web.forms import InvalidFormError
from doublerandom.web.languages import lang

SIGN_IN_PATH = "/sign-in"
AGAIN_PATH = "/sign-in/again"
ENROL_PATH = "/me/second-factor"
Texts = dict[str, tuple[str, str]]
log = structlog.get_logger("doublerandom.web")


class _Gap(str):
    """What stands for a parameter that is missing, however it was to be written."""

    __slots__ = ()

    def __format__(self, _spec: str) -> str:
        return "…"


class _Facts(dict[str, Any]):
    """Parameters of a sentence; one that is missing leaves a gap instead of hiding the sentence."""

    def __missing__(self, key: str) -> str:
        return _Gap()


def sentence(code: str, params: dict[str, Any], language: str) -> str:
    """What the error says in `zh` or `en`; an unknown code says what `error` says."""
    texts: Texts = current_app.config["ERROR_TEXTS"]
    text = texts.get(code) or texts["error"]
    return text[language == "en"].format_map(_Facts(params))


def sentence_of(error: DoubleRandomError) -> str:
    """What an error says, in the language of the page."""
    return sentence(error.code, error.params, lang())


def wants_json() -> bool:
    """Whether a machine asks: an address of the API, a view for machines, or an explicit Accept."""
    if request.path.startswith("/api/") or request.path.endswith((".json", ".jsonl")):
        return True
    if getattr(view_of_request(), "answers_json", False):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def error_answer(code: str, status: int, params: dict[str, Any] | None = None, form: Any = None) -> Response:
    """The page, or for machines the object, that says what is wrong and how to go on."""
    params = params or {}
    if wants_json():
        reasons = {f"reason_{language}": sentence(code, params, language) for language in ("zh", "en")}
        answer = jsonify(error={"code": code, "params": params, **reasons})
    else:
        page = render_template(
            "errors/error.html",
            code=code,
            status=status,
            sentence=sentence(code, params, lang()),
            form=form,
            back=came_from(),
            request_id=request_id(),
        )
        answer = current_app.make_response(page)
    answer.status_code = status
    return answer


def on_house_error(error: DoubleRandomError) -> ResponseReturnValue:
    """A rule of the house was broken."""
    log.info("refused", code=error.code, status=error.status)
    return error_answer(error.code, error.status, error.params)


def on_sign_in_needed(error: SignInNeededError) -> ResponseReturnValue:
    """Send readers to the sign-in page and back; tell machines and senders of forms."""
    if request.method in {"GET", "HEAD"} and not wants_json():
        return redirect(f"{SIGN_IN_PATH}?{_next()}", code=303)
    return error_answer(error.code, error.status, error.params)


def on_second_factor_needed(error: SecondFactorNeededError) -> ResponseReturnValue:
    """Lead to the page where a second factor is enrolled; tell machines."""
    if wants_json():
        return error_answer(error.code, error.status, error.params)
    return redirect(ENROL_PATH, code=303)


def on_fresh_sign_in_needed(error: FreshSignInNeededError) -> ResponseReturnValue:
    """Ask again who it is, then go back to the page, or to the page whose form was sent; tell machines."""
    if wants_json():
        return error_answer(error.code, error.status, error.params)
    back = url_with() if request.method in {"GET", "HEAD"} else came_from() or "/desk"
    return redirect(f"{AGAIN_PATH}?{urlencode({'next': back})}", code=303)


def _next() -> str:
    return urlencode({"next": url_with()})


def on_invalid_form(error: InvalidFormError) -> ResponseReturnValue:
    """Show each field that does not hold, by its label."""
    return error_answer(error.code, error.status, error.params, form=error.form)


def on_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """The form is too old, or was not ours."""
    return error_answer("form_expired", 400)


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """Unknown pages, wrong methods and the like; redirects of the router pass."""
    if isinstance(error, RequestRedirect) or error.code is None or error.code < 400:
        return error.get_response()
    if error.response is not None:
        return error.response
    code = f"http_{error.code}"
    known = code in current_app.config["ERROR_TEXTS"]
    answer = error_answer(code if known else "http", error.code, {"status": error.code})
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def on_failure(error: InternalServerError) -> ResponseReturnValue:
    """Something broke on our side; the page must come even when the database is what broke."""
    log.error("failed", exc_info=error.original_exception or error)
    try:
        db_session().rollback()
        return error_answer("http_500", 500, {"request_id": request_id()})
    except Exception:  # noqa: BLE001 - the last page of all must not fail
        return _last_page()


def _last_page() -> Response:
    told = {"code": "http_500", "params": {"request_id": request_id()}}
    if wants_json():
        answer = jsonify(error=told)
    else:
        answer = current_app.make_response(
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>500</title>'
            f"<h1>系统出错</h1><p>请稍后再试。编号 {request_id()}</p>"
            "<p lang=en>Something broke on our side. Please try again later.</p></html>",
        )
    answer.status_code = 500
    return answer


def init_answers(app: Flask, texts: Texts) -> None:
    """Register the handlers; `texts` maps each code to its Chinese and English sentence."""
    app.config["ERROR_TEXTS"] = texts
    app.register_error_handler(DoubleRandomError, on_house_error)
    app.register_error_handler(SignInNeededError, on_sign_in_needed)
    app.register_error_handler(SecondFactorNeededError, on_second_factor_needed)
    app.register_error_handler(FreshSignInNeededError, on_fresh_sign_in_needed)
    app.register_error_handler(InvalidFormError, on_invalid_form)
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(InternalServerError, on_failure)


def write_json_plainly(app: Flask) -> None:
    """JSON in the order of its members, Chinese as Chinese; extensions bring writers of their own before."""
    writer: Any = app.json
    writer.sort_keys = False
    writer.ensure_ascii = False
