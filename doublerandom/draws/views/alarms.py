"""Alarms: what is wrong with draws now, whether the worker runs, and what was wrong before."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock, web
from doublerandom.accounts import queries as accounts
from doublerandom.draws import queries
from doublerandom.draws.models import AlarmKind
from doublerandom.draws.views.blueprint import bp
from doublerandom.web import DueItem, NavLink

ROLES = ("planner", "supervisor", "administrator", "overseer")
READERS = (*ROLES, "head", "auditor")
NAV = [NavLink("draws", "draws.alarms", _l("警报"), "exclamation-triangle", READERS)]
KIND_NAMES = {
    AlarmKind.RESULT_LATE: _l("过时未出结果"),
    AlarmKind.RESULT_MISSING: _l("期限已到，日志中没有结果"),
    AlarmKind.FAILED: _l("抽取失败"),
    AlarmKind.ERROR_REPEATS: _l("后台处理反复出错"),
    AlarmKind.WORKER_SILENT: _l("后台进程没有运行"),
}
WAYS_OUT = {
    AlarmKind.RESULT_LATE: _l("查看还缺哪一项随机数或秘密值，并确认后台进程在运行。"),
    AlarmKind.RESULT_MISSING: _l("没有 drand 来源的抽取到期即失败；有的，补录该轮次后仍可产生结果。"),
    AlarmKind.FAILED: _l("为同一计划任务另行准备一次抽取，替代失败的这一次。"),
    AlarmKind.ERROR_REPEATS: _l("请管理员查看后台进程的日志；修复后会自动再试。"),
    AlarmKind.WORKER_SILENT: _l("请管理员启动 doublerandom jobs；恢复后会补办到期的抽取。"),
}
ON_A_PAGE = 50


@bp.get("/alarms")
@web.requires(*READERS)
def alarms() -> ResponseReturnValue:
    """What is wrong now, by draw; the worker; and the alarms there were."""
    session, now = web.db_session(), clock.now()
    below = accounts.sight(web.current_user()).body_path
    before = web.whole_argument("after")
    rows = queries.alarms(session, below=below, before=before or None, limit=ON_A_PAGE + 1)
    return render_template(
        "draws/alarms.html",
        standing=queries.standing(session, at=now, below=below),
        silent=queries.silent_since(session, at=now, below=below),
        seen=queries.heartbeat(session),
        rows=web.Page.cut(rows, ON_A_PAGE, key=lambda row: row[0].id),
        kind_names=KIND_NAMES,
        ways_out=WAYS_OUT,
    )


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What is wrong with draws in sight: the gravest of each; and the worker, where it should have worked."""
    if user.acting_roles.isdisjoint(ROLES):
        return
    below, now, url = accounts.sight(user).body_path, clock.now(), url_for("draws.alarms")
    if (since := queries.silent_since(session, at=now, below=below)) is not None:
        title = _("后台进程没有运行，已有抽取到期")
        yield DueItem("draws", title, url, deadline=since, act=_("查看警报"))
    gravest = {one.draw.number: one for one in queries.standing(session, at=now, below=below)}
    for number, one in gravest.items():
        title = f"{number} · {KIND_NAMES[one.kind]}"
        yield DueItem("draws", title, url, deadline=one.draw.result_by, act=_("查看警报"))
