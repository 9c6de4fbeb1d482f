"""The randomness of a draw: what each source expects, when, what came; typed, pasted or uploaded."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import plan_words, plans, queries, services, source_words
from doublerandom.draws.errors import (
    DiceDifferError,
    SamePersonError,
    SecondValueError,
    SourceNotFoundError,
    WitnessNeededError,
    WitnessTypesError,
    WrongDrawStateError,
    WrongTimeError,
)
from doublerandom.draws.forms.ceremony import DrandForm, LotteryForm, ValueForm
from doublerandom.draws.models import Draw
from doublerandom.draws.queries import Source
from doublerandom.draws.views.blueprint import bp
from doublerandom.web import (
    DueItem,
    NavLink,
    current_person,
    current_user,
    db_session,
    flash_done,
    requires,
    settings,
)

NAV: list[NavLink] = []
ENTERERS: Final = ("planner", "supervisor", "head")
REFUSED: Final = (
    *(DiceDifferError, SamePersonError, SecondValueError, WrongDrawStateError, WrongTimeError),
    *(WitnessNeededError, WitnessTypesError),
)
SHORTLY: Final = timedelta(hours=24)
RELAYS_FIRST: Final = timedelta(minutes=2)


def at_hand(number: str) -> Draw:
    """The draw, where whoever is signed in may enter its randomness."""
    return queries.draw_in_sight(db_session(), number, sight=accounts.sight(current_user()))


@bp.get("/<number>/values")
@requires(*ENTERERS)
def values(number: str) -> ResponseReturnValue:
    """Every source with its window, its value and, where it is open, its form; refusals on record."""
    return _page(at_hand(number))


def _page(draw: Draw, *, sent: ValueForm | None = None, sent_n: int = -1) -> str:
    session, now = db_session(), clock.now()
    sources, refusals = queries.sources(session, draw), queries.refusals(session, draw)
    first = {entry.n: entry for entry in queries.first_entries(session, draw)}
    typed_by = {n: entry.person for n, entry in first.items()}
    people = {row.by for row in refusals} | {row.first_by for row in refusals}
    people |= {entry.person for entry in first.values()} | {each.seen.by for each in sources if each.seen}
    return render_template(
        "draws/values.html",
        draw=draw,
        sources=[
            _told(each, now, sent if each.n == sent_n else None, typed_by.get(each.n, "")) for each in sources
        ],
        first=first,
        refusals=refusals,
        refusal_names=source_words.REFUSAL_NAMES,
        relays=queries.relay_words(session, draw),
        relay_names=source_words.RELAY_NAMES,
        witnesses=queries.witnesses(session, draw),
        names=queries.names_of(session, people),
        fails_after=queries.fails_after(session, draw),
        level=plan_words.LEVELS[plans.source_level([each.source for each in sources])],
        for_ever=plans.FOR_EVER,
    )


def _told(each: Source, now: datetime, sent: ValueForm | None, first: str) -> dict[str, Any]:
    """A source as the page tells it; whoever typed it first gets no second form."""
    return {
        "n": each.n,
        "kind": each.kind,
        "source": each.source,
        "title": plan_words.source_words(each.source),
        "expected": source_words.expected_words(each.source),
        "begin": each.begin,
        "end": each.end,
        "state": _state(each, now),
        "seen": each.seen,
        "echo": source_words.echo(each.source, each.seen.value) if each.seen else None,
        "form": sent
        or (_form(each, sent=False) if each.is_open(now) and first != current_person() else None),
    }


def _state(each: Source, now: datetime) -> str:
    if each.seen:
        return "seen"
    return "early" if now < each.begin else "late" if now > each.end else "open"


def _form(each: Source, *, sent: bool) -> ValueForm | None:
    """The form of a source; dice have a page of their own."""
    if each.kind == "drand":
        return DrandForm() if sent else DrandForm(formdata=None)
    return LotteryForm(each.source["name"], each.n, sent=sent) if each.kind == "lottery" else None


@bp.post("/<number>/values/<int:n>")
@requires(*ENTERERS)
def enter_value(number: str, n: int) -> ResponseReturnValue:
    """Look at a signature or a lottery's numbers and show their text; confirmed, they are entered."""
    draw, session = at_hand(number), db_session()
    each = queries.source(session, draw, n)
    form = _form(each, sent=True)
    if form is None:
        raise SourceNotFoundError(draw=number)
    if not form.carries_out(partial(offer, draw, n, form), also=REFUSED):
        return _page(at_hand(number), sent=form, sent_n=n), 422
    if not form.is_confirmed():
        return render_template(
            "draws/value_echo.html",
            draw=draw,
            n=n,
            title=plan_words.source_words(each.source),
            echo=source_words.echo(each.source, form.value()),
            checks=source_words.checks(each.source),
            twice=each.kind == "lottery",
            form=form,
        )
    if queries.first_entry(session, draw, n):
        flash_done(_("第一遍已录入。请另一人在自己的会话里，对照开奖公告录入第二遍。"))
    else:
        flash_done(_("随机数已录入并写入存证日志。") if not draw.rehearsal else _("随机数已录入（演练）。"))
    return redirect(url_for("draws.values", number=number), code=303)


def offer(draw: Draw, n: int, form: ValueForm) -> None:
    """Look at the value, or enter it where it was confirmed."""
    enter = services.observe if form.is_confirmed() else services.look_at
    enter(
        db_session(),
        draw.number,
        n=n,
        value=form.value(),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
        drawn_on=form.day(),
    )


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for those who may enter: dice and numbers, twice; rounds that no relay brought."""
    if user.acting_roles.isdisjoint(ENTERERS):
        return
    now = clock.now()
    for draw in queries.awaiting_randomness(session, sight=accounts.sight(user)):
        first = {entry.n: entry.person for entry in queries.first_entries(session, draw)}
        for each in queries.sources(session, draw):
            if (act := _act(each, now, first.get(each.n, ""), user.person)) and each.seen is None:
                page = "draws.ceremony" if each.kind == "dice" else "draws.values"
                deadline = each.begin if now < each.begin else each.end
                yield DueItem("draws", draw.title, url_for(page, number=draw.number), deadline, act)


def _act(each: Source, now: datetime, first: str, person: str) -> str:
    """What this person does about a source now; empty for nothing."""
    if each.kind == "dice" and timedelta(0) < each.begin - now < SHORTLY:
        return str(_("准备掷骰：录入见证人"))
    if not each.begin <= now <= each.end or first == person:
        return ""
    if each.kind == "dice":
        return str(_("录入第二遍点数") if first else _("掷骰并录入点数"))
    if each.kind == "lottery":
        return str(_("录入第二遍开奖号码") if first else _("录入开奖号码"))
    return str(_("录入 drand 签名")) if now - each.begin > RELAYS_FIRST else ""
