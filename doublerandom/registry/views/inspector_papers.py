"""Certificates, qualifications and absences of an inspector: the registrar's forms."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import StringField

from doublerandom import clock
from doublerandom.registry import queries, services
from doublerandom.registry.errors import AbsenceNotFoundError, CertificateNotFoundError
from doublerandom.registry.forms.inspectors import (
    AbsenceCorrectionForm,
    AbsenceForm,
    CertificateForm,
    CertificateStatusForm,
    QualificationForm,
)
from doublerandom.registry.models import Absence, Inspector
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.inspector_records import page_of_form
from doublerandom.registry.views.inspectors import in_sight, today
from doublerandom.web import current_person, db_session, flash_done, requires

NAV: list[Any] = []


def _record(row: Inspector) -> str:
    return url_for("registry.inspector", certificate=row.certificate)


def _done(row: Inspector, said: str) -> ResponseReturnValue:
    flash_done(said)
    return redirect(_record(row), code=303)


def _whole(form: Any) -> dict[str, Any]:
    """What was filled in, the token of the form aside; a text that was not sent is empty."""
    return {
        field.name: (field.data or "") if isinstance(field, StringField) else field.data
        for field in form
        if field.name != "csrf_token"
    }


def _page(
    row: Inspector, form: Any, title: str, view: str, submit: str, *, lead: str = "", status: int
) -> ResponseReturnValue:
    """The page of a form that one of the views below takes."""
    target = url_for(f"registry.{view}", certificate=row.certificate)
    return page_of_form(
        form, title, target=target, back=_record(row), submit=submit, lead=lead, status=status
    )


def _certificate_page(row: Inspector, form: CertificateForm, status: int = 200) -> ResponseReturnValue:
    title = _("登记 %(name)s 的证件", name=row.name)
    return _page(row, form, title, "add_certificate", _("登记证件"), status=status)


@bp.get("/registry/inspectors/<certificate>/certificates/new")
@requires("registrar")
def new_certificate(certificate: str) -> ResponseReturnValue:
    """The form for a further certificate."""
    row = in_sight(certificate)
    return _certificate_page(row, CertificateForm(data={"number": row.certificate}))


@bp.post("/registry/inspectors/<certificate>/certificates")
@requires("registrar")
def add_certificate(certificate: str) -> ResponseReturnValue:
    """Note a certificate or its renewal."""
    row, form = in_sight(certificate), CertificateForm()

    def note() -> None:
        services.add_certificate(
            db_session(), row.certificate, **_whole(form), by=current_person(), at=clock.now()
        )

    return _done(row, _("证件已登记。")) if form.carries_out(note) else _certificate_page(row, form, 422)


def _status_page(row: Inspector, form: CertificateStatusForm, status: int = 200) -> ResponseReturnValue:
    title = _("%(name)s 的证件：暂扣、吊销或恢复", name=row.name)
    lead = _("自所填日期起，没有有效证件的人员不参加派件，名录中写明原因。")
    return page_of_form(
        form, title, target=request.path, back=_record(row), submit=_("存档"), lead=lead, status=status
    )


@bp.get("/registry/inspectors/<certificate>/certificates/<int:certificate_id>/status")
@requires("registrar")
def certificate_to_judge(certificate: str, certificate_id: int) -> ResponseReturnValue:
    """The form for a suspension, a revocation or its end."""
    row = _with_certificate(certificate, certificate_id)
    return _status_page(row, CertificateStatusForm(data={"valid_from": today()}))


@bp.post("/registry/inspectors/<certificate>/certificates/<int:certificate_id>/status")
@requires("registrar")
def judge_certificate(certificate: str, certificate_id: int) -> ResponseReturnValue:
    """Suspend or revoke a certificate, or let it be valid again."""
    row, form = _with_certificate(certificate, certificate_id), CertificateStatusForm()

    def judge() -> None:
        services.set_certificate_status(
            db_session(), row.certificate, certificate_id, **_whole(form), by=current_person(), at=clock.now()
        )

    return _done(row, _("证件处理已存档。")) if form.carries_out(judge) else _status_page(row, form, 422)


def _with_certificate(certificate: str, certificate_id: int) -> Inspector:
    """The inspector in sight whose certificate this is; 0 is the one that only the inspector's row tells."""
    row = in_sight(certificate)
    found = [view.row_id for view in queries.certificates_of(db_session(), row)]
    if certificate_id not in found:
        raise CertificateNotFoundError
    return row


def _qualification_page(row: Inspector, form: QualificationForm, status: int = 200) -> ResponseReturnValue:
    title = _("登记 %(name)s 的专业资格", name=row.name)
    lead = _("登记起止日期后，这项资格只在这些日子里有效。")
    return _page(row, form, title, "add_qualification", _("登记资格"), lead=lead, status=status)


@bp.get("/registry/inspectors/<certificate>/qualifications/new")
@requires("registrar")
def new_qualification(certificate: str) -> ResponseReturnValue:
    """The form for a qualification."""
    return _qualification_page(in_sight(certificate), QualificationForm(data={"valid_from": today()}))


@bp.post("/registry/inspectors/<certificate>/qualifications")
@requires("registrar")
def add_qualification(certificate: str) -> ResponseReturnValue:
    """Note a qualification; one of the same skill that stands is replaced by it."""
    row, form = in_sight(certificate), QualificationForm()
    assert row.id is not None
    standing = {one.skill: one.id or 0 for one in queries.qualifications_of(db_session(), row.id)}

    def note() -> None:
        services.add_qualification(
            db_session(),
            row.certificate,
            **_whole(form),
            replaces=standing.get(form.skill.data, 0),
            by=current_person(),
            at=clock.now(),
        )

    return _done(row, _("资格已登记。")) if form.carries_out(note) else _qualification_page(row, form, 422)


def _absence_page(row: Inspector, form: AbsenceForm, status: int = 200) -> ResponseReturnValue:
    title = _("登记 %(name)s 的不在岗日期", name=row.name)
    lead = _("这些日子里的抽取不派件给本人，名录中写明原因。")
    return _page(row, form, title, "add_absence", _("登记"), lead=lead, status=status)


@bp.get("/registry/inspectors/<certificate>/absences/new")
@requires("registrar")
def new_absence(certificate: str) -> ResponseReturnValue:
    """The form for leave, training or other duty."""
    return _absence_page(in_sight(certificate), AbsenceForm(data={"first_day": today(), "last_day": today()}))


@bp.post("/registry/inspectors/<certificate>/absences")
@requires("registrar")
def add_absence(certificate: str) -> ResponseReturnValue:
    """Note an absence."""
    row, form = in_sight(certificate), AbsenceForm()

    def note() -> None:
        services.add_absence(
            db_session(), row.certificate, **_whole(form), by=current_person(), at=clock.now()
        )

    return _done(row, _("已登记。")) if form.carries_out(note) else _absence_page(row, form, 422)


def absence_of(row: Inspector, absence_id: int) -> Absence:
    """An absence of this inspector, or AbsenceNotFoundError."""
    found = queries.absence(db_session(), absence_id)
    if found.inspector_id != row.id:
        raise AbsenceNotFoundError
    return found


def correction_page(
    row: Inspector, form: AbsenceForm, *, back: str, status: int = 200
) -> ResponseReturnValue:
    """The page that corrects an absence."""
    title = _("更正 %(name)s 的不在岗日期", name=row.name)
    lead = _("更正是一条新记录，原记录保留。")
    return page_of_form(
        form, title, target=request.path, back=back, submit=_("更正"), lead=lead, status=status
    )


@bp.get("/registry/inspectors/<certificate>/absences/<int:absence_id>")
@requires("registrar")
def absence_to_correct(certificate: str, absence_id: int) -> ResponseReturnValue:
    """The form with what stands."""
    row = in_sight(certificate)
    form = AbsenceCorrectionForm(data=absence_of(row, absence_id).model_dump())
    return correction_page(row, form, back=_record(row))


@bp.post("/registry/inspectors/<certificate>/absences/<int:absence_id>")
@requires("registrar")
def correct_absence(certificate: str, absence_id: int) -> ResponseReturnValue:
    """Let a later entry take the place of an absence, or take it back."""
    row, form = in_sight(certificate), AbsenceCorrectionForm()

    def correct() -> None:
        services.correct_absence(
            db_session(), row.certificate, absence_id, **_whole(form), by=current_person(), at=clock.now()
        )

    if not form.carries_out(correct):
        return correction_page(row, form, back=_record(row), status=422)
    return _done(row, _("已更正，原记录保留。"))
