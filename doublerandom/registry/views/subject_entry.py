"""Subjects entered and corrected by hand: base fields follow the registration source or a named document."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.registry import queries, services
from doublerandom.registry.errors import AlreadyThereError, OutsideRegionError, SubjectNotFoundError
from doublerandom.registry.forms.subjects import CorrectionForm, NewSubjectForm
from doublerandom.registry.models import Subject
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.subject import own_body, subject_in_own_sight
from doublerandom.web import NavLink, current_person, current_user, db_session, flash_done, requires

REGISTRATION = "scjg"
"""The line of work that registers enterprises: its own registrars need name no other source."""

NAV: list[NavLink] = []


@bp.get("/registry/subjects/new")
@requires("registrar")
def new_subject() -> ResponseReturnValue:
    """The form for a subject that no file brings."""
    form = NewSubjectForm(region=own_body().region)
    return render_template("registry/subject_form.html", form=form, subject=None, registers=_registers())


@bp.post("/registry/subjects/new")
@requires("registrar")
def add_subject() -> ResponseReturnValue:
    """Add a subject; kinds without a code of their own get one. A listed pool takes it in at once."""
    form, added = NewSubjectForm(), []
    if not form.carries_out(lambda: added.append(_add(form)), also=(AlreadyThereError, SubjectNotFoundError)):
        page = render_template("registry/subject_form.html", form=form, subject=None, registers=_registers())
        return page, 422
    flash_done(_("已录入，代码 %(code)s。", code=added[0].code))
    return redirect(url_for("registry.subject", code=added[0].code), code=303)


def _add(form: NewSubjectForm) -> Subject:
    """The command with what was filled in."""
    session, body, now = db_session(), own_body(), clock.now()
    if not accounts_queries.sight(current_user()).sees_region(form.region.data):
        raise OutsideRegionError(value=form.region.data)
    subject = services.add_subject(
        session,
        form.base_fields(),
        code=form.code.data or "",
        source=_source(form),
        by=current_person(),
        at=now,
    )
    if body.pool == "listed":
        reason = _source(form)[:255]
        services.join_pool(session, [subject.code], body.id or 0, reason=reason, by=current_person(), at=now)
    return subject


@bp.get("/registry/subjects/<code>/correction")
@requires("registrar")
def correction(code: str) -> ResponseReturnValue:
    """The form that corrects base fields."""
    session, subject = db_session(), subject_in_own_sight(db_session(), code)
    operator = queries.subject_by_id(session, subject.operator_id).code if subject.operator_id else ""
    form = CorrectionForm(obj=subject, operator=operator)
    return render_template("registry/subject_form.html", form=form, subject=subject, registers=_registers())


@bp.post("/registry/subjects/<code>/correction")
@requires("registrar")
def correct_subject(code: str) -> ResponseReturnValue:
    """Correct base fields; each that differs is on record with from, to and source."""
    session, form, subject = db_session(), CorrectionForm(), subject_in_own_sight(db_session(), code)

    def correct() -> None:
        services.change_subject(
            session,
            subject.code,
            form.base_fields(),
            source=_source(form),
            reason=form.reason.data,
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(correct):
        page = render_template(
            "registry/subject_form.html", form=form, subject=subject, registers=_registers()
        )
        return page, 422
    flash_done(_("基本信息已更正，变更记录在案。"))
    return redirect(url_for("registry.subject", code=code), code=303)


def _source(form: Any) -> str:
    """The source that was named, or the own registration where the body registers enterprises."""
    named: str = form.source.data or ""
    return named or (_("本机关登记信息（%(body)s）", body=own_body().name) if _registers() else "")


def _registers() -> bool:
    return own_body().line == REGISTRATION
