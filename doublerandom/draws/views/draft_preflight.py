"""The wizard's last step: the pre-flight in the background, what it told, and the draw that is prepared."""

from datetime import datetime
from typing import Any, Final

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import plans, queries, services
from doublerandom.draws.errors import DraftClosedError
from doublerandom.draws.forms.draft_times import CLOSED_NAMES, LEVEL_CHOICES
from doublerandom.draws.models import Draft, DraftState
from doublerandom.draws.plan_words import source_words
from doublerandom.draws.services.drafting import STEPS
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.draft_pages import Told, line_of, rules_of, step_page
from doublerandom.draws.views.drafts import STEP_NAMES, own_draft
from doublerandom.registry import names
from doublerandom.web import current_person, db, db_session, requires, settings

NAV: Final[list[Any]] = []


def preflight_page(draft: Draft) -> str:
    """What will be prepared, how far the work is, what it told or why it refused."""
    db_session().refresh(draft)
    working = draft.state is DraftState.WORKING
    missing = [name for name in STEPS[:-1] if name not in draft.confirmed]
    due = datetime.fromisoformat(draft.wish["due"]) if "due" in draft.wish else None
    return step_page(
        draft,
        "preflight",
        rows=_rows(draft),
        working=services.is_working(settings(), draft.id or 0),
        busy=working,
        missing=[
            (STEP_NAMES[name], url_for("draws.draft_step", draft_id=draft.id, step=name)) for name in missing
        ],
        too_late=due is not None and due - clock.now() < plans.LEAD,
        due=due,
        told=draft.told.get("preflight"),
        refusal=draft.told.get("refusal"),
    )


def _rows(draft: Draft) -> list[tuple[str, Any]]:
    """What was chosen, in plain words, as far as it was."""
    wish, line, session, comma = draft.wish, line_of(draft), db_session(), _("、")
    scope = wish.get("filter", line.filter)
    regions = accounts.region_names(session, names.regions_of_scope(scope))
    rules = Told.by(lambda: rules_of(draft)).found or {"team": []}
    seats = wish.get("team", rules["team"])
    rows = [
        (_("抽取名称"), wish.get("title", line.name)),
        (_("批次"), _("第 %(n)s 批", n=wish["batch"]) if wish.get("batch") else ""),
        (_("替代"), wish.get("supersedes", "")),
        (_("范围"), names.scope_words(scope, regions) or _("全部检查对象")),
        (_("分层与数量"), _whole(wish) if wish.get("whole") else _("按现行细则")),
        (_("检查组"), comma.join(names.seat_words(seat) for seat in seats)),
        (_("抽取谁"), _("固定检查组") if wish.get("inspectors") == "teams" else _("逐人抽取")),
        (_("相邻地区"), comma.join(accounts.region_names(session, wish.get("neighbours", [])).values())),
    ]
    if "due" in wish:
        rows += _times(draft)
    return [(name, value) for name, value in rows if value]


def _whole(wish: dict[str, Any]) -> str:
    if not wish.get("batches"):
        return str(_("全量检查"))
    return str(_("全量检查，分批：%(batches)s", batches="、".join(map(str, wish["batches"]))))


def _times(draft: Draft) -> list[tuple[str, Any]]:
    wish, comma = draft.wish, _("、")
    due, sources = datetime.fromisoformat(wish["due"]), wish["randomness"]
    full = [plans.source_for(dict(source), due) for source in sources]
    people = accounts.person_names(db_session(), {party["party"] for party in wish.get("parties", [])})
    level = "D" if draft.rehearsal else plans.source_level(full)
    words = _("D 级：演练，不作准") if level == "D" else LEVEL_CHOICES[level]
    return [
        (_("取随机数的时刻"), f"{clock.local(due):%Y-%m-%d %H:%M}"),
        (_("随机数"), words),
        (_("来源"), comma.join(source_words(source) for source in full)),
        (_("各方"), comma.join(people.values())),
        (_("不对外公开"), comma.join(str(CLOSED_NAMES[name]) for name in wish.get("closed", []))),
    ]


@bp.post("/drafts/<int:draft_id>/check")
@requires("planner")
def check_draft(draft_id: int) -> ResponseReturnValue:
    """Begin the pre-flight; its page shows how far it is."""
    _ready(draft_id)
    db_session().rollback()
    services.preflight_in_background(db.engine, settings(), draft_id, by=current_person())
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step="preflight"), code=303)


@bp.post("/drafts/<int:draft_id>/prepare")
@requires("planner")
def prepare_draft(draft_id: int) -> ResponseReturnValue:
    """Prepare the draw; it leads to the draw's page, where it is signed."""
    _ready(draft_id)
    db_session().rollback()
    services.prepare_in_background(db.engine, settings(), draft_id, by=current_person())
    session = db_session()
    session.rollback()
    found = queries.draft(session, draft_id)
    session.refresh(found)
    if found.state is DraftState.PREPARED:
        return redirect(url_for("draws.show", number=found.draw_number), code=303)
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step="preflight"), code=303)


def _ready(draft_id: int) -> None:
    """Raise unless the own draft can be worked on: open, or left by a process that ended."""
    found = own_draft(draft_id)
    stuck = found.state is DraftState.WORKING and not services.is_working(settings(), draft_id)
    if found.state is not DraftState.OPEN and not stuck:
        raise DraftClosedError(id=draft_id, state=found.state.value)
