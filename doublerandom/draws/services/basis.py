"""What a draw was prepared from, kept as digests: at the first signature it must still be so."""

import json
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import H, canon
from doublerandom.draws import queries
from doublerandom.draws.errors import (
    BasisChangedError,
    BatchDrawnError,
    ItemNotInForceError,
    PlanLineNotPublishedError,
    PreparedTooLongAgoError,
    TooFewSeatsError,
)
from doublerandom.draws.models import Draw
from doublerandom.draws.services.groundwork import TEAM_SEAT, Groundwork, read_groundwork
from doublerandom.errors import DoubleRandomError
from doublerandom.registry import queries as registry
from doublerandom.registry import rules as rulebook
from doublerandom.registry.errors import InvalidRuleSetError, RuleSetNotFoundError

PREPARED_DAYS: Final = 7
"""How long a prepared draw can be signed, where the rule set does not say (`deadlines.prepared_days`)."""
_COMPARED: Final = ("items", "rules", "manual")


def basis_of(session: Session, ground: Groundwork) -> dict[str, Any]:
    """Digests of the items, the rules and the manual exclusions of a scope, and how to read them again."""
    in_scope = registry.rows_in_scope(
        session,
        sorted(ground.manual),
        body=ground.body,
        filter_text=ground.filter_text,
        on=ground.on,
        caps=ground.rules["caps"],
        items=ground.items,
    )
    return {
        "on": ground.on.isoformat(),
        "joint_with": [{"body": one.body, "plan_line_id": one.plan_line_id} for one in ground.partners],
        "items": H(canon(list(ground.item_versions)).decode()),
        "rules": rulebook.digest_of(ground.rules),
        "manual": H(canon([[row.code, ground.manual[row.code]] for row in in_scope]).decode()),
    }


def check_still_so(session: Session, draw: Draw, *, at: datetime) -> None:
    """
    Refuse to sign what was prepared from other facts than those of now, or too long ago.

    Raises:
        BatchDrawnError: This batch of the line was drawn in the meantime.
        PreparedTooLongAgoError: The days of the rule set are over.
        BasisChangedError: Items, rules or manual exclusions are not as they were.
    """
    if not draw.rehearsal:
        check_batch(session, draw.body_id, queries.line_of(session, draw), draw.annual_item)
    days = json.loads(draw.rules)["deadlines"].get("prepared_days", PREPARED_DAYS)
    if at - draw.created_at > timedelta(days=days):
        raise PreparedTooLongAgoError(draw=draw.number, days=days)
    if draw.basis is not None and (what := _changed(session, draw, draw.basis)):
        raise BasisChangedError(draw=draw.number, what=what)


def check_batch(session: Session, body_id: int, line: str, annual_item: str) -> None:
    """Refuse a batch of a line of which a draw has a result; else the pool that is liked better is signed."""
    drawn = queries.drawn_batch(session, body_id, line, annual_item)
    if drawn is not None:
        following = queries.logged_of_line(session, body_id, line) + 1
        raise BatchDrawnError(annual_item=annual_item, draw=drawn.number, following=following)


def why_not_signable(session: Session, draw: Draw, *, at: datetime) -> DoubleRandomError | None:
    """Why a prepared draw is prepared anew before it can be signed; None where it need not be."""
    try:
        check_still_so(session, draw, at=at)
    except (BatchDrawnError, PreparedTooLongAgoError, BasisChangedError) as error:
        return error
    return None


def _changed(session: Session, draw: Draw, basis: dict[str, Any]) -> str:
    """Which of the facts differs: `items`, `rules`, `manual`, or none."""
    plan = queries.plan_of(draw)
    try:
        ground = read_groundwork(
            session,
            body=accounts.body_by_id(session, draw.body_id).token,
            plan_line=queries.line_of(session, draw),
            on=date.fromisoformat(basis["on"]),
            team=plan["team"],
            filter_text=plan["filter"],
            teams=any(seat["seat"] == TEAM_SEAT for seat in plan["team"]),
            joint_with=basis["joint_with"],
            supersedes=draw.supersedes,
        )
    except (ItemNotInForceError, PlanLineNotPublishedError):
        return "items"
    except (RuleSetNotFoundError, InvalidRuleSetError, TooFewSeatsError):
        return "rules"
    now = basis_of(session, ground)
    return next((what for what in _COMPARED if now[what] != basis[what]), "")
