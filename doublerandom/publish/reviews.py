"""A reviewer's pages: results that wait, one result, the decision; an approved result is published in the same act."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.draws import queries as draws_queries
from doublerandom.inspect import queries as inspect_queries
from doublerandom.inspect.errors import InspectionNotFoundError
from doublerandom.inspect.forms import MEASURE_NAMES, METHOD_NAMES
from doublerandom.inspect.models import Inspection, InspectionStatus
from doublerandom.publish import services
from doublerandom.registry import queries as registry_queries
from doublerandom.web import (
    DueItem,
    Form,
    current_person,
    current_user,
    db_session,
    flash_done,
    requires,
    settings,
)

bp = Blueprint("reviews", __name__, url_prefix="/reviews")


class ReviewForm(Form):
    """Approve and publish, or return to the team."""

    decision = RadioField(
        _l("审核意见"), choices=[("approve", _l("审核通过并公示")), ("return", _l("退回检查组"))], validators=[InputRequired()],
    )
    opinion = TextAreaField(_l("说明"), validators=[Optional(), Length(max=1000)])


def _waiting(session: Session, user: Any) -> list[tuple[Inspection, draws_queries.TaskView]]:
    """Submitted results of the bodies in sight."""
    below = accounts_queries.sight(user).body_path
    return inspect_queries.waiting(session, body_path=below, status=InspectionStatus.SUBMITTED)


@bp.get("")
@requires("reviewer")
def waiting() -> ResponseReturnValue:
    """Results that wait for a review, oldest first."""
    return render_template("publish/reviews.html", rows=_waiting(db_session(), current_user()))


@bp.get("/<int:inspection_id>")
@requires("reviewer")
def review(inspection_id: int) -> ResponseReturnValue:
    """One submitted result, whole, with the decision."""
    session = db_session()
    inspection, task = _in_sight(session, inspection_id)
    return render_template(
        "publish/review.html", inspection=inspection, task=task, form=ReviewForm(),
        findings=inspect_queries.findings(session, inspection),
        categories=inspect_queries.categories_on(session, inspection.visited_on),
        items={code: registry_queries.item(session, code) for code in task.items},
        people=accounts_queries.person_names(session, [inspection.entered_by]),
        method_names=METHOD_NAMES, measure_names=MEASURE_NAMES,
    )


def _in_sight(session: Session, inspection_id: int) -> tuple[Inspection, draws_queries.TaskView]:
    """A submitted result in sight, or InspectionNotFoundError."""
    for inspection, task in _waiting(session, current_user()):
        if inspection.id == inspection_id:
            return inspection, task
    raise InspectionNotFoundError(id=inspection_id)


@bp.post("/<int:inspection_id>/decision")
@requires("reviewer")
def decide(inspection_id: int) -> ResponseReturnValue:
    """Approve and publish, or return."""
    form = ReviewForm.valid()
    session, user = db_session(), current_user()
    _in_sight(session, inspection_id)
    approve = form.decision.data == "approve"
    services.review_and_publish(
        session, inspection_id, approve=approve, opinion=form.opinion.data or "",
        certificate=user.certificate if user else "", settings=settings(), by=current_person(), at=clock.now(),
    )
    flash_done(_("结果已公示。") if approve else _("结果已退回检查组。"))
    return redirect(url_for("publish.reviews.waiting"), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a reviewer."""
    if not any(role.name == "reviewer" for role in user.roles):
        return
    for inspection, task in _waiting(session, user):
        yield DueItem(
            "publish", task.subject_name, url_for("publish.reviews.review", inspection_id=inspection.id), act=_("审核并公示"),
        )
