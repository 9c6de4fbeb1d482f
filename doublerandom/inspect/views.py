"""An inspector's pages, made for a phone: own assignments, one task, the result form."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.draws import queries as draws_queries
from doublerandom.draws import services as draws_services
from doublerandom.inspect import changing, queries, services
from doublerandom.inspect.forms import (
    MEASURE_NAMES,
    METHOD_NAMES,
    ResultForm,
    filled_in,
    findings_of,
    result_form,
)
from doublerandom.inspect.models import Inspection, InspectionStatus
from doublerandom.inspect.own import own_certificate, own_task, own_tasks
from doublerandom.registry import queries as registry_queries
from doublerandom.registry.names import seat_name
from doublerandom.web import (
    DueItem,
    NavLink,
    current_person,
    db_session,
    flash_done,
    lang,
    requires,
)

bp = Blueprint("inspect", __name__)
bp.register_blueprint(changing.bp)
NAV = [NavLink("inspect", "inspect.tasks", _l("我的任务"), "list-check", ("inspector",))]


def _waits(task: draws_queries.TaskView, answer: Inspection | None) -> bool:
    """Whether a result is waited for."""
    return task.open_for_results and (answer is None or answer.status is InspectionStatus.RETURNED)


def _begins(task: draws_queries.TaskView) -> bool:
    """Whether the visit may begin: enough inspectors, who see the subject."""
    return not task.hidden and len(task.counting) >= task.least


@bp.get("/tasks")
@requires("inspector")
def tasks() -> ResponseReturnValue:
    """Own assignments, what is open first; that the list was seen is on record."""
    own = own_tasks(db_session(), own_certificate())
    draws_services.note_lists_seen(db_session(), own, by=current_person(), at=clock.now())
    own = own_tasks(db_session(), own_certificate())
    answers = queries.inspections_of_tasks(db_session(), [task.id for task in own])
    rows = sorted(((task, answers.get(task.id)) for task in own), key=lambda row: not _waits(*row))
    regions = accounts_queries.region_names(db_session(), {task.region for task in own})
    return render_template("inspect/tasks.html", rows=rows, regions=regions)


@bp.get("/tasks/<int:task_id>")
@requires("inspector")
def task(task_id: int) -> ResponseReturnValue:
    """One own task: whom to visit, with whom, on which items; opens on its next act."""
    draws_services.note_task_seen(db_session(), own_task(task_id), by=current_person(), at=clock.now())
    found = own_task(task_id)
    inspection = queries.inspection_of_task(db_session(), task_id)
    ready = _waits(found, inspection) and (inspection is not None or _begins(found))
    return _page(found, inspection, _form(found, inspection) if ready else None)


def _form(found: draws_queries.TaskView, inspection: Inspection | None) -> ResultForm:
    """The form as it is first shown: empty, or with what was returned."""
    session, today = db_session(), clock.local(clock.now()).date()
    data: dict[str, Any] = {"visited_on": today}
    if inspection is not None:
        data = {
            "visited_on": inspection.visited_on,
            "method": inspection.method,
            "summary": inspection.summary,
            **filled_in(queries.findings(session, inspection)),
        }
    return result_form(found.items, queries.categories_for(session, found, today), lang())(data=data)


def _page(found: draws_queries.TaskView, inspection: Inspection | None, form: ResultForm | None) -> str:
    """The page of a task, with the form where a result can be recorded, else with what was recorded."""
    session = db_session()
    return render_template(
        "inspect/task.html",
        task=found,
        inspection=inspection,
        form=form,
        categories=queries.categories_for(session, found, inspection.visited_on) if inspection else {},
        findings=queries.findings(session, inspection) if inspection else [],
        items={code: registry_queries.item(session, code) for code in found.items},
        team=[(seat, registry_queries.inspector(session, member)) for seat, member in found.crew],
        subject=None if found.hidden else registry_queries.subject(session, found.subject),
        region=accounts_queries.region_names(session, {found.region}).get(found.region, found.region),
        leads=found.lead == own_certificate(),
        may_deny=found.visit_due(clock.now()),
        visit_form=changing.visit_form(found),
        requests=draws_queries.replacements_of_task(session, found.id),
        own=current_person(),
        **changing.NAMES,
        seat_name=seat_name,
        method_names=METHOD_NAMES,
        measure_names=MEASURE_NAMES,
    )


@bp.post("/tasks/<int:task_id>/result")
@requires("inspector")
def record(task_id: int) -> ResponseReturnValue:
    """Record the result and hand it to the reviewer, or show the form again with what is wrong."""
    session, found = db_session(), own_task(task_id)
    categories = queries.categories_for(session, found, clock.local(clock.now()).date())
    form = result_form(found.items, categories, lang())()
    if form.carries_out(lambda: _record(found, form)):
        flash_done(_("检查结果已提交审核。"))
        return redirect(url_for("inspect.task", task_id=task_id), code=303)
    return _page(found, queries.inspection_of_task(session, task_id), form), 422


def _record(found: draws_queries.TaskView, form: ResultForm) -> None:
    """The command with what was filled in."""
    services.record_result(
        db_session(),
        found.id,
        certificate=own_certificate(),
        visited_on=form.visited_on.data,
        method=form.method.data,
        findings=findings_of(form, found.items),
        summary=form.summary.data or "",
        by=current_person(),
        at=clock.now(),
    )


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for an inspector: open tasks, by the day on which the draw will be opened."""
    if not any(role.name == "inspector" for role in user.roles):
        return
    own = own_tasks(session, user.certificate)
    answers = queries.inspections_of_tasks(session, [task.id for task in own])
    regions = accounts_queries.region_names(session, {task.region for task in own})
    for each in own:
        answer = answers.get(each.id)
        if _waits(each, answer):
            yield DueItem(
                "inspect",
                f"{each.title} · {regions.get(each.region, each.region)}",
                url_for("inspect.task", task_id=each.id),
                deadline=each.reveal_by,
                act=_("录入结果") if answer is None else _("按审核意见重录"),
            )
