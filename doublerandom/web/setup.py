"""The site's own parts put together: database session, CSRF, languages, headers, templates, answers."""

import hashlib
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, flash, request
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from doublerandom import clock, logs
from doublerandom.config import Settings, secret_from_file
from doublerandom.db import HABITS, configure_engine
from doublerandom.web import access, addresses, answers, headers, intake, languages, navigation, words
from doublerandom.web.database import db
from doublerandom.web.icons import icon

csrf = CSRFProtect()

COMPRESSED_TYPES = [
    "text/html",
    "text/css",
    "text/plain",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/x-ndjson",
    "image/svg+xml",
]


def settings() -> Settings:
    """The settings this site runs under."""
    found = current_app.config["SETTINGS"]
    assert isinstance(found, Settings)
    return found


def flash_done(message: Any) -> None:
    """Say on the next page, once, what has been done."""
    flash(message, "done")


def configure(app: Flask, house: Settings) -> None:
    """Flask's configuration out of the house's settings; keys are made on first start."""
    app.config.update(
        SETTINGS=house,
        TESTING=house.testing,
        SECRET_KEY=secret_from_file(house.keys_dir / "session.key"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=house.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=house.session_hours * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SQLALCHEMY_ENGINES={"default": {"url": house.resolved_database_url, **HABITS}},
        BABEL_DEFAULT_LOCALE="zh_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BOOTSTRAP_SERVE_LOCAL=True,
        COMPRESS_MIMETYPES=COMPRESSED_TYPES,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "deflate"],
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )


def trust_proxies(app: Flask, count: int) -> None:
    """Believe what `count` proxies in front of us say of the reader's address, scheme and host."""
    if count:
        believed = {"x_for": count, "x_proto": count, "x_host": count}
        app.wsgi_app = ProxyFix(app.wsgi_app, **believed)  # type: ignore[method-assign]


def init_web(app: Flask, house: Settings, texts: answers.Texts) -> None:
    """Everything a page needs that belongs to no room; `texts` are the sentences of all rooms' errors."""
    configure(app, house)
    trust_proxies(app, house.proxies)
    logs.init_logs(app, house)
    _init_database(app)
    csrf.init_app(app)
    Bootstrap5(app)
    Compress(app)
    app.after_request(_read_static_files_whole)
    languages.HouseBabel(app, locale_selector=languages.choose_locale)
    app.register_blueprint(languages.bp)
    headers.init_headers(app, https=house.secure_cookies)
    answers.init_answers(app, texts)
    intake.init_intake(app)
    app.before_request(access.guard)
    _init_templates(app)


def _init_database(app: Flask) -> None:
    """Sessions, but no asynchronous ones: their clean-up would cost an event loop at every request."""
    db.init_app(app)
    app.teardown_appcontext_funcs = [
        clean_up for clean_up in app.teardown_appcontext_funcs if not iscoroutinefunction(clean_up)
    ]
    configure_engine(_engine(app))


def _engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def _init_templates(app: Flask) -> None:
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.globals.update(
        icon=icon,
        error_sentence=answers.sentence_of,
        room_name=navigation.ROOM_NAMES.__getitem__,
        _l=lazy_gettext,
        url_with=addresses.url_with,
        outside_url=addresses.outside_url,
        has_role=access.has_role,
        lang=languages.lang,
        now=clock.now,
        public_menu=navigation.public_menu,
        rail=navigation.rail,
        is_here=navigation.is_here,
        on_desk=navigation.on_desk,
        has_page=lambda path: path in app.config["PAGES"],
    )
    app.context_processor(_page_facts)
    app.url_defaults(_fingerprint)


def _page_facts() -> dict[str, Any]:
    """What every template knows."""
    house = settings()
    locale = get_locale()
    return {
        "settings": house,
        "signed_in": access.current_user(),
        "html_lang": "en" if locale is not None and locale.language == "en" else "zh-CN",
        "site_name": _("双随机、一公开监管平台"),
    }


def _read_static_files_whole(answer: Response) -> Response:
    """Style sheets are read whole before they are compressed: a compressed stream leaves its file open."""
    if request.endpoint in headers.STATIC and answer.mimetype in COMPRESSED_TYPES:
        answer.direct_passthrough = False
        answer.make_sequence()
    return answer


def _fingerprint(endpoint: str, values: dict[str, Any]) -> None:
    """Put a static file's digest into its address, so that browsers fetch a changed file at once."""
    if endpoint != "static" or "filename" not in values or "v" in values:
        return
    digests: dict[str, str] = current_app.extensions.setdefault("static_digests", {})
    name = values["filename"]
    if name not in digests or current_app.debug:
        path = Path(str(current_app.static_folder)) / name
        digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
    if digests[name]:
        values["v"] = digests[name]
