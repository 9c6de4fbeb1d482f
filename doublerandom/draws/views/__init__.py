"""The desk of draws, by noun: each module brings its places in the rail (`NAV`) and what waits (`due`)."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from sqlmodel import Session

from doublerandom.draws.views import (
    alarms,
    calendar,
    ceremony,
    desk,
    draft_preflight,
    draft_steps,
    drafts,
    exclusions,
    merging,
    parties,
    replacements,
    signing,
    temporary_tasks,
    values,
    voids,
    wizard_words,
)
from doublerandom.draws.views.blueprint import bp
from doublerandom.web import DueItem

__all__ = ["NAV", "bp", "due"]

PAGES: tuple[ModuleType, ...] = (
    desk,
    signing,
    parties,
    voids,
    replacements,
    drafts,
    draft_steps,
    draft_preflight,
    merging,
    exclusions,
    wizard_words,
    temporary_tasks,
    calendar,
    values,
    ceremony,
    alarms,
)  # in the order of the rail
NAV = [link for pages in PAGES for link in pages.NAV]


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits in this room for one person, noun by noun."""
    for pages in PAGES:
        if waiting := getattr(pages, "due", None):
            yield from waiting(session, user)
