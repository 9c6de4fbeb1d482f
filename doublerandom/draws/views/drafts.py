"""The wizard's beginning: preparations under way, the lines one can prepare from, a preparation given up."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import queries, services
from doublerandom.draws.errors import DraftNotFoundError, DrawNotFoundError
from doublerandom.draws.forms.drafts import NewDraftForm
from doublerandom.draws.models import Draft, DraftState
from doublerandom.draws.services.drafting import STEPS
from doublerandom.draws.views.blueprint import bp
from doublerandom.registry import queries as registry
from doublerandom.web import (
    DueItem,
    NavLink,
    current_person,
    current_user,
    db_session,
    flash_done,
    has_role,
    requires,
)

READERS: Final = ("planner", "head", "supervisor", "auditor")
NAV = [NavLink("draws", "draws.drafts", _l("抽取准备"), "ui-checks", READERS)]
STEP_NAMES: Final = {
    "scope": _l("范围"),
    "strata": _l("分层与数量"),
    "team": _l("检查组与人员"),
    "when": _l("时刻与随机数"),
    "preflight": _l("预检"),
}
STATES: Final = {
    "open": (_l("准备中"), "pencil", "accent"),
    "working": (_l("正在预检"), "hourglass-split", "accent"),
    "prepared": (_l("已成为抽取"), "check2", "neutral"),
    "left": (_l("已放弃"), "archive", "neutral"),
}


def own_body() -> accounts.Body:
    """The body of whoever is signed in."""
    user = current_user()
    assert user is not None
    return accounts.body_by_id(db_session(), user.body_id)


def draft_in_sight(draft_id: int) -> Draft:
    """A draft of the own body or one below, or DraftNotFoundError."""
    return queries.draft(db_session(), draft_id, below=own_body().path)


def own_draft(draft_id: int) -> Draft:
    """A draft of the own body, or DraftNotFoundError."""
    found = draft_in_sight(draft_id)
    if found.body_id != own_body().id:
        raise DraftNotFoundError(id=draft_id)
    return found


def may_write(draft: Draft) -> bool:
    """Whether whoever is signed in goes on with this draft."""
    return has_role("planner") and draft.body_id == own_body().id and draft.state is DraftState.OPEN


def next_step(draft: Draft) -> str:
    """The first step that was not confirmed yet."""
    return next((step for step in STEPS if step not in draft.confirmed), STEPS[-1])


@bp.get("/drafts")
@requires(*READERS)
def drafts() -> ResponseReturnValue:
    """Preparations in sight: those under way, then those that became draws or were given up."""
    session, body = db_session(), own_body()
    found = queries.drafts_in_sight(session, below=body.path)
    ended = queries.drafts_in_sight(
        session, below=body.path, states=(DraftState.PREPARED, DraftState.LEFT), limit=20
    )
    every = [*found, *ended]
    return render_template(
        "draws/drafts.html",
        drafts=found,
        ended=ended,
        lines={row.id: registry.plan_line_by_id(session, row.plan_line_id) for row in every},
        bodies=accounts.body_names(session),
        people=accounts.person_names(session, {row.by for row in every}),
        states=STATES,
        step_names=STEP_NAMES,
        next_step=next_step,
        hours={row.id: datetime.fromisoformat(row.wish["due"]) for row in found if "due" in row.wish},
    )


@bp.get("/new")
@requires("planner")
def new_draft() -> ResponseReturnValue:
    """The lines of the plan in force, what was done of each and what is owed; and tasks not published yet."""
    session, body = db_session(), own_body()
    today = clock.local(clock.now()).date()
    lines = queries.lines_to_draw(session, body=body, on=today)
    in_force = {item.code for item in registry.items_in_force(session, on=today)}
    return render_template(
        "draws/draft_new.html",
        lines=lines,
        missing={each.line.id: [code for code in each.line.items if code not in in_force] for each in lines},
        waiting=queries.tasks_to_publish(session, body=body, year=today.year),
        today=today,
        body=body,
    )


@bp.post("/drafts")
@requires("planner")
def open_draft() -> ResponseReturnValue:
    """Begin to prepare a draw, or a rehearsal, of a line."""
    form = NewDraftForm.valid()
    draft = services.open_draft(
        db_session(),
        body=own_body(),
        plan_line=form.plan_line.data,
        rehearsal=form.rehearsal.data,
        by=current_person(),
        at=clock.now(),
    )
    return redirect(url_for("draws.draft_step", draft_id=draft.id, step=STEPS[0]), code=303)


@bp.get("/drafts/<int:draft_id>")
@requires(*READERS)
def draft(draft_id: int) -> ResponseReturnValue:
    """Where a preparation goes on: its next step, or the draw that it became."""
    found = draft_in_sight(draft_id)
    if found.state is DraftState.PREPARED:
        return redirect(url_for("draws.show", number=found.draw_number), code=303)
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step=next_step(found)), code=303)


@bp.post("/drafts/<int:draft_id>/leave")
@requires("planner")
def leave_draft(draft_id: int) -> ResponseReturnValue:
    """Give a preparation up."""
    own_draft(draft_id)
    services.leave_draft(db_session(), draft_id, by=current_person(), at=clock.now())
    flash_done(_("已放弃这次准备，没有抽取任何内容。"))
    return redirect(url_for("draws.drafts"), code=303)


@bp.post("/drafts/<int:draft_id>/count")
@requires("planner")
def recount(draft_id: int) -> ResponseReturnValue:
    """Count the scope anew."""
    own_draft(draft_id)
    services.count_again(db_session(), draft_id)
    step = request.form.get("step", "")
    step = step if step in STEPS else STEPS[0]
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step=step), code=303)


@bp.post("/<number>/again")
@requires("planner")
def prepare_again(number: str) -> ResponseReturnValue:
    """Open the preparation of a draw that was not signed again, with all that was chosen."""
    draw = queries.draw(db_session(), number)
    if draw.body_id != own_body().id:
        raise DrawNotFoundError(draw=number)
    found = services.prepare_again(db_session(), number, by=current_person(), at=clock.now())
    flash_done(_("已照原来的选择另开一份准备，请逐步确认。"))
    return redirect(url_for("draws.draft_step", draft_id=found.id, step=next_step(found)), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a planner: own preparations that were not finished."""
    if "planner" not in user.acting_roles:
        return
    for found in queries.drafts_in_sight(session, below=accounts.body_by_id(session, user.body_id).path):
        if found.by == user.person and found.body_id == user.body_id:
            line = registry.plan_line_by_id(session, found.plan_line_id)
            url = url_for("draws.draft", draft_id=found.id)
            title = _("演练：%(name)s", name=line.name) if found.rehearsal else line.name
            yield DueItem("draws", title, url, act=_("继续准备抽取"))
