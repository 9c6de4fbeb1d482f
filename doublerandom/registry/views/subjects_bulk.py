"""Bulk acts on what a filter found: choose, preview, confirm with a reason, see how far it has come."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.registry import bulk, services
from doublerandom.registry.errors import PreviewOutdatedError
from doublerandom.registry.forms.saved_filters import BulkForm
from doublerandom.registry.queries import saved_filters as kept_queries
from doublerandom.registry.queries.saved_filters import Preview
from doublerandom.registry.subject_words import (
    ACTION_NAMES,
    KIND_NAMES,
    LEFT_NAMES,
    STATUS_NAMES,
    VALUE_NAMES,
)
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.subjects_list import Asked, reader, sees_class, what_is_asked
from doublerandom.web import (
    current_person,
    db_session,
    flash_done,
    list_file,
    requires,
    wanted_format,
)

NAV = ()
NAMES = {
    "action_names": ACTION_NAMES,
    "value_names": VALUE_NAMES,
    "left_names": LEFT_NAMES,
    "kind_names": KIND_NAMES,
    "status_names": STATUS_NAMES,
}


@bp.get("/registry/subjects/bulk")
@requires("registrar")
def bulk_act() -> ResponseReturnValue:
    """Choose what is said of all that the filter found, then see what it would change."""
    asked = what_is_asked()
    if asked.refusal:
        raise asked.refusal
    action, value = request.args.get("action", ""), request.args.get("value", "").strip()
    if action not in bulk.ACTIONS or (not value and action != "join"):
        return render_template(
            "registry/subjects_bulk.html", asked=asked, action=action, value=value, people=_people(), **NAMES
        )
    services.check_bulk(action, value)
    form = BulkForm(q=asked.words, filter=asked.text, action=action, value=value, formdata=None)
    return _preview(asked, form)


@bp.post("/registry/subjects/bulk")
@requires("registrar")
def confirm_bulk() -> ResponseReturnValue:
    """Do what was previewed; where the result has changed since, show it anew."""
    form, asked = BulkForm(), what_is_asked()
    if asked.wanted is None or form.action.data not in bulk.ACTIONS:
        form = BulkForm.valid()
    done: list[Any] = []
    if not form.carries_out(lambda: done.append(_confirm(form, asked)), also=(PreviewOutdatedError,)):
        return _preview(asked, form), 409 if isinstance(form.refusal, PreviewOutdatedError) else 422
    (row,) = done
    if row.finished_at:
        flash_done(_("批量操作已完成，涉及 %(n)s 户。", n=row.total))
    return redirect(url_for("registry.bulk_progress", act_id=row.id), code=303)


@bp.get("/registry/subjects/bulk/<int:act_id>")
@requires("registrar", "head", "auditor")
def bulk_progress(act_id: int) -> ResponseReturnValue:
    """One bulk act: what it says, of whom, how far it has come."""
    session = db_session()
    row = kept_queries.bulk_act(session, act_id, body_id=reader().body_id)
    return render_template(
        "registry/subjects_bulk_act.html",
        row=row,
        names=accounts_queries.person_names(session, {row.by, row.value}),
        first=kept_queries.first_by_code(session, row.subject_ids),
        **NAMES,
    )


@bp.get("/registry/subjects/bulk-acts")
@requires("registrar", "head", "auditor")
def bulk_acts() -> ResponseReturnValue:
    """The newest bulk acts of the own body."""
    session = db_session()
    rows = kept_queries.bulk_acts(session, body_id=reader().body_id)
    names = accounts_queries.person_names(session, {each for row in rows for each in (row.by, row.value)})
    if kind := wanted_format():
        header = [_("时间"), _("操作"), _("内容"), _("涉及户数"), _("已办"), _("理由"), _("经办人")]
        cells = (
            [
                row.at,
                ACTION_NAMES[row.action],
                LEFT_NAMES.get(row.value, names.get(row.value, row.value)),
                row.total,
                row.done,
                row.reason,
                names.get(row.by, row.by),
            ]
            for row in rows
        )
        return list_file(_("批量操作"), header, cells, kind=kind)
    return render_template("registry/subjects_bulk_acts.html", rows=rows, names=names, **NAMES)


def _confirm(form: BulkForm, asked: Asked) -> Any:
    assert asked.wanted is not None
    return services.confirm_bulk(
        db_session(),
        asked.wanted,
        body_id=reader().body_id,
        action=form.action.data,
        value=form.value.data or "",
        reason=form.reason.data,
        expression=asked.text,
        digest=form.digest.data,
        by=current_person(),
        at=clock.now(),
    )


def _preview(asked: Asked, form: BulkForm) -> str:
    """The page of the preview, with its token in the form."""
    session, user = db_session(), reader()
    assert asked.wanted is not None
    action, value = form.action.data, form.value.data or ""
    preview = kept_queries.preview(
        session,
        asked.wanted,
        action=action,
        value=value,
        body=user.body,
        on=clock.local(clock.now()).date(),
    )
    form.digest.data = preview.digest
    return render_template(
        "registry/subjects_bulk_preview.html",
        asked=asked,
        form=form,
        action=action,
        value=_value_words(session, action, value),
        preview=preview,
        slow=len(preview.ids) > bulk.AT_ONCE,
        regions=_regions(session, preview),
        sees_class=sees_class(),
        **NAMES,
    )


def _regions(session: Session, preview: Preview) -> dict[str, str]:
    return accounts_queries.region_names(session, [code for code, _number in preview.by_region])


def _value_words(session: Session, action: str, value: str) -> str:
    if action == "supervisor":
        return accounts_queries.person_names(session, [value]).get(value, value)
    return str(LEFT_NAMES.get(value, value)) if action == "leave" else value


def _people() -> list[tuple[str, str]]:
    """The people of the own body and those below, who may be told to supervise subjects."""
    path = accounts_queries.sight(reader()).body_path
    return [(user.person, user.name) for user in accounts_queries.people_of(db_session(), path, limit=500)]
