"""The desk of annual plans: the list, a plan with its lines, its way from draft to closing."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.accounts.queries import Body
from doublerandom.ledger import queries as ledger_queries
from doublerandom.registry import queries, services
from doublerandom.registry.differences import line_differences
from doublerandom.registry.errors import PlanOpenError, RecordNotFoundError
from doublerandom.registry.forms.plans import PlanActForm, PlanForm, PlanHeadForm
from doublerandom.registry.models import AnnualPlan, AnnualPlanStatus, PlanLine
from doublerandom.registry.plan_lines import FIELDS, days_of_line
from doublerandom.registry.structure_words import quota_words, value_words
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.items import own_body
from doublerandom.web import (
    DueItem,
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    has_role,
    list_file,
    requires,
    wanted_format,
    whole_argument,
)

READERS: Final = ("planner", "registrar", "head", "auditor")
NAV = [NavLink("registry", "registry.plans", _l("年度计划"), "calendar3", READERS)]
PAGE: Final = 50
STATUS: Final = {
    "draft": (_l("草稿"), "pencil", "neutral"),
    "submitted": (_l("待批准"), "hourglass-split", "accent"),
    "approved": (_l("已批准"), "check2", "neutral"),
    "published": (_l("已公布"), "megaphone", "accent"),
    "amended": (_l("已被修订"), "arrow-repeat", "neutral"),
    "closed": (_l("已结束"), "archive", "neutral"),
}
STEPS: Final = ("draft", "submitted", "approved", "published", "closed")
FIELD_NAMES: Final = {
    "name": _l("任务名称"),
    "directed": _l("定向抽查"),
    "unannounced": _l("不预先通知"),
    "items": _l("抽查事项编号"),
    "scope": _l("对象范围"),
    "filter": _l("范围表达式"),
    "domain": _l("适用细则的领域"),
    "base": _l("对象基数"),
    "ratio": _l("抽查比例（公布文字）"),
    "quota": _l("比例规则"),
    "class_ratios": _l("各类比例"),
    "estimated": _l("预计抽查数量"),
    "frequency": _l("抽查频次"),
    "cap": _l("同一对象全年至多几次"),
    "methods": _l("检查方式"),
    "first_month": _l("起始月份"),
    "last_month": _l("结束月份"),
    "start": _l("开始日期"),
    "complete_by": _l("完成日期"),
    "period": _l("时间（原文）"),
    "lead": _l("牵头机关代号"),
    "lead_text": _l("牵头部门（原文）"),
    "partners": _l("配合部门的条线代号"),
    "partner_text": _l("配合部门（公布文字）"),
    "level": _l("实施层级"),
    "note": _l("备注"),
    "approval": _l("临时任务批准文号"),
}


def plan_in_sight(plan_id: int) -> AnnualPlan:
    """A plan of a body above or below, or RecordNotFoundError."""
    plan = queries.plan_by_id(db_session(), plan_id)
    if plan.body_id not in queries.bodies_in_line(db_session(), own_body()):
        raise RecordNotFoundError(value=plan_id)
    return plan


def own_plan(plan_id: int) -> AnnualPlan:
    """A plan of the own body, or RecordNotFoundError."""
    plan = plan_in_sight(plan_id)
    if plan.body_id != own_body().id:
        raise RecordNotFoundError(value=plan_id)
    return plan


@bp.get("/registry/plans")
@requires(*READERS)
def plans() -> ResponseReturnValue:
    """Plans in sight, as a page or a file."""
    session = db_session()
    status = request.args.get("status", "")
    found = queries.plans_in_sight(
        session,
        body=own_body(),
        year=whole_argument("year"),
        status=AnnualPlanStatus(status) if status in STATUS else None,
    )
    counts = queries.lines_counts(session, [plan.id for plan in found])
    bodies = accounts_queries.body_names(session)
    if kind := wanted_format():
        header = [
            _("年度"), _("机关"), _("计划名称"), _("版本"), _("状态"), _("任务数"), _("预计抽查数量"),
            _("批准文号"), _("备案号"), _("公布时间"), _("摘要"),
        ]  # fmt: skip
        rows = (
            [
                plan.year,
                bodies.get(plan.body_id, ""),
                plan.title,
                plan.version,
                STATUS[plan.status.value][0],
                *counts.get(plan.id or 0, (0, 0)),
                plan.approval,
                plan.filing,
                plan.published_at,
                plan.digest,
            ]
            for plan in found
        )
        return list_file(_("年度计划"), header, rows, kind=kind)
    offset = whole_argument("after") or 0
    page = Page.cut(found[offset:][: PAGE + 1], PAGE, key=lambda _row: offset + PAGE, total=len(found))
    return render_template(
        "registry/plans.html",
        page=page,
        counts=counts,
        bodies=bodies,
        status=STATUS,
        plan_states=[(name, words[0]) for name, words in STATUS.items()],
    )


@bp.get("/registry/plans/new")
@requires("planner")
def new_plan() -> ResponseReturnValue:
    """The form of a new plan."""
    year = clock.local(clock.now()).year
    title = _("%(body)s%(year)s年度抽查工作计划", body=own_body().name, year=year)
    return render_template(
        "registry/plan_form.html", form=PlanForm(None, data={"year": year, "title": title})
    )


@bp.post("/registry/plans")
@requires("planner")
def add_plan() -> ResponseReturnValue:
    """Draft a plan without lines; they are added one by one or imported."""
    form, added = PlanForm(), list[AnnualPlan]()

    def add() -> None:
        added.append(
            services.add_annual_plan(
                db_session(),
                body=own_body(),
                year=form.year.data,
                title=form.title.data,
                lines=[],
                by=current_person(),
                at=clock.now(),
            )
        )

    if not form.carries_out(add, also=(PlanOpenError,)):
        return render_template("registry/plan_form.html", form=form), 422
    return redirect(url_for("registry.plan", plan_id=added[0].id), code=303)


@bp.get("/registry/plans/<int:plan_id>")
@requires(*READERS)
def plan(plan_id: int) -> ResponseReturnValue:
    """A plan with its lines, what comes next, its versions; the lines as a file too."""
    found = plan_in_sight(plan_id)
    lines = queries.lines_of_plan(db_session(), plan_id)
    if kind := wanted_format():
        header = [_("任务编号"), *FIELD_NAMES.values(), _("测算数量")]
        rows = (
            [
                line.number,
                *(value_words(name, getattr(line, name)) for name in FIELD_NAMES),
                line.computed["take"] if line.computed else None,
            ]
            for line in lines
        )
        return list_file(f"{found.title}-{found.version}", header, rows, kind=kind)
    return _plan_page(found, PlanActForm())


def _plan_page(found: AnnualPlan, form: PlanActForm) -> str:
    session = db_session()
    assert found.id is not None
    lines = queries.lines_of_plan(session, found.id)
    body = accounts_queries.body_by_id(session, found.body_id)
    waiting = found.status.value in {"draft", "submitted", "approved"}
    lacking = services.items_lacking(session, found, at=clock.now()) if waiting else []
    drafters = services.drafters_of(session, found)
    entries = ledger_queries.list_entries(session, [found.digest]) if found.digest else []
    people = accounts_queries.person_names(session, {found.submitted_by, found.approved_by, *drafters})
    return render_template(
        "registry/plan.html",
        plan=found,
        body=body,
        form=form,
        head_form=PlanHeadForm(
            None, data={"title": found.title, "reason": found.reason, "filing": found.filing}
        ),
        lines=lines,
        spans={line.id: days_of_line(line, found.year) for line in lines},
        item_names=queries.item_names(session, {code for line in lines for code in line.items}),
        quota_words=quota_words,
        versions=queries.plan_versions(session, body_id=found.body_id, year=found.year),
        lacking=lacking,
        own=found.body_id == own_body().id,
        drafted_by_me=current_person() in drafters,
        people=people,
        drafters="、".join(people.get(each, each) for each in sorted(drafters)),
        log_index=entries[0][0] if entries else None,
        status=STATUS,
        steps=[STATUS[name][0] for name in STEPS],
        step=_step(found),
        year_over=clock.local(clock.now()).date() > date(found.year, 12, 31),
    )


def _step(found: AnnualPlan) -> int:
    """Where a plan is in the stepper: past its end when it is closed, at publication when it was amended."""
    name = found.status.value
    if name == "closed":
        return len(STEPS)
    return STEPS.index("published" if name == "amended" else name)


@bp.get("/registry/plans/<int:plan_id>/compare")
@requires(*READERS)
def compare_plans(plan_id: int) -> ResponseReturnValue:
    """A version against another of its year, by default the one before: lines added, dropped, changed."""
    session, found = db_session(), plan_in_sight(plan_id)
    versions = queries.plan_versions(session, body_id=found.body_id, year=found.year)
    wanted = whole_argument("with") or found.version - 1
    before = next((row for row in versions if row.version == wanted), None)
    if before is None:
        raise RecordNotFoundError(value=wanted)

    def lines(version: AnnualPlan) -> dict[str, PlanLine]:
        assert version.id is not None
        return {line.number: line for line in queries.lines_of_plan(session, version.id)}

    differences = line_differences(lines(before), lines(found), FIELDS)
    if kind := wanted_format():
        header = [
            _("任务编号"),
            _("项目"),
            _("第 %(n)s 版", n=before.version),
            _("第 %(n)s 版", n=found.version),
        ]
        rows = [
            [
                each.number,
                FIELD_NAMES[one.field],
                value_words(one.field, one.before),
                value_words(one.field, one.after),
            ]
            for each in differences
            for one in each.fields
        ] + [
            [
                each.number,
                _("任务名称"),
                each.before.name if each.before else "",
                each.after.name if each.after else "",
            ]
            for each in differences
            if not each.fields
        ]
        return list_file(f"{found.title}-{before.version}-{found.version}", header, rows, kind=kind)
    return render_template(
        "registry/plan_compare.html",
        plan=found,
        before=before,
        versions=versions,
        version_options=[
            (row.version, _("第 %(n)s 版", n=row.version)) for row in versions if row.id != found.id
        ],
        differences=differences,
        field_names=FIELD_NAMES,
        value_words=value_words,
    )


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits: for a head plans to approve that others drafted, for a planner plans to mend or publish."""
    roles = set(user.acting_roles)
    if not roles & {"head", "planner"}:
        return
    body: Body = accounts_queries.body_by_id(session, user.body_id)
    for found in queries.plans_in_sight(session, body=body):
        url = url_for("registry.plan", plan_id=found.id)
        if found.body_id != body.id:
            continue
        if found.status is AnnualPlanStatus.SUBMITTED and "head" in roles:
            if user.person not in services.drafters_of(session, found):
                yield DueItem("registry", found.title, url, act=_("批准计划"))
        elif found.status is AnnualPlanStatus.APPROVED and "planner" in roles:
            yield DueItem("registry", found.title, url, act=_("公布计划"))
        elif found.status is AnnualPlanStatus.DRAFT and found.returned and "planner" in roles:
            yield DueItem("registry", found.title, url, act=_("修改被退回的计划"))


def done(plan_id: int, message: str) -> ResponseReturnValue:
    """Say what was done, and go back to the plan."""
    flash_done(message)
    return redirect(url_for("registry.plan", plan_id=plan_id), code=303)


def may_plan(found: AnnualPlan) -> bool:
    """Whether whoever is signed in may change this plan's draft."""
    user = current_user()
    return user is not None and has_role("planner") and found.body_id == user.body_id
