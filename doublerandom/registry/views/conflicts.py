"""Conflicts of interest: declared by inspectors, decided by the head."""

from collections.abc import Iterator
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.registry import queries, services
from doublerandom.registry.errors import InspectorNotFoundError, RecordNotFoundError, SubjectNotFoundError
from doublerandom.registry.forms.conflicts import GROUND_NAMES, ConflictDecisionForm, ConflictForm
from doublerandom.registry.models import Conflict
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import (
    DueItem,
    NavLink,
    current_person,
    current_user,
    db_session,
    flash_done,
    requires,
)

NAV = [
    NavLink("registry", "registry.own_conflicts", _l("回避申报"), "person-slash", ("inspector",)),
    NavLink("registry", "registry.conflicts_to_decide", _l("回避审查"), "clipboard-check", ("head",)),
]
CONFLICT_STATUS_NAMES = {"declared": _l("已申报"), "upheld": _l("同意回避"), "refused": _l("不予回避")}
NAMES = {"ground_names": GROUND_NAMES, "status_names": CONFLICT_STATUS_NAMES}


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
        valid_from=clock.local(now).date(),
        by=current_person(),
        at=now,
    )


def _undecided(session: Session, user: Any) -> list[Conflict]:
    """Declared conflicts of inspectors of the bodies in sight; what they declared themselves first."""
    below = accounts_queries.sight(user).body_path
    bodies = accounts_queries.bodies(session, below=below)
    found = [row for body in bodies for row in queries.undecided_conflicts(session, body_id=body.id)]
    return sorted(found, key=lambda row: row.source != "declared")


@bp.get("/conflicts/review")
@requires("head")
def conflicts_to_decide() -> ResponseReturnValue:
    """Declared conflicts that wait for the head."""
    session = db_session()
    rows = [
        (
            row,
            queries.inspector_by_id(session, row.inspector_id),
            queries.subject_by_id(session, row.subject_id),
        )
        for row in _undecided(session, current_user())
    ]
    return render_template("registry/conflicts.html", rows=rows, form=ConflictDecisionForm(), **NAMES)


@bp.post("/conflicts/<int:conflict_id>/decision")
@requires("head")
def decide_conflict(conflict_id: int) -> ResponseReturnValue:
    """Uphold or refuse a declared conflict in sight."""
    form = ConflictDecisionForm.valid()
    if conflict_id not in [row.id for row in _undecided(db_session(), current_user())]:
        raise RecordNotFoundError(value=conflict_id)
    services.decide_conflict(
        db_session(),
        conflict_id,
        uphold=form.decision.data == "uphold",
        by=current_person(),
        at=clock.now(),
    )
    flash_done(_("回避申请已审查。"))
    return redirect(url_for("registry.conflicts_to_decide"), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a head: declared conflicts."""
    if not any(role.name == "head" for role in user.roles):
        return
    found, url = _undecided(session, user), url_for("registry.conflicts_to_decide")
    declared = [row for row in found if row.source == "declared"]
    for row in declared:
        inspector = queries.inspector_by_id(session, row.inspector_id)
        subject = queries.subject_by_id(session, row.subject_id)
        yield DueItem("registry", f"{inspector.name} · {subject.name}", url, act=_("审查回避"))
    if len(found) > len(declared):
        others = _("人事部门提供的回避信息 %(n)s 条", n=len(found) - len(declared))
        yield DueItem("registry", others, url, act=_("审查回避"))
