"""Conflicts of interest: declared by inspectors, decided by the head, one by one or many alike."""

from collections.abc import Iterator
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session
from werkzeug.datastructures import FileStorage

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.registry import evidence, queries, services
from doublerandom.registry.errors import InspectorNotFoundError, RecordNotFoundError, SubjectNotFoundError
from doublerandom.registry.forms.conflicts import GROUND_NAMES, ConflictDecisionForm, ConflictForm
from doublerandom.registry.grounds import SOURCE_NAMES
from doublerandom.registry.queries.conflicts import ConflictRow
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import (
    DueItem,
    NavLink,
    current_person,
    current_user,
    db_session,
    flash_done,
    requires,
    settings,
)

NAV = [
    NavLink("registry", "registry.own_conflicts", _l("回避申报"), "person-slash", ("inspector",)),
    NavLink("registry", "registry.conflicts_to_decide", _l("回避审查"), "clipboard-check", ("head",)),
]
CONFLICT_STATUS_NAMES = {"declared": _l("已申报"), "upheld": _l("同意回避"), "refused": _l("不予回避")}
NAMES = {"ground_names": GROUND_NAMES, "status_names": CONFLICT_STATUS_NAMES, "source_names": SOURCE_NAMES}


@bp.get("/conflicts")
@requires("inspector")
def own_conflicts() -> ResponseReturnValue:
    """Own declarations, and the form for another."""
    return _own_conflicts(ConflictForm())


def _own_conflicts(form: ConflictForm) -> str:
    """The page of own declarations with the form as it stands."""
    session = db_session()
    inspector = queries.inspector_or_none(session, _certificate())
    rows = queries.conflicts_of_inspector(session, inspector.id) if inspector and inspector.id else []
    return render_template(
        "registry/own_conflicts.html",
        rows=[(row, queries.subject_by_id(session, row.subject_id)) for row in rows],
        form=form,
        **NAMES,
    )


def _certificate() -> str:
    """Certificate number of whoever is signed in; empty where the account has none."""
    user = current_user()
    return user.certificate if user else ""


@bp.post("/conflicts")
@requires("inspector")
def declare_conflict() -> ResponseReturnValue:
    """Declare a conflict: it keeps the pair apart in every draw that is prepared from now on."""
    form = ConflictForm()
    unknown = (SubjectNotFoundError, InspectorNotFoundError)
    if not form.carries_out(lambda: _declare(form), also=unknown):
        return _own_conflicts(form), 422
    flash_done(_("回避事由已申报，今后的抽取不会把您派给该单位。"))
    return redirect(url_for("registry.own_conflicts"), code=303)


def _declare(form: ConflictForm) -> None:
    """The command with what was filled in."""
    now = clock.now()
    services.declare_conflict(
        db_session(),
        inspector=_certificate(),
        subject=form.subject.data.strip().upper(),
        ground=form.ground.data,
        statement=form.statement.data,
        document=uploaded(form.document.data),
        settings=settings(),
        valid_from=clock.local(now).date(),
        by=current_person(),
        at=now,
    )


def uploaded(upload: FileStorage | None) -> tuple[str, bytes] | None:
    """Name and content of what was uploaded, at most one byte more than is taken; None for nothing."""
    if not upload:
        return None
    return upload.filename or "", upload.read(evidence.LARGEST + 1)


def _undecided(session: Session, user: Any) -> list[ConflictRow]:
    """Conflicts of inspectors of the bodies in sight that wait; personnel lists last."""
    return queries.undecided_in_sight(session, sight=accounts_queries.sight(user))


@bp.get("/conflicts/review")
@requires("head")
def conflicts_to_decide() -> ResponseReturnValue:
    """Conflicts that wait for the head: people's own one by one, personnel lists by checkboxes."""
    rows = _undecided(db_session(), current_user())
    return render_template(
        "registry/conflicts_to_decide.html",
        rows=rows,
        own=current_person(),
        certificate=_certificate(),
        form=ConflictDecisionForm(),
        **NAMES,
    )


@bp.post("/conflicts/<int:conflict_id>/decision")
@requires("head")
def decide_conflict(conflict_id: int) -> ResponseReturnValue:
    """Uphold or refuse a conflict in sight."""
    form = ConflictDecisionForm.valid()
    _check_waiting({conflict_id})
    services.decide_conflict(
        db_session(),
        conflict_id,
        uphold=form.decision.data == "uphold",
        reason=form.reason.data or "",
        by=current_person(),
        at=clock.now(),
    )
    flash_done(_("回避申请已审查。"))
    return redirect(url_for("registry.conflicts_to_decide"), code=303)


@bp.post("/conflicts/decisions")
@requires("head")
def decide_conflicts() -> ResponseReturnValue:
    """Decide the conflicts that are ticked, all alike."""
    form = ConflictDecisionForm.valid()
    chosen = [int(text) for text in request.form.getlist("conflict") if text.isascii() and text.isdigit()]
    _check_waiting(set(chosen))
    number = services.decide_conflicts(
        db_session(),
        chosen,
        uphold=form.decision.data == "uphold",
        reason=form.reason.data or "",
        by=current_person(),
        at=clock.now(),
    )
    flash_done(_("已审查 %(n)s 项。", n=number) if number else _("没有勾选任何一项。"))
    return redirect(url_for("registry.conflicts_to_decide"), code=303)


def _check_waiting(chosen: set[int]) -> None:
    """Raise RecordNotFoundError for what does not wait in sight."""
    waiting = {row.id for row, _inspector, _subject in _undecided(db_session(), current_user())}
    if missing := sorted(chosen - waiting):
        raise RecordNotFoundError(value=missing[0])


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a head: conflicts to decide."""
    if "head" not in user.acting_roles:
        return
    found, url = _undecided(session, user), url_for("registry.conflicts_to_decide")
    people = [row for row in found if row[0].source != "hr"]
    for _row, inspector, subject in people:
        yield DueItem("registry", f"{inspector.name} · {subject.name}", url, act=_("审查回避"))
    if len(found) > len(people):
        others = _("人事部门提供的回避信息 %(n)s 条", n=len(found) - len(people))
        yield DueItem("registry", others, url, act=_("审查回避"))
