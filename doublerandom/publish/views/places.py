"""Names of bodies as public pages write them."""

from sqlmodel import Session

from doublerandom.accounts import queries as accounts_queries
from doublerandom.web import (
    lang,
)


def names_by_token(session: Session) -> dict[str, str]:
    """Names of all bodies by token, in the language of the page."""
    return {body.token: name_of(body) for body in accounts_queries.bodies(session)}


def name_of(body: accounts_queries.Body) -> str:
    """The name of a body, in the language of the page."""
    return body.name_en if lang() == "en" and body.name_en else body.name


def names_by_id(session: Session) -> dict[int | None, str]:
    """Names of all bodies by row, in the language of the page."""
    return {body.id: name_of(body) for body in accounts_queries.bodies(session)}
