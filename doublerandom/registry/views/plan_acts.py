"""The acts on an annual plan: submitted, returned, approved, published, filed, amended, closed."""

from collections.abc import Callable
from typing import Any, Final

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.errors import ConflictingStateError
from doublerandom.registry import services
from doublerandom.registry.forms.plans import PlanActForm, PlanHeadForm
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.items import own_body
from doublerandom.registry.views.plans import _plan_page, done, own_plan
from doublerandom.web import current_person, db_session, requires, settings

NAV: Final[list[Any]] = []


def _who() -> dict[str, Any]:
    return {"by": current_person(), "at": clock.now()}


def _act(plan_id: int, command: Callable[[PlanActForm], object], message: str) -> ResponseReturnValue:
    """Carry out an act with its words; what refuses it is shown on the plan's page."""
    found, form = own_plan(plan_id), PlanActForm()
    if not form.carries_out(lambda: command(form), also=(ConflictingStateError,)):
        return _plan_page(found, form), 422
    return done(plan_id, message)


@bp.post("/registry/plans/<int:plan_id>")
@requires("planner")
def save_plan(plan_id: int) -> ResponseReturnValue:
    """Save title, reason and filing number of a draft."""
    own_plan(plan_id)
    form = PlanHeadForm.valid()
    services.edit_annual_plan(
        db_session(),
        plan_id,
        title=form.title.data,
        reason=form.reason.data or "",
        filing=form.filing.data or "",
        **_who(),
    )
    return done(plan_id, _("草稿已保存。"))


@bp.post("/registry/plans/<int:plan_id>/submit")
@requires("planner")
def submit_plan(plan_id: int) -> ResponseReturnValue:
    """Submit a draft to the head."""
    return _act(
        plan_id,
        lambda _form: services.submit_annual_plan(db_session(), plan_id, **_who()),
        _("计划已提交，等待机关负责人批准。"),
    )


@bp.post("/registry/plans/<int:plan_id>/return")
@requires("head")
def return_plan(plan_id: int) -> ResponseReturnValue:
    """Send a submitted plan back with a reason."""
    return _act(
        plan_id,
        lambda form: services.return_annual_plan(
            db_session(), plan_id, reason=form.words.data or "", **_who()
        ),
        _("计划已退回编制人。"),
    )


@bp.post("/registry/plans/<int:plan_id>/approve")
@requires("head", fresh=True)
def approve_plan(plan_id: int) -> ResponseReturnValue:
    """Approve a submitted plan, an amendment under its number."""
    return _act(
        plan_id,
        lambda form: services.approve_annual_plan(
            db_session(), plan_id, approval=form.number.data or "", **_who()
        ),
        _("计划已批准，可以公布。"),
    )


@bp.post("/registry/plans/<int:plan_id>/publish")
@requires("planner", "head", fresh=True)
def publish_plan(plan_id: int) -> ResponseReturnValue:
    """Publish an approved plan: its digest enters the public log."""
    return _act(
        plan_id,
        lambda _form: services.publish_annual_plan(
            db_session(), plan_id, body=own_body(), settings=settings(), **_who()
        ),
        _("计划已公布，摘要已写入存证日志。"),
    )


@bp.post("/registry/plans/<int:plan_id>/filing")
@requires("planner")
def file_plan(plan_id: int) -> ResponseReturnValue:
    """Put the filing number of the next level up on record."""
    return _act(
        plan_id,
        lambda form: services.file_annual_plan(
            db_session(), plan_id, filing=form.number.data or "", **_who()
        ),
        _("备案号已登记。"),
    )


@bp.post("/registry/plans/<int:plan_id>/amend")
@requires("planner")
def amend_plan(plan_id: int) -> ResponseReturnValue:
    """Draft an amendment with its reason."""
    found, form, drafted = own_plan(plan_id), PlanActForm(), []
    if not form.carries_out(
        lambda: drafted.append(
            services.amend_annual_plan(
                db_session(), plan_id, body=own_body(), reason=form.words.data or "", **_who()
            )
        ),
        also=(ConflictingStateError,),
    ):
        return _plan_page(found, form), 422
    return redirect(url_for("registry.plan", plan_id=drafted[0].id), code=303)


@bp.post("/registry/plans/<int:plan_id>/close")
@requires("planner", "head")
def close_plan(plan_id: int) -> ResponseReturnValue:
    """Close a published plan."""
    return _act(
        plan_id,
        lambda form: services.close_annual_plan(
            db_session(), plan_id, outcome=form.words.data or "", **_who()
        ),
        _("计划已结束。"),
    )
