"""Preparations and draws of other bodies beside a draft, and offers to make one of two."""

from collections.abc import Collection

from sqlmodel import Session, col, or_, select

from doublerandom.draws.errors import OfferNotFoundError
from doublerandom.draws.models import Draft, DraftState, Draw, DrawStatus, MergeOffer, OfferState

_MOST = 50
_AHEAD = (DrawStatus.PREPARED, DrawStatus.SIGNED, DrawStatus.COMMITTED)


def drafts_of_bodies(session: Session, body_ids: Collection[int]) -> list[Draft]:
    """Preparations under way of these bodies, without rehearsals; newest first."""
    statement = select(Draft).where(
        col(Draft.body_id).in_(sorted(set(body_ids))),
        col(Draft.rehearsal).is_(False),
        col(Draft.state).in_((DraftState.OPEN, DraftState.WORKING)),
    )
    return list(session.exec(statement.order_by(col(Draft.id).desc()).limit(_MOST)))


def draws_ahead_of_bodies(session: Session, body_ids: Collection[int]) -> list[Draw]:
    """Draws of these bodies that are prepared, signed or committed, without rehearsals; newest first."""
    statement = select(Draw).where(
        col(Draw.body_id).in_(sorted(set(body_ids))),
        col(Draw.rehearsal).is_(False),
        col(Draw.status).in_(_AHEAD),
    )
    return list(session.exec(statement.order_by(col(Draw.id).desc()).limit(_MOST)))


def offers_of_draft(session: Session, draft_id: int) -> list[MergeOffer]:
    """Offers that a draft made or was made, newest first."""
    mine = or_(MergeOffer.draft_id == draft_id, MergeOffer.other_id == draft_id)
    return list(session.exec(select(MergeOffer).where(mine).order_by(col(MergeOffer.id).desc())))


def open_offer(session: Session, one: int, other: int) -> MergeOffer | None:
    """The offer between two drafts that waits for an answer, whoever made it."""
    pair = or_(
        (MergeOffer.draft_id == one) & (MergeOffer.other_id == other),
        (MergeOffer.draft_id == other) & (MergeOffer.other_id == one),
    )
    statement = select(MergeOffer).where(pair, MergeOffer.state == OfferState.OPEN)
    return session.exec(statement.order_by(col(MergeOffer.id))).first()


def open_offers_to(session: Session, body_ids: Collection[int]) -> list[tuple[MergeOffer, Draft, Draft]]:
    """Offers that these bodies have to answer: each with the draft that offers and the one it is to."""
    statement = (
        select(MergeOffer, Draft)
        .join(Draft, col(Draft.id) == col(MergeOffer.other_id))
        .where(col(Draft.body_id).in_(sorted(set(body_ids))), MergeOffer.state == OfferState.OPEN)
        .order_by(col(MergeOffer.id))
    )
    return [(offer, session.get_one(Draft, offer.draft_id), to) for offer, to in session.exec(statement)]


def offer_for_update(session: Session, offer_id: int) -> MergeOffer:
    """An offer, read anew and held until the command ends; or OfferNotFoundError."""
    statement = select(MergeOffer).where(MergeOffer.id == offer_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise OfferNotFoundError(id=offer_id)
    return found
