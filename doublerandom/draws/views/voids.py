"""How a draw ends at the desk: void by two persons, and the reveal."""

from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import plans, queries, services, story_words
from doublerandom.draws.forms.signing import PinForm, VoidForm
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.services.voiding import ASKING, CONFIRMING, VOIDABLE
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.desk import READERS, draw_seen
from doublerandom.errors import DoubleRandomError
from doublerandom.web import (
    Form,
    current_person,
    db_session,
    flash_done,
    has_role,
    needs_fresh_sign_in,
    requires,
    settings,
)

NAV: Final[tuple[Any, ...]] = ()
REVEALING: Final = ("planner", "supervisor")


@bp.get("/<number>/void")
@requires(*READERS)
def void(number: str) -> ResponseReturnValue:
    """Where a void stands: the form to ask for one, what waits for the second person, requests taken back."""
    draw = draw_seen(number)
    if draw.status in VOIDABLE and has_role(*ASKING):
        needs_fresh_sign_in()  # before a statement is typed that asking again would lose
    return _page(draw, VoidForm(formdata=None), PinForm(formdata=None))


def _page(draw: Draw, form: Form, pin_form: Form) -> str:
    session, person = db_session(), current_person()
    requests = queries.voids_of(session, draw)
    waiting = next((row for row in requests if row.withdrawn_at is None and row.confirmed_at is None), None)
    people = {row.requested_by for row in requests} | {row.confirmed_by for row in requests}
    people |= {row.withdrawn_by for row in requests}
    return render_template(
        "draws/void.html",
        draw=draw,
        form=form,
        pin_form=pin_form,
        waiting=waiting,
        requests=requests,
        reasons=story_words.VOID_REASONS,
        touching=[str(story_words.VOID_REASONS[code]) for code in plans.TOUCHING_REASONS],
        people=accounts.person_names(session, people - {""}),
        voidable=_is_voidable(session, draw),
        may_ask=has_role(*ASKING),
        may_confirm=has_role(*CONFIRMING) and waiting is not None and waiting.requested_by != person,
        may_withdraw=waiting is not None and (waiting.requested_by == person or has_role(*CONFIRMING)),
        sees_touched=has_role(*ASKING) or draw.revealed_at is not None,
        superseded_by=queries.superseded_by(session, draw.number),
        lacking=queries.lacking(session, draw),
    )


def _is_voidable(session: Session, draw: Draw) -> bool:
    visited = queries.any_visited(session, draw) or queries.visits_due(session, draw, clock.now())
    return draw.status in VOIDABLE and not visited


@bp.post("/<number>/void")
@requires(*ASKING, fresh=True)
def request_void(number: str) -> ResponseReturnValue:
    """Ask to void the draw; another person confirms."""
    draw, form = draw_seen(number), VoidForm()
    if not form.carries_out(lambda: _request(draw, form), also=(DoubleRandomError,)):
        return _page(draw, form, PinForm(formdata=None)), 422
    flash_done(_("作废申请已提交，等待另一人确认。"))
    return redirect(url_for("draws.void", number=number), code=303)


def _request(draw: Draw, form: VoidForm) -> None:
    services.void_request(
        db_session(),
        draw,
        reason=form.reason.data,
        statement=form.statement.data or "",
        touched=form.codes(),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


@bp.post("/<number>/void/withdrawal")
@requires(*ASKING, fresh=True)
def withdraw_void(number: str) -> ResponseReturnValue:
    """Take a request back: who asked, or who would confirm."""
    draw = draw_seen(number)
    asked = queries.void_of(db_session(), draw)
    own = asked is not None and asked.requested_by == current_person()
    if own or has_role(*CONFIRMING):
        services.void_withdraw(db_session(), draw, by=current_person(), at=clock.now())
        flash_done(_("作废申请已撤回，抽取继续有效。"))
    return redirect(url_for("draws.void", number=number), code=303)


@bp.post("/<number>/void/confirmation")
@requires(*CONFIRMING, fresh=True)
def confirm_void(number: str) -> ResponseReturnValue:
    """Void the draw as the second person, with the signing PIN."""
    draw, form = draw_seen(number), PinForm()
    if not form.carries_out(lambda: _confirm(draw, form), also=(DoubleRandomError,)):
        return _page(draw_seen(number), VoidForm(formdata=None), form), 422
    flash_done(_("抽取已作废，并写入存证日志。本应抽中的对象由替代它的抽取优先抽中。"))
    return redirect(url_for("draws.show", number=number), code=303)


def _confirm(draw: Draw, form: PinForm) -> None:
    services.void_confirm(
        db_session(), draw, settings=settings(), by=current_person(), at=clock.now(), pin=form.pin.data
    )


@bp.get("/<number>/reveal")
@requires(*REVEALING, fresh=True)
def reveal(number: str) -> ResponseReturnValue:
    """What opening the draw puts on record, before it is done."""
    return _reveal_page(draw_seen(number), Form(formdata=None))


def _reveal_page(draw: Draw, form: Form) -> str:
    session, now = db_session(), clock.now()
    plan = queries.plan_of(draw)
    return render_template(
        "draws/reveal.html",
        draw=draw,
        form=form,
        may=draw.status is DrawStatus.DRAWN and services.may_reveal(session, draw, now),
        from_when=draw.reveal_by - plans.REVEAL_AHEAD,
        closed=plan.get("closed", []),
        secrets=len(plan["secrets"]),
    )


@bp.post("/<number>/reveal")
@requires(*REVEALING, fresh=True)
def open_draw(number: str) -> ResponseReturnValue:
    """Open the draw: when every visit is done, a rehearsal as soon as it has run."""
    draw, form = draw_seen(number), Form()
    if not form.carries_out(lambda: _open(draw), also=(DoubleRandomError,)):
        return _reveal_page(draw_seen(number), form), 422
    flash_done(_("已揭示，任何人都可以下载校验包核对。"))
    return redirect(url_for("draws.show", number=number), code=303)


def _open(draw: Draw) -> None:
    services.reveal(db_session(), draw, settings=settings(), by=current_person(), at=clock.now())
