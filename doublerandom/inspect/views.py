"""An inspector's pages, made for a phone: own assignments, one task, the result form."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.draws import queries as draws_queries
from doublerandom.inspect import queries, services
from doublerandom.inspect.errors import TaskNotYoursError
from doublerandom.inspect.forms import MEASURE_NAMES, METHOD_NAMES, findings_of, result_form
from doublerandom.inspect.models import InspectionStatus
from doublerandom.registry import queries as registry_queries
from doublerandom.web import DueItem, NavLink, current_person, current_user, db_session, flash_done, lang, requires

bp = Blueprint("inspect", __name__)
NAV = [NavLink("inspect", "inspect.tasks", _l("我的任务"), "list-check", ("inspector",))]
STATUS_NAMES = {
    "open": _l("待检查"),
    "submitted": _l("待审核"),
    "returned": _l("已退回"),
    "reviewed": _l("已审核"),
    "published": _l("已公示"),
    "recorded": _l("已录入"),
}


def _certificate() -> str:
    """Certificate number of whoever is signed in."""
    user = current_user()
    return user.certificate if user else ""


def _own_task(task_id: int) -> draws_queries.TaskView:
    """A task of whoever is signed in, or TaskNotYoursError: nobody learns here what others drew."""
    tasks = {task.id: task for task in draws_queries.tasks_of_inspector(db_session(), _certificate())}
    if task_id not in tasks:
        raise TaskNotYoursError(task=task_id)
    return tasks[task_id]


@bp.get("/tasks")
@requires("inspector")
def tasks() -> ResponseReturnValue:
    """Own assignments, what is open first."""
    own = draws_queries.tasks_of_inspector(db_session(), _certificate())
    answers = queries.inspections_of_tasks(db_session(), [task.id for task in own])
    rows = [(task, answers.get(task.id)) for task in own]
    rows.sort(key=lambda row: (row[1] is not None and row[1].status is not InspectionStatus.RETURNED))
    return render_template("inspect/tasks.html", rows=rows, status_names=STATUS_NAMES)


@bp.get("/tasks/<int:task_id>")
@requires("inspector")
def task(task_id: int) -> ResponseReturnValue:
    """One own task: whom to visit, with whom, on which items; opens on its next act."""
    session = db_session()
    found = _own_task(task_id)
    inspection = queries.inspection_of_task(session, task_id)
    categories = queries.categories_on(session, clock.local(clock.now()).date())
    can_record = found.open_for_results and (inspection is None or inspection.status is InspectionStatus.RETURNED)
    form = result_form(found.items, categories, lang())(data={"visited_on": clock.local(clock.now()).date()})
    return render_template(
        "inspect/task.html", task=found, inspection=inspection, form=form if can_record else None,
        categories=categories, findings=queries.findings(session, inspection) if inspection else [],
        items={code: registry_queries.item(session, code) for code in found.items},
        team=[(seat, registry_queries.inspector(session, member)) for seat, member in zip(found.seats, found.team, strict=True) if member],
        subject=registry_queries.subject(session, found.subject),
        status_names=STATUS_NAMES, method_names=METHOD_NAMES, measure_names=MEASURE_NAMES,
    )


@bp.post("/tasks/<int:task_id>/result")
@requires("inspector")
def record(task_id: int) -> ResponseReturnValue:
    """Record the result and hand it to the reviewer."""
    found = _own_task(task_id)
    categories = queries.categories_on(db_session(), clock.local(clock.now()).date())
    form = result_form(found.items, categories, lang()).valid()
    services.record_result(
        db_session(), task_id, certificate=_certificate(), visited_on=form.visited_on.data, method=form.method.data,
        findings=findings_of(form, found.items), summary=form.summary.data or "", by=current_person(), at=clock.now(),
    )
    flash_done(_("检查结果已提交审核。"))
    return redirect(url_for("inspect.task", task_id=task_id), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for an inspector: open tasks, by the day on which the draw will be opened."""
    if not user.certificate:
        return
    own = draws_queries.tasks_of_inspector(session, user.certificate)
    answers = queries.inspections_of_tasks(session, [task.id for task in own])
    for each in own:
        answer = answers.get(each.id)
        if each.open_for_results and (answer is None or answer.status is InspectionStatus.RETURNED):
            yield DueItem(
                "inspect", each.subject_name, url_for("inspect.task", task_id=each.id), deadline=each.reveal_by,
                act=_("录入结果") if answer is None else _("按审核意见重录"),
            )
