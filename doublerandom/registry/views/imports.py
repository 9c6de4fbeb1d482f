"""Imports at the desk: bring a file, say what its columns mean, see what will change, apply it."""

import re
from collections.abc import Iterator
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
from doublerandom.registry.claims import progress_of
from doublerandom.registry.errors import ImportNotFoundError
from doublerandom.registry.forms.imports import KIND_NAMES, PLANNED, MappingForm, UploadForm
from doublerandom.registry.intake.columns import KINDS, REQUIRED
from doublerandom.registry.models import ImportJob, ImportState
from doublerandom.registry.services.import_work import work_in_background
from doublerandom.registry.services.imports import (
    REGISTRATION_LINE,
    WORKING,
    Upload,
    apply_import,
    discard_import,
    examine_import,
    upload_import,
)
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.import_rows import GROUP_NAMES, rows_file, rows_page
from doublerandom.web import (
    DueItem,
    NavLink,
    current_person,
    current_user,
    db,
    db_session,
    flash_done,
    has_role,
    lang,
    requires,
    settings,
    wanted_format,
    whole_argument,
)
from doublerandom.web.answers import sentence

WRITERS = ("registrar", "planner")
READERS = (*WRITERS, "auditor")
NAV = [NavLink("registry", "registry.imports", _l("批量导入"), "file-earmark-arrow-up", READERS)]
STATE_NAMES = {
    "uploaded": (_l("待确认列"), "list-check", "accent"),
    "examining": (_l("正在核对"), "hourglass-split", "accent"),
    "examined": (_l("待应用"), "eye", "accent"),
    "applying": (_l("正在应用"), "hourglass-split", "accent"),
    "applied": (_l("已应用"), "check2", "neutral"),
    "failed": (_l("未能完成"), "x-octagon", "bad"),
    "discarded": (_l("已放弃"), "archive", "neutral"),
}
_MENDED = re.compile(r"\brefused-(\d{1,9})\b")


def own_path() -> str:
    """The path of the own body: imports of the bodies at and below it are seen."""
    return accounts.sight(current_user()).body_path


def may_bring(kind: str) -> bool:
    """Whether whoever is signed in brings in files of this kind."""
    return has_role("planner" if kind in PLANNED else "registrar")


def _job(job_id: int, *, writes: bool = True) -> ImportJob:
    """A job in sight, for whom it may be; raises NotAllowedError where it is only read."""
    job = queries.import_job(db_session(), job_id, below=own_path())
    if writes and not may_bring(job.kind):
        raise NotAllowedError
    return job


@bp.get("/registry/imports/new")
@requires(*WRITERS)
def new_import() -> ResponseReturnValue:
    """The form to bring a file."""
    form = UploadForm(kind=request.args.get("kind"), sender=request.args.get("sender"))
    return _upload_page(form)


def _upload_page(form: UploadForm) -> str:
    form.kind.choices = [(kind, name) for kind, name in KIND_NAMES.items() if may_bring(kind)]
    session, user = db_session(), current_user()
    body_id = user.body_id if user else 0
    return render_template(
        "registry/import_new.html",
        form=form,
        senders=queries.senders(session, body_id=body_id),
        mends=_mended(session, ""),
        limit=settings().import_file_mb,
        body=accounts.body_by_id(session, body_id),
    )


@bp.post("/registry/imports")
@requires(*WRITERS)
def upload() -> ResponseReturnValue:
    """Take the file in and go on to what its columns mean."""
    form, made = UploadForm(), []
    if not form.carries_out(lambda: made.append(_take_in(form))):
        return _upload_page(form), 422
    return redirect(url_for("registry.import_job", job_id=made[0].id), code=303)


def _take_in(form: UploadForm) -> ImportJob:
    if not may_bring(form.kind.data):
        raise NotAllowedError
    session, user = db_session(), current_user()
    name = form.file.data.filename or ""
    mended = _mended(session, name)
    what = Upload(
        stream=form.file.data.stream,
        filename=name,
        kind=form.kind.data,
        sender=form.sender.data or (mended.sender if mended else ""),
        mends_id=mended.id if mended and mended.kind == form.kind.data else None,
    )
    body = accounts.body_by_id(session, user.body_id if user else 0)
    return upload_import(session, settings(), what, body=body, by=current_person(), at=clock.now())


def _mended(session: Session, filename: str) -> Any:
    """The batch whose refused rows a file holds, as the address or the file's name says."""
    said = _MENDED.search(filename)
    number = whole_argument("mends") or (int(said[1]) if said else None)
    if number is None:
        return None
    try:
        return queries.import_batch(session, number, sight=accounts.sight(current_user()))
    except ImportNotFoundError:
        return None


@bp.get("/registry/imports/jobs/<int:job_id>")
@requires(*READERS)
def import_job(job_id: int) -> ResponseReturnValue:
    """One import: what its columns mean, how far it is, what will change or has changed."""
    job = _job(job_id, writes=False)
    if kind := wanted_format():
        return rows_file(job, request.args.get("group", ""), kind)
    form = MappingForm(updates=job.updates, prefix=job.prefix, day=job.day)
    return _job_page(job, form)


def _job_page(job: ImportJob, form: MappingForm) -> str:
    session = db_session()
    assert job.id is not None
    body = accounts.body_by_id(session, job.body_id)
    progress = progress_of(settings(), job.id)
    return render_template(
        "registry/import_job.html",
        job=job,
        form=form,
        body=body,
        columns=_columns(job),
        fields=_fields(job.kind),
        missing=[
            name
            for field, name in _fields(job.kind)
            if field in REQUIRED[job.kind] and field not in job.places
        ],
        writes=may_bring(job.kind),
        registers=body.line == REGISTRATION_LINE,
        progress=progress,
        error_words=sentence(job.error["code"], job.error["params"], lang()) if job.error else "",
        working=job.state in WORKING,
        page=rows_page(job),
        kind_names=KIND_NAMES,
        state_names=STATE_NAMES,
        group_names=GROUP_NAMES,
    )


def _columns(job: ImportJob) -> list[dict[str, Any]]:
    """The columns of the file with their samples and the field that each of them means."""
    fields = {place: field for field, place in job.places.items()}
    return [
        {
            "place": place,
            "heading": heading,
            "samples": [row[place] for row in job.samples if place < len(row) and row[place]],
            "field": fields.get(place, ""),
        }
        for place, heading in enumerate(job.header)
        if heading or any(place < len(row) and row[place] for row in job.samples)
    ]


def _fields(kind: str) -> list[tuple[str, str]]:
    """The fields of a kind, named as its files do in Chinese, by their plain names in English."""
    return [
        (field, names[0] if lang() == "zh" else field.replace("_", " ").capitalize())
        for field, names in KINDS[kind].items()
    ]


@bp.post("/registry/imports/jobs/<int:job_id>/examine")
@requires(*WRITERS)
def examine(job_id: int) -> ResponseReturnValue:
    """Say what the columns mean, then look at every row."""
    job, form = _job(job_id), MappingForm()
    places = {
        field: place for place in range(len(job.header)) if (field := request.form.get(f"column-{place}", ""))
    }
    twice = len(places) < sum(1 for name, said in request.form.items() if name.startswith("column-") and said)

    def command() -> None:
        examine_import(
            db_session(),
            job_id,
            places=places,
            chosen_twice=twice,
            updates=form.updates.data,
            prefix=form.prefix.data or "",
            day=form.day.data,
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(command):
        return _job_page(job, form), 422
    return _worked(job_id)


def _worked(job_id: int) -> ResponseReturnValue:
    """Begin the work, then show how far it is."""
    db_session().rollback()
    work_in_background(db.engine, settings(), job_id)
    return redirect(url_for("registry.import_job", job_id=job_id), code=303)


@bp.post("/registry/imports/jobs/<int:job_id>/resume")
@requires(*WRITERS)
def resume_import(job_id: int) -> ResponseReturnValue:
    """Work again on an import whose process ended; nothing of it had been applied."""
    _job(job_id)
    return _worked(job_id)


@bp.post("/registry/imports/jobs/<int:job_id>/apply")
@requires(*WRITERS)
def apply_job(job_id: int) -> ResponseReturnValue:
    """Apply the file as one batch."""
    _job(job_id)
    apply_import(db_session(), job_id, by=current_person(), at=clock.now())
    return _worked(job_id)


@bp.post("/registry/imports/jobs/<int:job_id>/discard")
@requires(*WRITERS)
def discard_job(job_id: int) -> ResponseReturnValue:
    """Apply nothing of the file."""
    _job(job_id)
    discard_import(db_session(), job_id, by=current_person(), at=clock.now())
    flash_done(_("已放弃，没有导入任何内容。"))
    return redirect(url_for("registry.imports"), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a registrar: own files that are looked at and not applied yet."""
    if user.acting_roles.isdisjoint(WRITERS):
        return
    waiting = (ImportState.UPLOADED, ImportState.EXAMINED, ImportState.FAILED)
    for job in queries.open_import_jobs(session, below=accounts.sight(user).body_path):
        if job.by == user.person and job.state in waiting:
            url = url_for("registry.import_job", job_id=job.id)
            yield DueItem("registry", f"{KIND_NAMES[job.kind]} · {job.filename}", url, act=_("继续导入"))
