"""审管衔接: the department's inbox of licensed subjects, disputes, and who supervises what."""

from collections.abc import Iterator
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.registry import queries
from doublerandom.registry.forms.handovers import DecisionForm, DutyForm, ReturnForm
from doublerandom.registry.models.handovers import LicenceHandover
from doublerandom.registry.names import line_name
from doublerandom.registry.queries import handovers as handover_queries
from doublerandom.registry.services import handovers as services
from doublerandom.registry.views.blueprint import bp
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

READERS = ("registrar", "overseer", "auditor")
SIZE = 50
NAV = [
    NavLink("registry", "registry.handovers", _l("审管衔接"), "box-arrow-in-right", READERS),
    NavLink("registry", "registry.licence_duties", _l("许可监管责任"), "diagram-3", READERS),
]
STATUS_NAMES = {
    "pending": _l("待部门接收"),
    "accepted": _l("已接收"),
    "returned": _l("有争议，待裁定"),
    "unassigned": _l("待指定部门"),
}
EVENT_NAMES = {"granted": _l("新发"), "changed": _l("变更"), "revoked": _l("注销或撤销")}
STEP_NAMES = {"assigned": _l("交部门"), "accepted": _l("部门接收"), "returned": _l("部门退回")}
NAMES = {"status_names": STATUS_NAMES, "event_names": EVENT_NAMES, "step_names": STEP_NAMES}


def _sight() -> accounts.Sight:
    return accounts.sight(current_user())


def _shown(session: Session, rows: list[LicenceHandover]) -> list[dict[str, Any]]:
    """The hand-overs with the names that a page shows."""
    bodies = accounts.body_names(session)
    subjects = queries.subjects_by_ids(session, {row.subject_id for row in rows})
    return [
        {
            "row": row,
            "subject": subjects[row.subject_id],
            "department": bodies.get(row.department_id or 0, ""),
            "kind": row.delivered.get("kind_name") or row.kind,
        }
        for row in rows
    ]


@bp.get("/registry/handovers")
@requires(*READERS)
def handovers() -> ResponseReturnValue:
    """What approval bureaus delivered, newest first."""
    session, status = db_session(), request.args.get("status", "")
    statuses = [status] if status in STATUS_NAMES else []
    if kind := wanted_format():
        found = handover_queries.handovers(session, sight=_sight(), statuses=statuses, limit=None)
        return _file(session, found, kind)
    rows = handover_queries.handovers(
        session, sight=_sight(), statuses=statuses, before=whole_argument("after"), limit=SIZE + 1
    )
    page = Page.cut(_shown(session, rows), SIZE, key=lambda each: each["row"].id)
    return render_template("registry/handovers.html", page=page, **NAMES)


def _file(session: Session, rows: list[LicenceHandover], kind: str) -> ResponseReturnValue:
    header = [
        _("编号"),
        _("状态"),
        _("事件"),
        _("许可事项"),
        _("许可证编号"),
        _("审批机关"),
        _("代码"),
        _("名称"),
        _("监管部门"),
        _("事件日期"),
        _("收到时间"),
    ]
    lines = (
        (
            each["row"].id,
            STATUS_NAMES[each["row"].status],
            EVENT_NAMES[each["row"].event],
            each["kind"],
            each["row"].number,
            each["row"].authority,
            each["subject"].code,
            each["subject"].name,
            each["department"],
            each["row"].occurred_on,
            each["row"].at,
        )
        for each in _shown(session, rows)
    )
    return list_file(_("审管衔接"), header, lines, kind=kind)


@bp.get("/registry/handovers/<int:handover_id>")
@requires(*READERS)
def handover(handover_id: int) -> ResponseReturnValue:
    """One hand-over: what came, who is responsible, what was done, and the next act."""
    return _page(handover_id, ReturnForm(), _decision_form())


def _decision_form() -> DecisionForm:
    form = DecisionForm()
    bodies = accounts.bodies(db_session(), below=_sight().body_path)
    form.department.choices = [(row.token, row.name) for row in bodies]
    return form


def _page(handover_id: int, returning: ReturnForm, deciding: DecisionForm) -> str:
    session, sight = db_session(), _sight()
    found = handover_queries.handover(session, handover_id, sight=sight)
    steps = handover_queries.steps_of(session, handover_id)
    department = accounts.body_by_id(session, found.department_id) if found.department_id else None
    own = department is not None and sight.sees_body(department.path) and has_role("registrar")
    return render_template(
        "registry/handover.html",
        shown=_shown(session, [found])[0],
        steps=steps,
        people=accounts.person_names(session, {step.by for step in steps}),
        bodies=accounts.body_names(session),
        returning=returning,
        deciding=deciding,
        may_answer=own and found.status == "pending",
        may_decide=found.status in handover_queries.OPEN_TO_OFFICE and has_role("overseer"),
        **NAMES,
    )


@bp.post("/registry/handovers/<int:handover_id>/acceptance")
@requires("registrar")
def accept_handover(handover_id: int) -> ResponseReturnValue:
    """Take the licensed subject under supervision."""
    services.accept_handover(db_session(), handover_id, sight=_sight(), by=current_person(), at=clock.now())
    flash_done(_("已接收，该检查对象已纳入本部门的检查对象名录库。"))
    return redirect(url_for("registry.handover", handover_id=handover_id), code=303)


@bp.post("/registry/handovers/<int:handover_id>/return")
@requires("registrar")
def return_handover(handover_id: int) -> ResponseReturnValue:
    """Return a hand-over whose supervision is another department's."""
    form = ReturnForm()

    def command() -> None:
        services.return_handover(
            db_session(),
            handover_id,
            reason=form.reason.data,
            sight=_sight(),
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(command):
        return _page(handover_id, form, _decision_form()), 422
    flash_done(_("已退回，由监督机关裁定监管部门。"))
    return redirect(url_for("registry.handover", handover_id=handover_id), code=303)


@bp.post("/registry/handovers/<int:handover_id>/decision")
@requires("overseer")
def decide_handover(handover_id: int) -> ResponseReturnValue:
    """The supervision office names the department."""
    form = _decision_form()

    def command() -> None:
        services.decide_handover(
            db_session(),
            handover_id,
            department_token=form.department.data,
            reason=form.reason.data,
            sight=_sight(),
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(command):
        return _page(handover_id, ReturnForm(), form), 422
    flash_done(_("已裁定，并交该部门接收。"))
    return redirect(url_for("registry.handover", handover_id=handover_id), code=303)


@bp.get("/registry/licence-duties")
@requires(*READERS)
def licence_duties() -> ResponseReturnValue:
    """谁审批谁监管: for each kind of licence the line of work that supervises it."""
    return _duties(_duty_form())


def _duty_form() -> DutyForm:
    form = DutyForm()
    lines = sorted({row.line for row in accounts.bodies(db_session()) if row.line != services.APPROVAL})
    form.line.choices = [(line, line_name(line)) for line in lines]
    return form


def _duties(form: DutyForm) -> str:
    rows = handover_queries.licence_duties(db_session())
    return render_template("registry/licence_duties.html", rows=rows, form=form, line_name=line_name)


@bp.post("/registry/licence-duties")
@requires("overseer")
def set_licence_duty() -> ResponseReturnValue:
    """Say which line of work supervises a kind of licence."""
    form = _duty_form()

    def command() -> None:
        services.set_licence_duty(
            db_session(),
            form.kind.data.strip(),
            name=form.name.data,
            line=form.line.data,
            basis=form.basis.data or "",
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(command):
        return _duties(form), 422
    flash_done(_("监管责任已登记，今后收到的许可按此交办。"))
    return redirect(url_for("registry.licence_duties"), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """Hand-overs that wait: for the department's registrar, and for the supervision office."""
    roles = {role.name for role in user.roles}
    sight = accounts.sight(user)
    waiting = [
        ("registrar", ("pending",), _("接收许可对象")),
        ("overseer", handover_queries.OPEN_TO_OFFICE, _("裁定监管部门")),
    ]
    for role, statuses, act in waiting:
        if role in roles:
            for row in handover_queries.handovers(session, sight=sight, statuses=statuses, limit=20):
                url = url_for("registry.handover", handover_id=row.id)
                title = f"{row.delivered.get('kind_name') or row.kind} · {row.number}"
                yield DueItem("registry", title, url, act=act)
