"""A reviewer's pages: results that wait, one result, the decision; what is approved is published at once."""

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
from doublerandom.draws import services as draws_services
from doublerandom.inspect import queries as inspect_queries
from doublerandom.inspect.core import took_part
from doublerandom.inspect.forms import MEASURE_NAMES, METHOD_NAMES
from doublerandom.inspect.queries import InspectionStatus
from doublerandom.publish import services
from doublerandom.registry import queries as registry_queries
from doublerandom.web import (
    DueItem,
    Form,
    choices_of,
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
        _l("审核意见"),
        choices=choices_of({"approve": _l("审核通过并公示"), "return": _l("退回检查组")}),
        validators=[InputRequired()],
    )
    opinion = TextAreaField(_l("说明"), validators=[Optional(), Length(max=1000)])


def _sight(user: Any) -> dict[str, Any]:
    """What a reviewer works on: submitted results of the own body and those below."""
    return {"body_path": accounts_queries.sight(user).body_path, "status": InspectionStatus.SUBMITTED}


@bp.get("")
@requires("reviewer")
def waiting() -> ResponseReturnValue:
    """Results that wait for a review, oldest first; that the list was seen is on record."""
    rows = inspect_queries.waiting(db_session(), **_sight(current_user()))
    seen = [task for _inspection, task in rows]
    draws_services.note_lists_seen(db_session(), seen, by=current_person(), at=clock.now())
    rows = inspect_queries.waiting(db_session(), **_sight(current_user()))
    return render_template("publish/reviews.html", rows=rows)


@bp.get("/<int:inspection_id>")
@requires("reviewer")
def review(inspection_id: int) -> ResponseReturnValue:
    """One submitted result, whole, with the decision; that it was seen is on record."""
    sight = _sight(current_user())
    _inspection, task = inspect_queries.inspection_in_sight(db_session(), inspection_id, **sight)
    draws_services.note_task_seen(db_session(), task, by=current_person(), at=clock.now())
    return _page(inspection_id, ReviewForm())


def _page(inspection_id: int, form: ReviewForm) -> str:
    """The page of a submitted result in sight."""
    session, user = db_session(), current_user()
    inspection, task = inspect_queries.inspection_in_sight(session, inspection_id, **_sight(user))
    return render_template(
        "publish/review.html",
        inspection=inspection,
        task=task,
        form=form,
        own=took_part(
            current_person(),
            user.certificate if user else "",
            people=[inspection.entered_by],
            team=task.people,
        ),
        findings=inspect_queries.findings(session, inspection),
        categories=inspect_queries.categories_for(session, task, inspection.visited_on),
        items={code: registry_queries.item(session, code) for code in task.items},
        people=accounts_queries.person_names(session, [inspection.entered_by]),
        method_names=METHOD_NAMES,
        measure_names=MEASURE_NAMES,
    )


@bp.post("/<int:inspection_id>/decision")
@requires("reviewer")
def decide(inspection_id: int) -> ResponseReturnValue:
    """Approve and publish, or return."""
    form = ReviewForm()
    inspect_queries.inspection_in_sight(db_session(), inspection_id, **_sight(current_user()))
    if not form.carries_out(lambda: _decide(inspection_id, form)):
        return _page(inspection_id, form), 422
    flash_done(_("结果已公示。") if form.decision.data == "approve" else _("结果已退回检查组。"))
    return redirect(url_for("publish.reviews.waiting"), code=303)


def _decide(inspection_id: int, form: ReviewForm) -> None:
    """The command with what was filled in."""
    user = current_user()
    services.review_and_publish(
        db_session(),
        inspection_id,
        approve=form.decision.data == "approve",
        opinion=form.opinion.data or "",
        certificate=user.certificate if user else "",
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a reviewer."""
    if "reviewer" not in user.acting_roles:
        return
    rows = inspect_queries.waiting(session, **_sight(user))
    regions = accounts_queries.region_names(session, {task.region for _inspection, task in rows})
    for inspection, task in rows:
        yield DueItem(
            "publish",
            f"{task.title} · {regions.get(task.region, task.region)}",
            url_for("publish.reviews.review", inspection_id=inspection.id),
            act=_("审核并公示"),
        )
