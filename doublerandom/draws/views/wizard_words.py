"""Words that the partial pages of preparations need: codes, seats, regions, quotas; a refusal's sentence."""

from collections.abc import Mapping
from typing import Any, Final

from flask import g
from flask_babel import gettext as _

from doublerandom.accounts import queries as accounts
from doublerandom.draws.exclusions import reason_name
from doublerandom.draws.plan_words import stratum_in_words
from doublerandom.draws.services.groundwork import UNKNOWN_REGION
from doublerandom.draws.views.blueprint import bp
from doublerandom.registry import names
from doublerandom.registry.rule_shape import EXPERT
from doublerandom.registry.structure_words import quota_words
from doublerandom.web import db_session, lang
from doublerandom.web.answers import sentence

NAV: Final[list[Any]] = []


class Said(str):
    """A parameter of a refusal, kept in both languages."""

    __slots__ = ("words",)
    words: tuple[str, str]

    def __format__(self, spec: str) -> str:
        """One language's words."""
        return self.words[spec == "en"] if spec in {"zh", "en"} else super().__format__(spec)


@bp.app_template_filter("reason_in_words")
def reason_in_words(code: str) -> str:
    """Why a subject cannot be drawn, or an inspector not be dealt."""
    return str(names.INSPECTOR_REASONS.get(code, "")) or reason_name(code)


bp.add_app_template_filter(stratum_in_words)


@bp.app_template_filter("region_in_words")
def region_in_words(code: str) -> str:
    """A region's name; the names of one page are looked up once each."""
    if code == UNKNOWN_REGION:
        return str(_("区划不明"))
    known: dict[str, str] = g.setdefault("region_names", {})
    if code not in known:
        known[code] = accounts.region_name(db_session(), code)
    return known[code]


@bp.app_template_filter("seat_in_words")
def seat_in_words(seat: Mapping[str, Any]) -> str:
    """A seat with who may hold it; an expert's line of work goes without saying."""
    shown = {key: value for key, value in seat.items() if key in {"seat", "department", "skills"}}
    if shown.get("department") == EXPERT:
        del shown["department"]
    return names.seat_words(shown)


@bp.app_template_filter("seat_name_in_words")
def seat_name_in_words(token: str) -> str:
    """A seat's name alone."""
    return names.seat_name(token)


@bp.app_template_filter("line_in_words")
def line_in_words(token: str) -> str:
    """A line of work."""
    return names.line_name(token)


@bp.app_template_filter("skill_in_words")
def skill_in_words(token: str) -> str:
    """A qualification."""
    return str(names.SKILL_NAMES.get(token, token))


@bp.app_template_filter("quota_in_words")
def quota_in_words(quota: Mapping[str, Any]) -> str:
    """What a rule set prescribes for a stratum."""
    match quota["kind"]:
        case "per_inspector":
            each, people = quota["rate"].split("/")
            return str(_("每 %(people)s 名检查人员 %(each)s 户", people=people, each=each))
        case "excluded":
            return str(_("不抽取"))
        case _:
            return quota_words(quota)


@bp.app_template_global("refusal_sentence")
def refusal_sentence(refusal: Mapping[str, Any]) -> str:
    """What a draft's row says of why the work was refused, in the reader's language."""
    params: dict[str, Any] = {}
    for name, value in refusal["params"].items():
        params[name] = _said(value) if isinstance(value, list) and len(value) == 2 else value
    return sentence(refusal["code"], params, lang())


def _said(words: list[Any]) -> Any:
    if not all(isinstance(each, str) for each in words):
        return words
    found = Said(words[0])
    found.words = (words[0], words[1])
    return found
