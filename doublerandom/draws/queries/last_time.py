"""The last draw of a plan line, against which the pool of the next one is held."""

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, or_, select

from doublerandom.draws.models import Draw
from doublerandom.draws.queries.records import plan_of

_LOOKED_AT = 50


def last_draw_of_line(session: Session, *, body_id: int, line: str, items: Collection[str]) -> Draw | None:
    """The newest logged draw of this body for this line, or else for the same items (say, of last year)."""
    logged = select(Draw).where(Draw.body_id == body_id, Draw.seq > 0).order_by(col(Draw.seq).desc())
    item = col(Draw.annual_item)
    of_line = logged.where(or_(item == line, item.startswith(f"{line}.", autoescape=True)))
    found = session.exec(of_line.limit(1)).first()
    if found is not None:
        return found
    for draw in session.exec(logged.limit(_LOOKED_AT)).all():
        if set(plan_of(draw)["items"]) == set(items):
            return draw
    return None


def last_time(
    session: Session, *, body_id: int, line: str, items: Collection[str], filter_text: str
) -> dict[str, Any]:
    """The pool of the last draw in figures, as a pre-flight says it; empty where there was none."""
    draw = last_draw_of_line(session, body_id=body_id, line=line, items=items)
    if draw is None:
        return {}
    told = draw.preflight
    return {
        "number": draw.number,
        "due": draw.due.isoformat(),
        "subjects": told["subjects"],
        "open": told["subjects"] - sum(told["excluded"].values()),
        "excluded": told["excluded"],
        "take": told["take"],
        "inspectors": told["inspectors"] - sum(told["inspectors_excluded"].values()),
        "same_filter": plan_of(draw)["filter"] == filter_text,
    }
