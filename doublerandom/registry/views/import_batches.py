"""Batches: what came in, by whom, what became of it; and how one is taken back."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.errors import NotAllowedError
from doublerandom.registry import queries
from doublerandom.registry.forms.imports import KIND_NAMES, UndoForm
from doublerandom.registry.models import ImportBatch
from doublerandom.registry.queries.imports import BatchFilter
from doublerandom.registry.services.import_undo import UNDOABLE, undo_batch
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.imports import READERS, STATE_NAMES, may_bring, own_path
from doublerandom.web import (
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    list_file,
    requires,
    wanted_format,
    whole_argument,
)

NAV: list[NavLink] = []
SIZE = 50
BATCH_KINDS = {**KIND_NAMES, "links": _l("关联标识"), "licences": _l("许可"), "undo": _l("撤回")}


def _wanted() -> BatchFilter:
    """What the address asks for; days that are none are passed over."""
    kind = request.args.get("kind", "")
    return BatchFilter(
        kind=kind if kind in BATCH_KINDS else "",
        words=request.args.get("q", "").strip()[:64],
        person=request.args.get("by", "").strip()[:64],
        since=_day("since"),
        until=_day("until"),
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@bp.get("/registry/imports")
@requires(*READERS)
def imports() -> ResponseReturnValue:
    """What came in, newest first, and what is under way."""
    session, sight, wanted = db_session(), accounts.sight(current_user()), _wanted()
    if kind := wanted_format():
        found = queries.import_batches_in_sight(session, wanted, sight=sight, limit=None)
        return _file(session, found, kind)
    rows = queries.import_batches_in_sight(
        session, wanted, sight=sight, before=whole_argument("after"), limit=SIZE + 1
    )
    jobs = queries.open_import_jobs(session, below=own_path())
    return render_template(
        "registry/imports.html",
        page=Page.cut(rows, SIZE, key=lambda row: row.id),
        jobs=jobs,
        people=accounts.person_names(session, {row.by for row in rows} | {job.by for job in jobs}),
        bodies=accounts.body_names(session),
        kind_names=BATCH_KINDS,
        state_names=STATE_NAMES,
        writes=may_bring("subjects") or may_bring("plans"),
    )


def _file(session: Session, found: list[ImportBatch], kind: str) -> ResponseReturnValue:
    bodies = accounts.body_names(session)
    header = [
        _("批次"), _("类别"), _("文件"), _("报送单位"), _("机关"), _("经办"), _("时间"),
        _("收下"), _("更新"), _("未收"), _("重复或已有"), _("有说明"), _("撤回批次"),
    ]  # fmt: skip
    rows = (
        (
            row.id, BATCH_KINDS.get(row.kind, row.kind), row.filename, row.sender,
            bodies.get(row.body_id or 0, ""), row.by, row.at,
            row.accepted, row.changed, row.refused, row.repeated, row.noted, row.undoes_id,
        )
        for row in found
    )  # fmt: skip
    return list_file(_("导入批次"), header, rows, kind=kind)


@bp.get("/registry/imports/batches/<int:batch_id>")
@requires(*READERS)
def import_batch(batch_id: int) -> ResponseReturnValue:
    """One batch."""
    batch = _batch(batch_id)
    return render_template("registry/import_batch.html", **_facts(batch))


def _batch(batch_id: int) -> ImportBatch:
    return queries.import_batch(db_session(), batch_id, sight=accounts.sight(current_user()))


def _facts(batch: ImportBatch) -> dict[str, Any]:
    """What the pages of a batch show."""
    session = db_session()
    assert batch.id is not None
    undone = queries.undoing_batch(session, batch.id)
    return {
        "batch": batch,
        "person": accounts.person_names(session, {batch.by}).get(batch.by, batch.by),
        "kind_names": BATCH_KINDS,
        "body": accounts.body_names(session).get(batch.body_id or 0, ""),
        "job": queries.import_job_of(session, batch.id),
        "undone": undone,
        "mended": queries.mending_batches(session, batch.id),
        "may_undo": undone is None
        and batch.kind in UNDOABLE
        and batch.body_id is not None
        and may_bring(batch.kind),
        "writes": may_bring(batch.kind),
    }


@bp.get("/registry/imports/batches/<int:batch_id>/undo")
@requires("registrar")
def undo_import(batch_id: int) -> ResponseReturnValue:
    """What taking the batch back would do, before it is done."""
    return _undo_page(_undoable(batch_id), UndoForm())


def _undoable(batch_id: int) -> ImportBatch:
    """A batch of a body in sight; those that came in at the command line are taken back there."""
    batch = _batch(batch_id)
    if batch.body_id is None or not may_bring(batch.kind):
        raise NotAllowedError
    return batch


def _undo_page(batch: ImportBatch, form: UndoForm) -> str:
    plan = queries.undoing(db_session(), batch)
    return render_template("registry/import_undo.html", form=form, plan=plan, **_facts(batch))


@bp.post("/registry/imports/batches/<int:batch_id>/undo")
@requires("registrar")
def undo_import_now(batch_id: int) -> ResponseReturnValue:
    """Take the batch back by a later one."""
    batch, form, made = _undoable(batch_id), UndoForm(), []

    def command() -> None:
        undo = undo_batch(
            db_session(), batch_id, reason=form.reason.data, by=current_person(), at=clock.now()
        )
        made.append(undo.id)

    if not form.carries_out(command):
        return _undo_page(batch, form), 422
    flash_done(_("已撤回。原批次和撤回批次都留在记录里。"))
    return redirect(url_for("registry.import_batch", batch_id=made[0]), code=303)
