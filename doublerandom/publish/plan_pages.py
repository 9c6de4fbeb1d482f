"""Annual plans for everybody: what each body published, version by version, with their digests in the log."""

from typing import Final

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import canon
from doublerandom.ledger import queries as ledger
from doublerandom.registry import plan_lines, services
from doublerandom.registry import queries as registry
from doublerandom.registry.errors import RecordNotFoundError
from doublerandom.registry.queries import AnnualPlan, PlanLine
from doublerandom.registry.structure_words import quota_words
from doublerandom.web import answers_json, db_session, lang, list_file, public, wanted_format

bp = Blueprint("plans", __name__, url_prefix="/plans")
STATES: Final = {
    "published": (_l("施行中"), "check2", "accent"),
    "amended": (_l("已修订"), "pencil", "neutral"),
    "closed": (_l("已结束"), "archive", "neutral"),
}
HEADER: Final = (
    _l("任务编号"),
    _l("任务名称"),
    _l("定向"),
    _l("抽查事项"),
    _l("对象范围"),
    _l("比例"),
    _l("预计"),
    _l("开始"),
    _l("完成"),
    _l("批准文号"),
)


def _body_name(body: accounts.Body) -> str:
    return body.name_en if lang() == "en" and body.name_en else body.name


@bp.get("")
@public
def plans() -> ResponseReturnValue:
    """Every plan that was ever published, newest year first; an amendment is a version of its own."""
    session = db_session()
    found = [plan for plan in registry.annual_plans(session) if plan.status.value in STATES]
    entries = ledger.list_entries(session, [plan.digest for plan in found])
    return render_template(
        "publish/plans.html",
        plans=found,
        counts=registry.lines_counts(session, [plan.id for plan in found]),
        bodies={body.id: _body_name(body) for body in accounts.bodies(session)},
        log={entry["digest"]: index for index, entry in entries},
        states=STATES,
    )


def _published(plan_id: int) -> AnnualPlan:
    plan = registry.plan_by_id(db_session(), plan_id)
    if plan.status.value not in STATES:
        raise RecordNotFoundError(value=plan_id)
    return plan


@bp.get("/<int:plan_id>")
@public
def plan(plan_id: int) -> ResponseReturnValue:
    """One published plan with its lines."""
    session, found = db_session(), _published(plan_id)
    lines = [line for line in registry.lines_of_plan(session, plan_id) if not line.dropped]
    if kind := wanted_format():
        rows = [_cells(line, found.year) for line in lines]
        return list_file(found.title, HEADER, rows, kind=kind)
    codes = {code for line in lines for code in line.items}
    entries = ledger.list_entries(session, [found.digest])
    return render_template(
        "publish/plan.html",
        plan=found,
        body=_body_name(accounts.body_by_id(session, found.body_id)),
        lines=lines,
        spans={line.id: plan_lines.days_of_line(line, found.year) for line in lines},
        item_names={item.code: item.name for item in registry.items(session) if item.code in codes},
        versions=[
            each
            for each in registry.plan_versions(session, body_id=found.body_id, year=found.year)
            if each.status.value in STATES
        ],
        log_index=entries[0][0] if entries else None,
        states=STATES,
        quota_words=quota_words,
    )


def _cells(line: PlanLine, year: int) -> list[object]:
    first, last = plan_lines.days_of_line(line, year)
    scope = line.scope or line.filter or _("全部检查对象")
    ratio = line.ratio or quota_words(line.quota)
    told = [line.number, line.name, line.directed, line.items, scope, ratio, line.estimated, first, last]
    return [*told, line.approval]


@bp.get("/<int:plan_id>.json")
@public
@answers_json
def plan_text(plan_id: int) -> ResponseReturnValue:
    """The canonical text whose SHA-256 stands in the log: `sha256sum` of this file is the digest."""
    session, found = db_session(), _published(plan_id)
    body = accounts.body_by_id(session, found.body_id)
    text = canon(services.plan_object(session, found, body=body))
    return Response(text, content_type="application/json; charset=utf-8")
