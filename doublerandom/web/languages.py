"""Two languages: Chinese stands in the code, English is read at start from `translations/en/parts`."""

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain, get_locale

from doublerandom.errors import NotFoundError
from doublerandom.web.access import public
from doublerandom.web.addresses import local_path

LOCALES = {"zh": "zh_CN", "en": "en"}
COOKIE = "lang"
PARTS = Path(__file__).parents[1] / "translations" / "en" / "parts"
ONE_YEAR = 365 * 24 * 3600

bp = Blueprint("languages", __name__)


def parts_of_english(parts: Path = PARTS) -> Iterator[tuple[str, Catalog]]:
    """Each part with its file's name, in the order of the names."""
    for part in sorted(parts.glob("*.po")):
        with part.open("rb") as lines:
            yield part.name, read_po(lines, locale="en", charset="utf-8")


def english_catalogue(parts: Path = PARTS) -> Catalog:
    """All parts as one catalogue; where two disagree (a test forbids it) the first stands."""
    merged = Catalog(locale="en", charset="utf-8")
    for _name, part in parts_of_english(parts):
        for message in part:
            if message.id and message.string and merged.get(message.id) is None:
                merged.add(message.id, message.string)
    return merged


@lru_cache(maxsize=1)
def english() -> Translations:
    """The English catalogue, ready to look up."""
    compiled = io.BytesIO()
    write_mo(compiled, english_catalogue())
    compiled.seek(0)
    return Translations(fp=compiled)


class HouseDomain(Domain):  # type: ignore[misc]  # Flask-Babel is untyped
    """Where gettext looks: the merged English parts; Chinese is what stands in the code."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the page's language."""
        locale = get_locale()
        return english() if locale is not None and locale.language == "en" else NullTranslations()


class HouseBabel(Babel):  # type: ignore[misc]  # Flask-Babel is untyped
    """Flask-Babel with our domain."""

    domain_instance = HouseDomain()


def choose_locale() -> str:
    """The language asked for in the address, else the one chosen before, else Chinese."""
    asked = request.args.get("lang") or request.cookies.get(COOKIE) or "zh"
    return LOCALES.get(asked, LOCALES["zh"])


def lang() -> str:
    """`zh` or `en`: the language of the page."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


@bp.get("/lang/<language>")
@public
def switch(language: str) -> ResponseReturnValue:
    """Remember the language and go back to the same page."""
    if language not in LOCALES:
        raise NotFoundError
    answer = redirect(local_path(request.args.get("next")), code=303)
    answer.set_cookie(
        COOKIE,
        language,
        max_age=ONE_YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return answer
