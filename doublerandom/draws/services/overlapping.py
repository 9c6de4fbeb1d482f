"""Two departments at one door: overlaps between preparations, the offer to make one joint draw of two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.dr1.canon import Record
from doublerandom.draws import queries
from doublerandom.draws.acts import DraftMerged, MergeAnswered, MergeOffered
from doublerandom.draws.errors import OfferNotFoundError, OfferRefusedError
from doublerandom.draws.models import Draft, DraftState, MergeOffer, OfferState
from doublerandom.draws.services.drafting import TOLD_OF_WORK
from doublerandom.draws.services.groundwork import MOST_SEATS, team_seats
from doublerandom.draws.services.preparing_notices import tell_answered, tell_offered
from doublerandom.draws.wishes import TEAMS
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries as registry
from doublerandom.registry.plan_lines import days_of_line
from doublerandom.registry.rule_shape import EXPERT

JOINT = "joint"


@dataclass(frozen=True)
class Overlap:
    """Another body's preparation or draw in the same period, and how many subjects are in both scopes."""

    kind: str
    id: int
    number: str
    body: str
    line: str
    due: datetime | None
    first: date
    last: date
    common: int
    offer: MergeOffer | None
    offered_here: bool
    can_offer: bool


@dataclass(frozen=True)
class _Scope:
    """Whom a preparation or draw is from, and when."""

    body: Body
    filter: str
    first: date
    last: date

    def meets(self, other: "_Scope") -> bool:
        """Whether regions and periods touch."""
        own, others = (accounts.region_subtree_prefix(one.body.region) for one in (self, other))
        near = self.body.region.startswith(others) or other.body.region.startswith(own)
        return near and self.first <= other.last and other.first <= self.last


def overlaps(session: Session, draft: Draft, *, at: datetime) -> list[Overlap]:
    """
    Other departments' preparations and draws with subjects of this draft's scope, in the same period.

    Only counts are told: whom a closed pool holds, nobody learns here. A rehearsal overlaps with nothing.
    """
    if draft.rehearsal:
        return []
    own = _of_draft(session, draft)
    others = [
        body.id for body in accounts.bodies(session) if body.id != draft.body_id and body.id is not None
    ]
    found = [*_drafts(session, draft, own, others, at), *_draws(session, own, others, at)]
    return sorted(found, key=lambda each: (-each.common, each.kind, each.id))


def _of_draft(session: Session, draft: Draft) -> _Scope:
    line = registry.plan_line_by_id(session, draft.plan_line_id)
    first, last = days_of_line(line, registry.plan_of_line(session, line).year)
    if "due" in draft.wish:
        first = local(datetime.fromisoformat(draft.wish["due"])).date()
    body = accounts.body_by_id(session, draft.body_id)
    return _Scope(body, draft.wish.get("filter", line.filter), first, max(first, last))


def _drafts(
    session: Session, draft: Draft, own: _Scope, others: list[int], at: datetime
) -> Iterator[Overlap]:
    assert draft.id is not None
    for other in queries.drafts_of_bodies(session, others):
        theirs = _of_draft(session, other)
        if not own.meets(theirs) or not (common := _common(session, own, theirs, at)):
            continue
        assert other.id is not None
        offer = queries.open_offer(session, draft.id, other.id)
        line = registry.plan_line_by_id(session, other.plan_line_id)
        free = draft.state is DraftState.OPEN and other.state is DraftState.OPEN and offer is None
        yield Overlap(
            kind="draft",
            id=other.id,
            number="",
            body=theirs.body.name,
            line=line.name,
            due=datetime.fromisoformat(other.wish["due"]) if "due" in other.wish else None,
            first=theirs.first,
            last=theirs.last,
            common=common,
            offer=offer,
            offered_here=offer is not None and offer.draft_id == draft.id,
            can_offer=free and own.body.line != theirs.body.line,
        )


def _draws(session: Session, own: _Scope, others: list[int], at: datetime) -> Iterator[Overlap]:
    for draw in queries.draws_ahead_of_bodies(session, others):
        body = accounts.body_by_id(session, draw.body_id)
        days = local(draw.due).date(), local(draw.reveal_by).date()
        theirs = _Scope(body, queries.plan_of(draw)["filter"], *days)
        if own.meets(theirs) and (common := _common(session, own, theirs, at)):
            assert draw.id is not None
            yield Overlap(
                kind="draw",
                id=draw.id,
                number=draw.number,
                body=body.name,
                line=draw.title,
                due=draw.due,
                first=days[0],
                last=days[1],
                common=common,
                offer=None,
                offered_here=False,
                can_offer=False,
            )


def _common(session: Session, one: _Scope, other: _Scope, at: datetime) -> int:
    """How many subjects that are still registered stand in both scopes today."""
    on = local(at).date()
    return registry.common_size(session, [(one.body, one.filter), (other.body, other.filter)], on=on)


def offer_merge(session: Session, draft_id: int, other_id: int, *, by: str, at: datetime) -> MergeOffer:
    """
    Offer another department to take its preparation into this one, as one joint draw (综合查一次).

    Raises:
        OfferRefusedError: They cannot become one; `why` says why.
    """
    with transaction(session):
        draft, other = (queries.draft_for_update(session, number) for number in (draft_id, other_id))
        _check_pair(session, draft, other)
        if queries.open_offer(session, draft_id, other_id):
            raise OfferRefusedError(why="open")
        common = _common(session, _of_draft(session, draft), _of_draft(session, other), at)
        if not common:
            raise OfferRefusedError(why="none")
        offer = MergeOffer(draft_id=draft_id, other_id=other_id, common=common, by=by, at=at)
        session.add(offer)
        session.flush()
        act = MergeOffered(on_id=str(offer.id), draft=draft_id, other=other_id, common=common)
        put_on_record(session, act, by=by, at=at, after=offer)
        tell_offered(session, offer, draft, other, at=at)
    return offer


def _check_pair(session: Session, draft: Draft, other: Draft) -> None:
    one, two = (accounts.body_by_id(session, each.body_id) for each in (draft, other))
    if one.id == two.id or one.line == two.line:
        raise OfferRefusedError(why="body")
    if draft.rehearsal or other.rehearsal:
        raise OfferRefusedError(why="rehearsal")
    if draft.state is not DraftState.OPEN or other.state is not DraftState.OPEN:
        raise OfferRefusedError(why="state")


def answer_offer(
    session: Session, offer_id: int, *, accept: bool, body_id: int, by: str, at: datetime, reason: str = ""
) -> MergeOffer:
    """
    Accept or refuse, as the body whose preparation would join.

    Accepted, the draft that offered has the other's items and its department's seats too, and is confirmed
    anew from the team on; the other draft is left, and says into which it went.

    Raises:
        OfferNotFoundError: It is not for this body to answer.
        OfferRefusedError: It was decided before, or the two cannot become one any more.
    """
    with transaction(session):
        offer = _open(session, offer_id)
        draft, other = (
            queries.draft_for_update(session, number) for number in (offer.draft_id, offer.other_id)
        )
        if other.body_id != body_id:
            raise OfferNotFoundError(id=offer_id)
        if accept:
            _check_pair(session, draft, other)
            _join(session, draft, other, by=by, at=at)
        _decide(session, offer, OfferState.ACCEPTED if accept else OfferState.REFUSED, reason, by=by, at=at)
        tell_answered(session, offer, other, at=at)
    return offer


def withdraw_offer(session: Session, offer_id: int, *, body_id: int, by: str, at: datetime) -> MergeOffer:
    """Take an offer back, as the body that made it; errors as of `answer_offer`."""
    with transaction(session):
        offer = _open(session, offer_id)
        if queries.draft_for_update(session, offer.draft_id).body_id != body_id:
            raise OfferNotFoundError(id=offer_id)
        _decide(session, offer, OfferState.WITHDRAWN, "", by=by, at=at)
    return offer


def _open(session: Session, offer_id: int) -> MergeOffer:
    offer = queries.offer_for_update(session, offer_id)
    if offer.state is not OfferState.OPEN:
        raise OfferRefusedError(why="decided")
    return offer


def _decide(
    session: Session, offer: MergeOffer, state: OfferState, reason: str, *, by: str, at: datetime
) -> None:
    before = fingerprint(offer)
    offer.sqlmodel_update({"state": state, "decided_by": by, "decided_at": at, "reason": reason})
    act = MergeAnswered(
        on_id=str(offer.id), draft=offer.draft_id, other=offer.other_id, state=state.value, reason=reason
    )
    put_on_record(session, act, by=by, at=at, before=before, after=offer)


def _join(session: Session, draft: Draft, other: Draft, *, by: str, at: datetime) -> None:
    """The one draft takes in the other's line, items and seats; the other is left."""
    assert draft.id is not None
    assert other.id is not None
    body = accounts.body_by_id(session, other.body_id)
    joint = {"body": body.token, "plan_line_id": other.plan_line_id, "draft": other.id}
    seats = [*_seats(session, draft, at), *_joint_seats(session, other, body, at)]
    if len(seats) > MOST_SEATS:
        raise OfferRefusedError(why="seats")
    wish = {
        **draft.wish,
        "team": seats,
        "joint_with": [*draft.wish.get("joint_with", []), joint, *other.wish.get("joint_with", [])],
    }
    before, others_before = fingerprint(draft), fingerprint(other)
    draft.wish, draft.changed_at, draft.progress = wish, at, 0
    draft.confirmed = [step for step in draft.confirmed if step in {"scope", "strata"}]
    draft.told = {name: value for name, value in draft.told.items() if name not in TOLD_OF_WORK}
    other.state, other.changed_at = DraftState.LEFT, at
    other.told = {**other.told, "merged_into": draft.id}
    for row, was, act in (
        (draft, before, DraftMerged(on_id=str(draft.id), other=other.id, leads=True)),
        (other, others_before, DraftMerged(on_id=str(other.id), other=draft.id, leads=False)),
    ):
        put_on_record(session, act, by=by, at=at, before=was, after=row)


def _seats(session: Session, draft: Draft, at: datetime) -> list[Record]:
    """The seats of a draft: those chosen, or by the rules in force today; each names its line of work."""
    body = accounts.body_by_id(session, draft.body_id)
    line = registry.plan_line_by_id(session, draft.plan_line_id)
    seats = draft.wish.get("team")
    if seats is None:
        rules = registry.rule_set_in_force(session, body=body, on=local(at).date(), domain=line.domain).rules
        seats = team_seats(rules["team"]) if draft.wish.get("inspectors") == TEAMS else rules["team"]
    return [
        dict(seat) if seat["seat"] == EXPERT or "department" in seat else {**seat, "department": body.line}
        for seat in seats
    ]


def _joint_seats(session: Session, other: Draft, body: Body, at: datetime) -> list[dict[str, Any]]:
    """The other department's own seats, in the joint team."""
    return [
        {**seat, "seat": JOINT}
        for seat in _seats(session, other, at)
        if seat["seat"] != EXPERT and seat["department"] == body.line
    ]
