"""One inspector: the record with everything that stands of it, a new one, changes."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries, services
from doublerandom.registry.errors import AlreadyThereError
from doublerandom.registry.forms.conflicts import GROUND_NAMES
from doublerandom.registry.forms.inspectors import ChangedInspectorForm, InspectorForm, NewInspectorForm
from doublerandom.registry.models import Inspector
from doublerandom.registry.names import EXPERT_NAMES
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.conflicts import CONFLICT_STATUS_NAMES
from doublerandom.registry.views.inspectors import (
    NAMES,
    READERS,
    below,
    in_sight,
    reminder_day,
    rules_here,
    shown,
    today,
)
from doublerandom.web import current_person, current_user, db_session, flash_done, has_role, requires

NAV: list[Any] = []
ACT_NAMES = {
    "InspectorAdded": _l("入库"),
    "InspectorChanged": _l("变更记录"),
    "CertificateAdded": _l("登记证件"),
    "CertificateStatusSet": _l("证件处理"),
    "QualificationAdded": _l("登记专业资格"),
    "AbsenceAdded": _l("登记不在岗"),
    "AbsenceCorrected": _l("更正不在岗"),
}


@bp.get("/registry/inspectors/<certificate>")
@requires(*READERS)
def inspector(certificate: str) -> ResponseReturnValue:
    """One record, with everything that stands of it."""
    return render_template("registry/inspector.html", **record_of(in_sight(certificate)))


def record_of(row: Inspector) -> dict[str, Any]:
    """What the pages of one inspector show: the desk's, and the inspector's own."""
    session, on = db_session(), today()
    assert row.id is not None
    user = current_user()
    rules = rules_here(session, user, on)
    period = queries.load_period(rules, on)
    acts = list(reversed(ledger.acts_on(session, "inspector", row.certificate)))
    sees_all = has_role("head") or (user is not None and user.certificate == row.certificate)
    conflicts = queries.conflicts_of_inspector(session, row.id, shown_at=None if sees_all else clock.now())
    team = queries.teams_of_inspectors(session, [row.id], on=on).get(row.id)
    return {
        "one": shown(session, [row], on, period)[0],
        "reminder": reminder_day(rules, on),
        "papers": list(reversed(queries.certificates_of(session, row))),
        "qualifications": queries.qualifications_of(session, row.id),
        "absences": queries.absences_of(session, row.id, since=on),
        "past": queries.absences_of(session, row.id, all_rows=True),
        "team": team,
        "conflicts": [(one, queries.subject_by_id(session, one.subject_id)) for one in conflicts],
        "region_words": _joined(row.regions, accounts.region_names(session, row.regions)),
        "expert_words": _joined(row.expert_types, EXPERT_NAMES),
        "acts": acts,
        "people": accounts.person_names(session, [act.by for act in acts]),
        "act_names": ACT_NAMES,
        "ground_names": GROUND_NAMES,
        "conflict_status_names": CONFLICT_STATUS_NAMES,
        "period": period,
        "on": on,
        "may_write": has_role("registrar"),
        **NAMES,
    }


def _joined(codes: list[str], names: Mapping[str, Any]) -> str:
    """The names of these codes; one that is not known stands for itself."""
    return str(_("、")).join(str(names.get(code, code)) for code in codes)


def page_of_form(
    form: Any, title: str, *, target: str, back: str, submit: str, lead: str = "", status: int = 200
) -> ResponseReturnValue:
    """A page that is one form, sent to `target`; its fields as they stand, those it names first before."""
    first = getattr(form, "FIRST", ())
    page = render_template(
        "registry/inspector_form.html",
        form=form,
        fields=[form[name] for name in first] + [field for field in form if field.name not in first],
        title=title,
        target=target,
        back=back,
        submit=submit,
        lead=lead,
    )
    return page, status


@bp.get("/registry/inspectors/new")
@requires("registrar")
def new_inspector() -> ResponseReturnValue:
    """The form for a new inspector."""
    return _new(_offered(NewInspectorForm()))


def _offered(form: InspectorForm, department: str = "") -> Any:
    bodies = {row.id: row.name for row in accounts.bodies(db_session(), below=below()) if row.id is not None}
    form.offer(bodies, department)
    return form


def _new(form: NewInspectorForm, status: int = 200) -> ResponseReturnValue:
    title, back = _("登记执法检查人员"), url_for("registry.inspectors")
    target = url_for("registry.add_inspector")
    return page_of_form(form, title, target=target, back=back, submit=_("登记入库"), status=status)


@bp.post("/registry/inspectors")
@requires("registrar")
def add_inspector() -> ResponseReturnValue:
    """Add an inspector to the pool of a body in sight."""
    form = _offered(NewInspectorForm())
    if not form.carries_out(lambda: _add(form), also=(AlreadyThereError,)):
        return _new(form, 422)
    flash_done(_("已登记入库。"))
    return redirect(
        url_for("registry.inspector", certificate=form.certificate.data.strip().upper()), code=303
    )


def _add(form: NewInspectorForm) -> None:
    """The command with what was filled in."""
    services.add_inspector(
        db_session(),
        form.certificate.data,
        name=form.name.data,
        body_id=int(form.body.data),
        department=form.department.data,
        position=form.position.data or "",
        regions=form.regions.values,
        skills=form.skills.values,
        items=form.items.values,
        expert=form.expert.data,
        expert_types=form.expert_types.values,
        authority=form.authority.data or "",
        certificate_from=form.valid_from.data,
        certificate_until=form.valid_to.data,
        by=current_person(),
        at=clock.now(),
    )


@bp.get("/registry/inspectors/<certificate>/change")
@requires("registrar")
def inspector_to_change(certificate: str) -> ResponseReturnValue:
    """The form with what the record says now."""
    row = in_sight(certificate)
    data = {**row.model_dump(), "body": str(row.body_id)}
    return _change(row, _offered(ChangedInspectorForm(data=data), row.department))


def _change(row: Inspector, form: ChangedInspectorForm, status: int = 200) -> ResponseReturnValue:
    title = _("变更 %(name)s 的记录", name=row.name)
    back = url_for("registry.inspector", certificate=row.certificate)
    target = url_for("registry.change_inspector", certificate=row.certificate)
    return page_of_form(form, title, target=target, back=back, submit=_("保存变更"), status=status)


@bp.post("/registry/inspectors/<certificate>/change")
@requires("registrar")
def change_inspector(certificate: str) -> ResponseReturnValue:
    """Let the record say what was filled in."""
    row = in_sight(certificate)
    form = _offered(ChangedInspectorForm(), row.department)
    if not form.carries_out(lambda: _carry_change(row, form)):
        return _change(row, form, 422)
    flash_done(_("变更已留痕，以后的抽取按新记录执行。"))
    return redirect(url_for("registry.inspector", certificate=row.certificate), code=303)


def _carry_change(row: Inspector, form: ChangedInspectorForm) -> None:
    """The command with what was filled in."""
    what = services.InspectorIn(
        name=form.name.data,
        body_id=int(form.body.data),
        department=form.department.data,
        regions=form.regions.values,
        skills=form.skills.values,
        position=form.position.data or "",
        items=form.items.values,
        expert=form.expert.data,
        expert_types=form.expert_types.values,
        active=form.active.data,
    )
    services.change_inspector(
        db_session(), row.certificate, what, reason=form.reason.data, by=current_person(), at=clock.now()
    )
