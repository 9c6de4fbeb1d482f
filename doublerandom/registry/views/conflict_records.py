"""The list of conflicts of interest and each one's record; what personnel offices and subjects bring."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.registry import queries, services
from doublerandom.registry.errors import InspectorNotFoundError, SubjectNotFoundError
from doublerandom.registry.errors.conflicts import ConflictNotFoundError
from doublerandom.registry.forms.conflicts import (
    ConflictDecisionForm,
    ConflictEndForm,
    ConflictEntryForm,
    RecusalForm,
)
from doublerandom.registry.models import Conflict, ConflictStatus
from doublerandom.registry.queries.conflicts import ConflictRow
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.conflicts import CONFLICT_STATUS_NAMES, NAMES, uploaded
from doublerandom.registry.views.visits import document_answer
from doublerandom.web import (
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    has_role,
    list_file,
    requires,
    settings,
    wanted_format,
    whole_argument,
)

READERS = ("head", "registrar", "auditor")
SIZE = 50
NAV = [NavLink("registry", "registry.conflicts", _l("回避记录"), "person-lines-fill", READERS)]
UNKNOWN = (SubjectNotFoundError, InspectorNotFoundError)


def _sight() -> accounts.Sight:
    return accounts.sight(current_user())


def _seen() -> dict[str, Any]:
    """Which conflicts: of the bodies in sight; what would tell who was drawn is for heads alone till then."""
    return {"sight": _sight(), "shown_at": None if has_role("head") else clock.now()}


def _sees_particulars(row: Conflict) -> bool:
    """Statement and evidence are for heads and for whoever declared or entered them."""
    return has_role("head") or row.by == current_person()


def _asked() -> queries.ConflictFilter:
    names = ("source", "status", "ground", "inspector", "subject")
    words = {name: request.args.get(name, "").strip()[:64] for name in names}
    holding = request.args.get("holding") == "1"
    return queries.ConflictFilter(**words, holds_on=clock.local(clock.now()).date() if holding else None)


@bp.get("/registry/conflicts")
@requires(*READERS)
def conflicts() -> ResponseReturnValue:
    """Conflicts of the inspectors of bodies in sight, newest first."""
    session, wanted = db_session(), _asked()
    if kind := wanted_format():
        return _file(queries.conflicts_listed(session, wanted, **_seen(), limit=None), kind)
    after = whole_argument("after")
    rows = queries.conflicts_listed(session, wanted, **_seen(), after=after, limit=SIZE + 1)
    return render_template(
        "registry/conflict_list.html",
        page=Page.cut(rows, SIZE, key=lambda row: row[0].id),
        sees=_sees_particulars,
        **NAMES,
    )


def _file(rows: list[ConflictRow], kind: str) -> Response:
    header = (
        *(_("检查人员证号"), _("检查人员"), _("统一社会信用代码"), _("检查对象"), _("回避事由"), _("来源")),
        *(_("起始日期"), _("截止日期"), _("状态"), _("提前结束"), _("申报时间"), _("审查时间")),
        _("具体情况"),
    )
    return list_file(_("回避记录"), header, (_cells(*row) for row in rows), kind=kind)


def _cells(row: Conflict, inspector: Any, subject: Any) -> tuple[Any, ...]:
    return (
        *(inspector.certificate, inspector.name, subject.code, subject.name),
        *(NAMES["ground_names"].get(row.ground, row.ground), NAMES["source_names"][row.source]),
        *(row.valid_from, row.valid_to, CONFLICT_STATUS_NAMES[row.status.value], row.ended_on),
        *(row.at, row.decided_at, row.statement if _sees_particulars(row) else ""),
    )


@bp.get("/registry/conflicts/<int:conflict_id>")
@requires(*READERS)
def conflict(conflict_id: int) -> ResponseReturnValue:
    """One conflict: who, whom, why, since when, and what was decided."""
    return _page(conflict_id)


def _page(conflict_id: int, **forms: Any) -> str:
    session = db_session()
    row, inspector, subject = queries.conflict_in_sight(session, conflict_id, **_seen())
    today = clock.local(clock.now()).date()
    user = current_user()
    assert user is not None
    own = user.person == row.by or user.certificate == inspector.certificate
    heads = has_role("head") and not own
    return render_template(
        "registry/conflict.html",
        conflict=row,
        inspector=inspector,
        subject=subject,
        people=accounts.person_names(session, {row.by, row.decided_by, row.ended_by}),
        sees=_sees_particulars(row),
        holds=queries.holds_on(row, today),
        may_decide=heads and row.status is ConflictStatus.DECLARED,
        may_end=heads and row.ended_on is None and queries.holds_on(row, today),
        **({"deciding": ConflictDecisionForm(), "ending": ConflictEndForm()} | forms),
        **NAMES,
    )


@bp.post("/registry/conflicts/<int:conflict_id>/end")
@requires("head")
def end_conflict(conflict_id: int) -> ResponseReturnValue:
    """End a conflict in sight before its last day."""
    session, form = db_session(), ConflictEndForm()
    queries.conflict_in_sight(session, conflict_id, **_seen())
    if not form.carries_out(lambda: _end(session, conflict_id, form)):
        return _page(conflict_id, ending=form), 422
    flash_done(_("回避已提前结束。"))
    return redirect(url_for("registry.conflict", conflict_id=conflict_id), code=303)


def _end(session: Session, conflict_id: int, form: ConflictEndForm) -> None:
    services.end_conflict(
        session,
        conflict_id,
        ended_on=form.ended_on.data,
        reason=form.reason.data,
        by=current_person(),
        at=clock.now(),
    )


@bp.get("/registry/conflicts/<int:conflict_id>/evidence")
@requires(*READERS)
def conflict_evidence(conflict_id: int) -> ResponseReturnValue:
    """The document of a conflict, for heads and for whoever brought it."""
    row, _inspector, _subject = queries.conflict_in_sight(db_session(), conflict_id, **_seen())
    if not row.evidence_file or not _sees_particulars(row):
        raise ConflictNotFoundError(value=conflict_id)
    return document_answer(row.evidence_file, f"conflict-{conflict_id}")


@bp.get("/registry/conflicts/new")
@requires("registrar")
def new_conflict() -> ResponseReturnValue:
    """The form for what the personnel office tells."""
    form = ConflictEntryForm(data={"valid_from": clock.local(clock.now()).date()})
    return render_template("registry/conflict_entry.html", form=form)


@bp.post("/registry/conflicts/new")
@requires("registrar")
def enter_conflict() -> ResponseReturnValue:
    """Enter a conflict for an inspector of a body in sight."""
    form, made = ConflictEntryForm(), []
    if not form.carries_out(lambda: made.append(_enter(form)), also=UNKNOWN):
        return render_template("registry/conflict_entry.html", form=form), 422
    flash_done(_("回避信息已登记，即时生效，待机关负责人审查。"))
    return redirect(url_for("registry.conflict", conflict_id=made[0].id), code=303)


def inspector_named(session: Session, text: str) -> str:
    """The certificate number of an inspector of a body in sight; or InspectorNotFoundError."""
    found = queries.inspector(session, text)
    if not _sight().sees_body(accounts.body_by_id(session, found.body_id).path):
        raise InspectorNotFoundError(value=text)
    return found.certificate


def _enter(form: ConflictEntryForm) -> Conflict:
    session = db_session()
    return services.declare_conflict(
        session,
        inspector=inspector_named(session, form.inspector.data),
        subject=form.subject.data.strip().upper(),
        ground=form.ground.data,
        statement=form.statement.data,
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
        source="hr",
        document=uploaded(form.document.data),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


@bp.get("/registry/conflicts/application")
@requires("registrar")
def new_application() -> ResponseReturnValue:
    """The form for a subject's application that an inspector stay away."""
    return render_template("registry/conflict_application.html", form=RecusalForm())


@bp.post("/registry/conflicts/application")
@requires("registrar")
def enter_application() -> ResponseReturnValue:
    """Enter a subject's application; it waits for the head, and work goes on meanwhile."""
    form, made = RecusalForm(), []
    if not form.carries_out(lambda: made.append(_apply(form)), also=UNKNOWN):
        return render_template("registry/conflict_application.html", form=form), 422
    flash_done(_("回避申请已登记，待机关负责人审查；审查期间不停止检查。"))
    return redirect(url_for("registry.conflict", conflict_id=made[0].id), code=303)


def _apply(form: RecusalForm) -> Conflict:
    session = db_session()
    return services.apply_for_recusal(
        session,
        inspector=inspector_named(session, form.inspector.data),
        subject=form.subject.data.strip().upper(),
        statement=form.statement.data,
        applicant=form.applicant.data,
        document=uploaded(form.document.data),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )
