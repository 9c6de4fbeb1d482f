"""The ceremony: a page for a projector on which dice are rolled before witnesses and typed by two persons."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from doublerandom import clock
from doublerandom.documents.qr import qr_svg
from doublerandom.draws import plan_words, plans, queries, services, source_words
from doublerandom.draws.errors import SourceNotFoundError
from doublerandom.draws.forms.ceremony import DiceForm, WitnessForm
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.queries import FirstEntry, Source
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.values import ENTERERS, REFUSED, at_hand
from doublerandom.web import NavLink, current_person, db_session, requires, settings
from doublerandom.web.addresses import outside_url

NAV: list[NavLink] = []
UNSIGNED: Final = {DrawStatus.PREPARED, DrawStatus.SIGNED}


@dataclass(frozen=True)
class Scene:
    """
    What the projector shows now: one instruction.

    `step`: unsigned, elsewhere (no dice), witness, early, late, type, wait (for the second person), echo
    (before it counts), done. `each` is the dice it is about, `first` who typed them first, `differed` how
    often two entries differed.
    """

    step: str
    each: Source | None = None
    first: FirstEntry | None = None
    differed: int = 0


def scene(draw: Draw, now: datetime, person: str) -> Scene:
    """The scene for one person at this time."""
    session = db_session()
    if draw.status in UNSIGNED:
        return Scene("unsigned")
    dice = [each for each in queries.sources(session, draw) if each.kind == "dice"]
    each = next((one for one in dice if one.seen is None), None)
    if each is None or draw.result_root:
        return Scene("done" if dice else "elsewhere")
    first = queries.first_entry(session, draw, each.n)
    told = queries.refusals(session, draw)
    differed = sum(row.n == each.n and row.rule == "dice_differ" for row in told)
    return Scene(_step(draw, each, first, now, person), each, first, differed)


def _step(draw: Draw, each: Source, first: FirstEntry | None, now: datetime, person: str) -> str:
    if now > each.end:
        return "late"
    if not queries.witnesses(db_session(), draw):
        return "witness"
    if now < each.begin:
        return "early"
    return "wait" if first and first.person == person else "type"


@bp.get("/<number>/ceremony")
@requires(*ENTERERS)
def ceremony(number: str) -> ResponseReturnValue:
    """What to do now, large enough for a hall."""
    return _page(at_hand(number))


def _page(
    draw: Draw,
    *,
    form: DiceForm | None = None,
    witness: WitnessForm | None = None,
    echoed: Source | None = None,
) -> str:
    session, now = db_session(), clock.now()
    shown = Scene("echo", echoed) if echoed else scene(draw, now, current_person())
    plan = queries.plan_of(draw)
    form = form or DiceForm(formdata=None)
    if shown.each is not None:
        form.sides = shown.each.source["sides"]
    return render_template(
        "draws/ceremony.html",
        draw=draw,
        scene=shown,
        form=form,
        witness_form=witness or WitnessForm(formdata=None),
        witnesses=queries.witnesses(session, draw),
        names=queries.names_of(session, [shown.first.person] if shown.first else []),
        echo=source_words.echo(echoed.source, form.value()) if echoed else None,
        level=plan_words.LEVELS[plans.source_level(plan["randomness"])],
        **(_outcome(draw, plan) if shown.step in {"done", "elsewhere"} else {}),
    )


def _outcome(draw: Draw, plan: dict[str, Any]) -> dict[str, Any]:
    """What came of the sources, what the seeds are made of, and where the result will be."""
    told = [
        (
            plan_words.source_words(each.source),
            each,
            source_words.echo(each.source, each.seen.value) if each.seen else None,
        )
        for each in queries.sources(db_session(), draw)
    ]
    address = outside_url(url_for("publish.draw", number=draw.number))
    known = draw.beacon or not plan["randomness"]
    return {
        "sources": told,
        "seeds": source_words.seed_texts(plan, draw.plan_hash, draw.beacon) if known else [],
        "purpose_names": source_words.PURPOSE_NAMES,
        "address": address,
        "qr": qr_svg(address, scale=5),
    }


@bp.post("/<number>/ceremony/dice/<int:n>")
@requires(*ENTERERS)
def enter_dice(number: str, n: int) -> ResponseReturnValue:
    """Look at the rolls and echo their text; confirmed, they are entered as one of two persons' entries."""
    draw = at_hand(number)
    each = queries.source(db_session(), draw, n)
    if each.kind != "dice":
        raise SourceNotFoundError(draw=number)
    form = DiceForm()
    form.sides = each.source["sides"]
    if not form.carries_out(partial(_enter, draw, n, form), also=REFUSED):
        return _page(at_hand(number), form=form), 422
    if not form.is_confirmed():
        return _page(draw, form=form, echoed=each)
    return redirect(url_for("draws.ceremony", number=number), code=303)


def _enter(draw: Draw, n: int, form: DiceForm) -> None:
    services.type_dice(
        db_session(),
        draw.number,
        n=n,
        value=form.value(),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
        confirmed=form.is_confirmed(),
    )


@bp.post("/<number>/ceremony/witnesses")
@requires(*ENTERERS)
def name_witness(number: str) -> ResponseReturnValue:
    """Name a witness."""
    draw, form = at_hand(number), WitnessForm()
    command = partial(_name, draw, form)
    if not form.carries_out(command):
        return _page(at_hand(number), witness=form), 422
    return redirect(url_for("draws.ceremony", number=number), code=303)


def _name(draw: Draw, form: WitnessForm) -> None:
    services.name_witness(
        db_session(),
        draw.number,
        name=form.name.data or "",
        office=form.office.data or "",
        by=current_person(),
        at=clock.now(),
    )


@bp.post("/<number>/ceremony/witnesses/<int:witness_id>/struck")
@requires(*ENTERERS)
def strike_witness(number: str, witness_id: int) -> ResponseReturnValue:
    """Strike out a name that was entered by mistake."""
    draw = at_hand(number)
    services.strike_witness(db_session(), draw.number, witness_id, by=current_person(), at=clock.now())
    return redirect(url_for("draws.ceremony", number=number), code=303)
