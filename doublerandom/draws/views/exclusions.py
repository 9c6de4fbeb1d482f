"""Manual exclusions: asked for by a planner with evidence, confirmed by a supervisor, lifted."""

from collections.abc import Iterator
from typing import Any, Final

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import SelectChoice

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import queries, services
from doublerandom.draws.errors import ExclusionNotFoundError
from doublerandom.draws.exclusions import reason_name
from doublerandom.draws.forms.exclusions import ExclusionDecisionForm, ExclusionForm, ExclusionLiftForm
from doublerandom.draws.models import ExclusionState, ManualExclusion
from doublerandom.draws.services import ExclusionIn
from doublerandom.draws.views.blueprint import bp
from doublerandom.registry import evidence
from doublerandom.registry import queries as registry
from doublerandom.registry.errors.conflicts import BadEvidenceError
from doublerandom.web import (
    DueItem,
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    has_role,
    requires,
    settings,
    whole_argument,
)

READERS: Final = ("planner", "supervisor", "head", "auditor")
NAV = [NavLink("draws", "draws.exclusions", _l("人工排除"), "person-dash", READERS)]
STATES: Final = {
    "requested": (_l("等待确认"), "hourglass-split", "accent"),
    "confirmed": (_l("已确认"), "check2", "neutral"),
    "refused": (_l("不予排除"), "x-lg", "neutral"),
    "withdrawn": (_l("已撤回"), "arrow-return-left", "neutral"),
}
_LINES: Final = 50


def _own_body() -> accounts.Body:
    user = current_user()
    assert user is not None
    return accounts.body_by_id(db_session(), user.body_id)


@bp.get("/exclusions")
@requires(*READERS)
def exclusions() -> ResponseReturnValue:
    """Manual exclusions of the bodies in sight, and the form for another."""
    today = clock.local(clock.now()).date()
    form = ExclusionForm(data={"line": request.args.get("line", ""), "valid_from": today})
    return _exclusions_page(form)


def _exclusions_page(form: ExclusionForm) -> str:
    session, body = db_session(), _own_body()
    line = request.args.get("line", "")
    before = whole_argument("after") or 0
    rows = queries.manual_exclusions(session, below=body.path, line=line, before=before, limit=_LINES + 1)
    names = registry.subjects_by_codes(session, [row.subject for row in rows])
    form.line.choices = _lines(session, body)
    return render_template(
        "draws/exclusions.html",
        page=Page.cut(rows, size=_LINES, key=lambda row: row.id),
        names={each.code: each.name for each in names},
        bodies=accounts.body_names(session),
        form=form,
        states=STATES,
        line=line,
        writes=has_role("planner"),
        today=clock.local(clock.now()).date(),
        holds_on=services.holds_on,
    )


def _lines(session: Session, body: accounts.Body) -> list[SelectChoice]:
    """The lines of the body's published plan of this year, and all of them."""
    plan = registry.annual_plan(session, body_id=body.id or 0, year=clock.local(clock.now()).year)
    lines = registry.lines_of_plan(session, plan.id) if plan is not None and plan.id is not None else []
    found = [SelectChoice(value=line.number, label=f"{line.number} {line.name}") for line in lines]
    return [SelectChoice(value="", label=_("全部任务")), *found]


@bp.post("/exclusions")
@requires("planner")
def request_exclusion() -> ResponseReturnValue:
    """Ask for one; it waits for a supervisor."""
    form = ExclusionForm()
    form.line.choices = _lines(db_session(), _own_body())
    if not form.carries_out(lambda: _request(form), also=(BadEvidenceError,)):
        return _exclusions_page(form), 422
    flash_done(_("已提出，等待另一人确认；确认以前没有效力。"))
    return redirect(url_for("draws.exclusions"), code=303)


def _request(form: ExclusionForm) -> None:
    asked = ExclusionIn(
        subject=form.subject.data or "",
        reason=form.reason.data,
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
        line=form.line.data or "",
        statement=form.statement.data or "",
        reference=(form.reference.data or "").strip(),
    )
    services.request_exclusion(
        db_session(),
        asked,
        body=_own_body(),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
        document=_uploaded(form.document.data),
    )


def _uploaded(upload: FileStorage | None) -> tuple[str, bytes] | None:
    if not upload:
        return None
    return upload.filename or "", upload.read(evidence.LARGEST + 1)


@bp.get("/exclusions/<int:exclusion_id>")
@requires(*READERS)
def exclusion(exclusion_id: int) -> ResponseReturnValue:
    """One with its evidence and what became of it."""
    return _exclusion_page(_in_sight(exclusion_id), ExclusionDecisionForm(), ExclusionLiftForm())


def _in_sight(exclusion_id: int) -> ManualExclusion:
    return queries.manual_exclusion(db_session(), exclusion_id, below=_own_body().path)


def _exclusion_page(row: ManualExclusion, deciding: ExclusionDecisionForm, lifting: ExclusionLiftForm) -> str:
    session = db_session()
    subjects = registry.subjects_by_codes(session, [row.subject])
    waits = row.state is ExclusionState.REQUESTED
    return render_template(
        "draws/exclusion.html",
        row=row,
        subject=subjects[0].name if subjects else row.subject,
        reason=reason_name(row.reason),
        body=accounts.body_by_id(session, row.body_id),
        people=accounts.person_names(session, {row.by, row.decided_by, row.lifted_by}),
        deciding=deciding,
        lifting=lifting,
        states=STATES,
        holds=services.holds_on(row, clock.local(clock.now()).date()),
        may_decide=waits and has_role("supervisor") and row.by != current_person(),
        may_withdraw=waits and has_role("planner") and row.by == current_person(),
        may_lift=has_role("planner", "supervisor")
        and row.state is ExclusionState.CONFIRMED
        and row.lifted_on is None,
    )


@bp.post("/exclusions/<int:exclusion_id>/decision")
@requires("supervisor")
def confirm_exclusion(exclusion_id: int) -> ResponseReturnValue:
    """The second person confirms or refuses."""
    row, form = _in_sight(exclusion_id), ExclusionDecisionForm()
    if not form.carries_out(
        lambda: services.decide_exclusion(
            db_session(),
            exclusion_id,
            confirm=form.decision.data == "confirm",
            decision=form.reason.data or "",
            by=current_person(),
            at=clock.now(),
        )
    ):
        return _exclusion_page(row, form, ExclusionLiftForm()), 422
    flash_done(
        _("已确认，从下一次准备起生效。") if form.decision.data == "confirm" else _("已作出不予排除的意见。")
    )
    return redirect(url_for("draws.exclusion", exclusion_id=exclusion_id), code=303)


@bp.post("/exclusions/<int:exclusion_id>/withdrawal")
@requires("planner")
def withdraw_exclusion(exclusion_id: int) -> ResponseReturnValue:
    """Who asked takes it back."""
    row = _in_sight(exclusion_id)
    services.withdraw_exclusion(db_session(), row.id or 0, by=current_person(), at=clock.now())
    flash_done(_("已撤回。"))
    return redirect(url_for("draws.exclusion", exclusion_id=exclusion_id), code=303)


@bp.post("/exclusions/<int:exclusion_id>/end")
@requires("planner", "supervisor")
def lift_exclusion(exclusion_id: int) -> ResponseReturnValue:
    """End one: the subject can be drawn again."""
    row, form = _in_sight(exclusion_id), ExclusionLiftForm()
    if not form.carries_out(
        lambda: services.lift_exclusion(
            db_session(), exclusion_id, reason=form.reason.data or "", by=current_person(), at=clock.now()
        )
    ):
        return _exclusion_page(row, ExclusionDecisionForm(), form), 422
    flash_done(_("已结束，从今天起准备的抽取不再排除它。"))
    return redirect(url_for("draws.exclusion", exclusion_id=exclusion_id), code=303)


@bp.get("/exclusions/<int:exclusion_id>/evidence")
@requires(*READERS)
def exclusion_evidence(exclusion_id: int) -> ResponseReturnValue:
    """The document that proves it, as it was handed in."""
    row = _in_sight(exclusion_id)
    if not row.evidence_file:
        raise ExclusionNotFoundError(id=exclusion_id)
    content, media, ending = evidence.evidence(row.evidence_file, settings=settings())
    answer = Response(content, content_type=media)
    answer.headers["Content-Disposition"] = f"attachment; filename=exclusion-{exclusion_id}.{ending}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a supervisor: requests of others."""
    if "supervisor" not in user.acting_roles:
        return
    below = accounts.body_by_id(session, user.body_id).path
    waiting = queries.manual_exclusions(session, below=below, states=(ExclusionState.REQUESTED,))
    for row in waiting:
        if row.by != user.person:
            yield DueItem(
                "draws",
                _("人工排除 %(code)s：%(reason)s", code=row.subject, reason=reason_name(row.reason)),
                url_for("draws.exclusion", exclusion_id=row.id),
                act=_("确认人工排除"),
            )
