"""What a team says of its own task before the visit: when it goes, who cannot, that the subject is gone."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import DateTimeLocalField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom import clock
from doublerandom.draws import queries as draws_queries
from doublerandom.draws import services as draws_services
from doublerandom.draws.queries import ReplacementKind
from doublerandom.draws.reasons import (
    ALL_REASONS,
    INSPECTOR_REASONS,
    KIND_NAMES,
    OWN_REASONS,
    SUBJECT_REASONS,
)
from doublerandom.errors import ConflictingStateError
from doublerandom.inspect.errors import TaskHiddenError
from doublerandom.inspect.own import own_certificate, own_task
from doublerandom.registry import evidence
from doublerandom.registry import services as registry_services
from doublerandom.registry.grounds import DECLARED_GROUNDS
from doublerandom.web import Form, choices_of, current_person, db_session, flash_done, requires, settings

bp = Blueprint("changing", __name__, url_prefix="/tasks/<int:task_id>")
STATE_NAMES = {
    "requested": _l("待办理"),
    "approved": _l("负责人已批准，待确认"),
    "done": _l("已更换"),
    "refused": _l("未同意"),
    "withdrawn": _l("已撤回"),
    "lapsed": _l("申请已失效"),
}
NAMES: dict[str, Any] = {"kind_names": KIND_NAMES, "reason_names": ALL_REASONS, "state_names": STATE_NAMES}


class VisitForm(Form):
    """When the team means to visit."""

    visit_at = DateTimeLocalField(_l("检查时间"), validators=[InputRequired()])


class OwnForm(Form):
    """An inspector cannot go."""

    reason = SelectField(_l("理由"), choices=choices_of({one: INSPECTOR_REASONS[one] for one in OWN_REASONS}))
    statement = TextAreaField(_l("说明"), validators=[Optional(), Length(max=1000)])
    document = FileField(_l("证明材料"))


class RecusalForm(Form):
    """An inspector asks to be recused; the head decides."""

    ground = SelectField(_l("回避事由"), choices=choices_of(DECLARED_GROUNDS))
    statement = TextAreaField(_l("具体情况"), validators=[InputRequired(), Length(max=2000)])
    document = FileField(_l("证明材料"))


class SubjectForm(Form):
    """The subject cannot be inspected any more."""

    reason = SelectField(_l("理由"), choices=choices_of(SUBJECT_REASONS))
    statement = TextAreaField(_l("说明"), validators=[Optional(), Length(max=1000)])
    document = FileField(_l("证明材料"))


def visit_form(task: draws_queries.TaskView) -> VisitForm:
    """The form with the time that counts now."""
    told = clock.local(task.visit_at).replace(tzinfo=None) if task.visit_at else None
    return VisitForm(data={"visit_at": told})


@bp.post("/visit-time")
@requires("inspector")
def set_visit_time(task_id: int) -> ResponseReturnValue:
    """The lead says when the visit is to be."""
    own_task(task_id)
    form = VisitForm.valid()
    wanted: datetime = form.visit_at.data
    draws_services.set_visit_time(
        db_session(),
        task_id,
        certificate=own_certificate(),
        visit_at=wanted.replace(tzinfo=clock.SHANGHAI),
        by=current_person(),
        at=clock.now(),
    )
    flash_done(_("检查时间已记录。"))
    return redirect(url_for("inspect.task", task_id=task_id), code=303)


@bp.post("/no-visit")
@requires("inspector")
def note_no_visit(task_id: int) -> ResponseReturnValue:
    """The lead says that nobody went at the time that was set."""
    own_task(task_id)
    draws_services.note_no_visit(
        db_session(), task_id, certificate=own_certificate(), by=current_person(), at=clock.now()
    )
    flash_done(_("已写明没有检查。"))
    return redirect(url_for("inspect.task", task_id=task_id), code=303)


@bp.get("/change")
@requires("inspector")
def ask(task_id: int) -> ResponseReturnValue:
    """The forms by which a member of the team asks to be replaced, recused, or for another subject."""
    return _page(task_id)


def _page(task_id: int, **forms: Form) -> str:
    shown = {"own": OwnForm, "recusal": RecusalForm, "gone": SubjectForm}
    return render_template(
        "inspect/change.html",
        task=own_task(task_id),
        forms={name: (forms.get(name) or kind(None)).apart(name) for name, kind in shown.items()},
        requests=draws_queries.replacements_of_task(db_session(), task_id),
        own=current_person(),
        **NAMES,
    )


@bp.post("/change/own")
@requires("inspector")
def ask_for_own(task_id: int) -> ResponseReturnValue:
    """Ask to be replaced oneself."""
    task, form = own_task(task_id), OwnForm()
    seat = draws_queries.seat_of(db_session(), task, own_certificate())
    assert seat is not None
    if not form.carries_out(
        lambda: _ask(task_id, ReplacementKind.INSPECTOR, seat, form), also=(ConflictingStateError,)
    ):
        return _page(task_id, own=form), 422
    return _asked(task_id)


@bp.post("/change/subject")
@requires("inspector")
def ask_for_subject(task_id: int) -> ResponseReturnValue:
    """Ask for the next of the reserve in place of a subject that is no more."""
    form = SubjectForm()
    if own_task(task_id).hidden:
        raise TaskHiddenError(task=task_id)
    if not form.carries_out(
        lambda: _ask(task_id, ReplacementKind.SUBJECT, -1, form), also=(ConflictingStateError,)
    ):
        return _page(task_id, gone=form), 422
    return _asked(task_id)


def _ask(task_id: int, kind: ReplacementKind, seat: int, form: Form) -> None:
    draws_services.request_replacement(
        db_session(),
        task_id,
        kind=kind,
        seat=seat,
        grounds=draws_services.Grounds(
            form["reason"].data, form["statement"].data or "", uploaded(form["document"].data)
        ),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


def _asked(task_id: int) -> ResponseReturnValue:
    flash_done(_("更换申请已提交，由监督员确认后生效；在此之前仍由原检查组办理。"))
    return redirect(url_for("inspect.task", task_id=task_id), code=303)


@bp.post("/change/recusal")
@requires("inspector")
def ask_for_recusal(task_id: int) -> ResponseReturnValue:
    """Apply for recusal; the head decides, and who is next in order comes when it is granted."""
    task, form = own_task(task_id), RecusalForm()
    if task.hidden:
        raise TaskHiddenError(task=task_id)
    if not form.carries_out(lambda: _recuse(task, form)):
        return _page(task_id, recusal=form), 422
    flash_done(_("回避申请已提交机关负责人审查；同意后由按次序的下一位接替。"))
    return redirect(url_for("inspect.task", task_id=task_id), code=303)


def _recuse(task: draws_queries.TaskView, form: RecusalForm) -> None:
    now = clock.now()
    registry_services.declare_conflict(
        db_session(),
        inspector=own_certificate(),
        subject=task.subject,
        ground=form.ground.data,
        statement=form.statement.data,
        document=uploaded(form.document.data),
        settings=settings(),
        valid_from=clock.local(now).date(),
        withheld_until=task.reveal_by if task.revealed_at is None else None,
        by=current_person(),
        at=now,
    )


@bp.post("/change/<int:replacement_id>/withdrawal")
@requires("inspector")
def withdraw(task_id: int, replacement_id: int) -> ResponseReturnValue:
    """Take an own request back."""
    own_task(task_id)
    draws_services.withdraw_replacement(db_session(), replacement_id, by=current_person(), at=clock.now())
    flash_done(_("更换申请已撤回。"))
    return redirect(url_for("inspect.task", task_id=task_id), code=303)


def uploaded(upload: FileStorage | None) -> tuple[str, bytes] | None:
    """Name and content of what was uploaded, at most one byte more than is taken; None for nothing."""
    return (upload.filename or "", upload.read(evidence.LARGEST + 1)) if upload else None
