"""Messages while draws are prepared: offers to merge and manual exclusions that wait for somebody's word."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.accounts import services as messages
from doublerandom.clock import local
from doublerandom.draws.models import Draft, ExclusionState, ManualExclusion, MergeOffer, OfferState
from doublerandom.registry import queries as registry


def tell_offered(session: Session, offer: MergeOffer, draft: Draft, other: Draft, *, at: datetime) -> None:
    """The other department's planners are asked to join."""
    body = accounts.body_by_id(session, other.body_id)
    to = accounts.holders_for(session, body.path, ("planner",), on=local(at).date())
    _send_offer(session, offer, "merge_offered", to, told_by=draft.body_id, line_of=other, at=at)


def tell_answered(session: Session, offer: MergeOffer, other: Draft, *, at: datetime) -> None:
    """Who offered hears the answer; an offer taken back is told nobody."""
    if offer.state in {OfferState.ACCEPTED, OfferState.REFUSED}:
        kind = f"merge_{offer.state.value}"
        _send_offer(session, offer, kind, [offer.by], told_by=other.body_id, line_of=other, at=at)


def _send_offer(
    session: Session,
    offer: MergeOffer,
    kind: str,
    to: Sequence[str],
    *,
    told_by: int,
    line_of: Draft,
    at: datetime,
) -> None:
    messages.send(
        session,
        to=to,
        kind=kind,
        params={
            "body": accounts.body_by_id(session, told_by).name,
            "line": registry.plan_line_by_id(session, line_of.plan_line_id).name,
        },
        url=f"/desk/draws/offers/{offer.id}",
        at=at,
        key=f"{kind}|{offer.id}",
    )


def tell_exclusion(session: Session, row: ManualExclusion, *, at: datetime) -> None:
    """A request waits for the body's supervisors, or was decided on; without the subject's code or name."""
    kind, to = f"exclusion_{row.state.value}", [row.by]
    if row.state is ExclusionState.REQUESTED:
        path = accounts.body_by_id(session, row.body_id).path
        holders = accounts.holders_for(session, path, ("supervisor",), above=True, on=local(at).date())
        to = [person for person in holders if person != row.by]
    if row.state is not ExclusionState.WITHDRAWN:
        messages.send(
            session,
            to=to,
            kind=kind,
            params={"n": row.id},
            url=f"/desk/draws/exclusions/{row.id}",
            at=at,
            key=f"{kind}|{row.id}",
        )
