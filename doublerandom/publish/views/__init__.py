"""The public site by noun, its places in the rail (`NAV`), and what waits in this room (`due`)."""

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom.publish import (
    certificates,
    log_pages,
    log_views,
    offices,
    own_records,
    plan_pages,
    reviews,
    witness_views,
)
from doublerandom.publish.views import draws, items, log, results, site
from doublerandom.publish.views.blueprint import bp
from doublerandom.web import DueItem, NavLink

__all__ = ["NAV", "bp", "draws", "due", "items", "log", "results", "site"]

for part in (
    log_views.bp,
    log_pages.bp,
    witness_views.bp,
    plan_pages.bp,
    reviews.bp,
    own_records.bp,
    offices.bp,
    own_records.proofs,
    certificates.bp,
):
    bp.register_blueprint(part)
NAV = [NavLink("publish", "publish.reviews.waiting", _l("结果审核"), "clipboard-check", ("reviewer",))]


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits in this room."""
    return reviews.due(session, user)
