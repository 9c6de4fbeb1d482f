"""Offers to make one joint draw of two preparations; the work on a draft ended earlier, or stopped."""

from collections.abc import Iterator
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import queries, services
from doublerandom.draws.errors import OfferNotFoundError, OfferRefusedError
from doublerandom.draws.forms.exclusions import OfferAnswerForm
from doublerandom.draws.models import Draft, MergeOffer, OfferState
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.drafts import own_body, own_draft
from doublerandom.registry import queries as registry
from doublerandom.web import DueItem, current_person, db_session, flash_done, has_role, requires

NAV: Final[list[Any]] = []


@bp.post("/drafts/<int:draft_id>/offers")
@requires("planner")
def offer_merge(draft_id: int) -> ResponseReturnValue:
    """Offer another department to go together."""
    draft = own_draft(draft_id)
    other = request.form.get("other", "")
    if not (other.isascii() and other.isdigit() and len(other) < 10):
        raise OfferNotFoundError(id=other)
    services.offer_merge(db_session(), draft.id or 0, int(other), by=current_person(), at=clock.now())
    flash_done(_("已向对方提议合并，等待答复。"))
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step="scope"), code=303)


@bp.get("/offers/<int:offer_id>")
@requires("planner", "head", "supervisor")
def merge_offer(offer_id: int) -> ResponseReturnValue:
    """An offer, as either department sees it: counts alone."""
    return _offer_page(*_in_sight(offer_id), OfferAnswerForm())


def _in_sight(offer_id: int) -> tuple[MergeOffer, Draft, Draft]:
    """An offer with its two drafts, if one of them is of the own body; else OfferNotFoundError."""
    session = db_session()
    offer = session.get(MergeOffer, offer_id)
    if offer is None:
        raise OfferNotFoundError(id=offer_id)
    draft, other = (queries.draft(session, number) for number in (offer.draft_id, offer.other_id))
    if own_body().id not in {draft.body_id, other.body_id}:
        raise OfferNotFoundError(id=offer_id)
    return offer, draft, other


def _offer_page(offer: MergeOffer, draft: Draft, other: Draft, form: OfferAnswerForm) -> str:
    session = db_session()
    lines = [registry.plan_line_by_id(session, each.plan_line_id) for each in (draft, other)]
    return render_template(
        "draws/merge_offer.html",
        offer=offer,
        draft=draft,
        other=other,
        bodies=[accounts.body_by_id(session, each.body_id) for each in (draft, other)],
        lines=lines,
        people=accounts.person_names(session, {offer.by, offer.decided_by}),
        form=form,
        answers=has_role("planner") and offer.state is OfferState.OPEN and other.body_id == own_body().id,
    )


@bp.post("/offers/<int:offer_id>/answer")
@requires("planner")
def answer_offer(offer_id: int) -> ResponseReturnValue:
    """Accept or refuse, as the department whose preparation would join."""
    found, form = _in_sight(offer_id), OfferAnswerForm()
    accept = form.answer.data == "accept"
    if not form.carries_out(lambda: _answer(offer_id, form, accept=accept), also=(OfferRefusedError,)):
        return _offer_page(*found, form), 422
    flash_done(_("已合并：由对方牵头准备，本机关的事项和席位已并入。") if accept else _("已答复不合并。"))
    return redirect(url_for("draws.merge_offer", offer_id=offer_id), code=303)


def _answer(offer_id: int, form: OfferAnswerForm, *, accept: bool) -> None:
    services.answer_offer(
        db_session(),
        offer_id,
        accept=accept,
        body_id=own_body().id or 0,
        by=current_person(),
        at=clock.now(),
        reason=form.reason.data or "",
    )


@bp.post("/offers/<int:offer_id>/withdrawal")
@requires("planner")
def withdraw_offer(offer_id: int) -> ResponseReturnValue:
    """Take an offer back."""
    _offer, draft, _other = _in_sight(offer_id)
    services.withdraw_offer(
        db_session(), offer_id, body_id=own_body().id or 0, by=current_person(), at=clock.now()
    )
    flash_done(_("已撤回提议。"))
    return redirect(url_for("draws.draft_step", draft_id=draft.id, step="scope"), code=303)


@bp.post("/drafts/<int:draft_id>/enough")
@requires("planner")
def work_enough(draft_id: int) -> ResponseReturnValue:
    """Go on with what was simulated so far."""
    own_draft(draft_id)
    services.enough(db_session(), draft_id, by=current_person(), at=clock.now())
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step="preflight"), code=303)


@bp.post("/drafts/<int:draft_id>/stop")
@requires("planner")
def work_stop(draft_id: int) -> ResponseReturnValue:
    """Stop the work on a draft."""
    own_draft(draft_id)
    services.stop_work(db_session(), draft_id, by=current_person(), at=clock.now())
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step="preflight"), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a planner: offers of other departments."""
    if "planner" not in user.acting_roles:
        return
    for offer, draft, other in queries.open_offers_to(session, [user.body_id]):
        body = accounts.body_by_id(session, draft.body_id)
        line = registry.plan_line_by_id(session, other.plan_line_id)
        yield DueItem(
            "draws",
            _("%(body)s 提议与“%(line)s”合并为一次联合抽查", body=body.name, line=line.name),
            url_for("draws.merge_offer", offer_id=offer.id),
            act=_("答复合并提议"),
        )
