"""Pages of accounts, by noun: each module brings its places in the rail (`NAV`) and what waits (`due`)."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from doublerandom.accounts.views import (
    api_keys,
    bodies,
    desk,
    enterprises,
    grants,
    messages,
    own_account,
    people,
    sign_on,
    signing_in,
    signing_key,
    stand_ins,
)
from doublerandom.accounts.views.blueprint import bp
from doublerandom.web import DueItem

__all__ = ["NAV", "bp", "due"]

PAGES = (
    signing_in,
    sign_on,
    enterprises,
    desk,
    messages,
    own_account,
    signing_key,
    stand_ins,
    grants,
    people,
    bodies,
    api_keys,
)  # in the order of the rail
NAV = [link for pages in PAGES for link in getattr(pages, "NAV", ())]


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits in accounts for one person, noun by noun."""
    for pages in PAGES:
        if waiting := getattr(pages, "due", None):
            yield from waiting(session, user)
