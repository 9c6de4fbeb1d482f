"""The rows of an import by what becomes of them: a page of a group, findings and refused rows as files."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.accounts import queries as accounts
from doublerandom.ledger.files import FileStore
from doublerandom.registry import queries
from doublerandom.registry.errors import ImportNotFoundError
from doublerandom.registry.intake.listing import GROUPS, REFUSED_ROWS, page_of, rows_of
from doublerandom.registry.models import ImportJob
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import Page, current_user, db_session, lang, list_file, requires, settings

SIZE = 50
_PIECE = 1 << 16
GROUP_NAMES = {
    "new": _l("新增"),
    "changed": _l("更新"),
    "differing": _l("已有，登记信息不同"),
    "unchanged": _l("已有，无变化"),
    "repeated": _l("文件内重复"),
    "refused": _l("未收"),
    "noted": _l("收下并有说明"),
}


def _store() -> FileStore:
    return FileStore(settings().files_dir)


def rows_page(job: ImportJob) -> dict[str, Any]:
    """The chosen group (refused rows first, if there are any), its rows, and how many there are of each."""
    groups = [group for group in GROUPS if job.files.get(group)]
    first = next((group for group in ("refused", "changed", "differing", "new") if group in groups), "")
    asked = request.args.get("group", "")
    group = asked if asked in groups else first or (groups[0] if groups else "")
    if not group:
        return {"group": "", "groups": [], "rows": Page(rows=[])}
    after = request.args.get("after", "")
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 12 else 0
    rows = page_of(_store(), job.files[group], after=place, size=SIZE)
    return {
        "group": group,
        "groups": [(name, job.counts.get(name, 0)) for name in groups],
        "rows": Page(rows=rows.rows, total=job.counts.get(group), next_after=rows.next_after),
    }


def rows_file(job: ImportJob, group: str, kind: str) -> ResponseReturnValue:
    """The findings of a group, or of all, as a file."""
    header = [_("行号"), _("结果"), _("值"), _("原因")]
    store, language = _store(), lang()
    wanted = [group] if group in GROUPS else [name for name in GROUPS if name != "new"]
    names = {name: str(GROUP_NAMES[name]) for name in GROUPS}

    def rows() -> Iterator[tuple[object, ...]]:
        for name in wanted:
            for row in rows_of(store, job.files[name]) if name in job.files else ():
                reason = row.reason_zh if language == "zh" else row.reason_en
                yield row.line, names[name], row.value, reason

    return list_file(f"{_('导入核对')}-{job.id}", header, rows(), kind=kind)


@bp.get("/registry/imports/jobs/<int:job_id>/refused.csv")
@requires("registrar", "planner", "auditor")
def refused_rows(job_id: int) -> ResponseReturnValue:
    """The refused rows in the columns of the file, to be mended and imported again."""
    job = queries.import_job(db_session(), job_id, below=accounts.sight(current_user()).body_path)
    if REFUSED_ROWS not in job.files:
        raise ImportNotFoundError(value=job_id)
    file = _store().open(job.files[REFUSED_ROWS])

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(_PIECE):
                yield piece

    answer = Response(pieces(), content_type="text/csv; charset=utf-8")
    name = f"refused-{job.batch_id}" if job.batch_id else "refused"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    answer.headers["Cache-Control"] = "no-store"
    return answer
