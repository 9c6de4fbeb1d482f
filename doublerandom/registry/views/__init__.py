"""The registry's pages, by noun: each module brings its places in the rail (`NAV`) and what waits (`due`)."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from doublerandom.registry.views import (
    access_codes,
    api_docs,
    availability,
    calendar,
    conflict_records,
    conflicts,
    handovers,
    import_batches,
    imports,
    inspector_papers,
    inspector_records,
    inspectors,
    item_structure,
    items,
    plan_acts,
    plan_lines,
    plans,
    pool_changes,
    rule_comparison,
    rule_drafts,
    rule_sets,
    subject,
    subject_acts,
    subject_entry,
    subjects_bulk,
    subjects_list,
    teams,
    ties,
    visits,
)
from doublerandom.registry.views.api import api as API  # noqa: N812 - what app.py looks for
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import DueItem

__all__ = ["API", "NAV", "bp", "due"]

PAGES = (
    items,
    item_structure,
    plans,
    plan_acts,
    plan_lines,
    subjects_list,
    subject,
    subject_acts,
    subject_entry,
    pool_changes,
    subjects_bulk,
    imports,
    import_batches,
    inspectors,
    inspector_records,
    inspector_papers,
    teams,
    availability,
    conflicts,
    conflict_records,
    ties,
    visits,
    handovers,
    access_codes,
    api_docs,
    rule_sets,
    rule_drafts,
    rule_comparison,
    calendar,
)  # in the order of the rail
NAV = [link for pages in PAGES for link in pages.NAV]


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits in the registry for one person, noun by noun."""
    for pages in PAGES:
        if waiting := getattr(pages, "due", None):
            yield from waiting(session, user)
