"""The credit officer's pages: proposed records, one record, the decision."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.credit import queries, services
from doublerandom.credit.forms import DecisionForm
from doublerandom.credit.models import CreditStatus
from doublerandom.registry import queries as registry_queries
from doublerandom.registry.rules import shifted
from doublerandom.web import (
    DueItem,
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    requires,
    whole_argument,
)

bp = Blueprint("credit", __name__)
PAGE = 50
NAV = [NavLink("credit", "credit.records", _l("信用记录"), "award", ("credit_officer", "head", "overseer"))]
STATUS_NAMES = {
    "proposed": _l("待确认"),
    "active": _l("有效"),
    "rejected": _l("未采纳"),
    "repaired": _l("已修复"),
    "expired": _l("已到期"),
}
KIND_NAMES = {"reward": _l("守信激励"), "penalty": _l("失信惩戒")}
LEVEL_NAMES = {"minor": _l("轻微"), "ordinary": _l("一般"), "serious": _l("严重")}
EFFECT_NAMES = {
    "raise": _l("抽取时按高一档风险分层"),
    "lower": _l("抽取时按低一档风险分层"),
    "exempt": _l("期内免于抽取"),
    "none": _l("不影响抽取"),
}
NAMES = {
    "status_names": STATUS_NAMES,
    "kind_names": KIND_NAMES,
    "level_names": LEVEL_NAMES,
    "effect_names": EFFECT_NAMES,
}


def _bodies_in_sight() -> list[int]:
    """Ids of the bodies whose records whoever is signed in sees: the own one and those below."""
    return _bodies_below(db_session(), current_user())


def _bodies_below(session: Session, user: Any) -> list[int]:
    below = accounts_queries.sight(user).body_path
    return [body.id for body in accounts_queries.bodies(session, below=below) if body.id is not None]


@bp.get("/credit")
@requires("credit_officer", "head", "overseer")
def records() -> ResponseReturnValue:
    """Records in sight, by state; those that wait first."""
    chosen = request.args.get("status", "proposed")
    found = queries.records_in_sight(
        db_session(),
        body_ids=_bodies_in_sight(),
        status=CreditStatus(chosen) if chosen in list(CreditStatus) else None,
        before=whole_argument("after"),
        limit=PAGE + 1,
    )
    page = Page.cut(found, PAGE, key=lambda record: record.id)
    codes = {record.subject for record in page}
    subjects = {row.code: row for row in registry_queries.subjects_by_codes(db_session(), codes)}
    return render_template("credit/records.html", page=page, subjects=subjects, chosen=chosen, **NAMES)


@bp.get("/credit/<int:record_id>")
@requires("credit_officer", "head", "overseer")
def record(record_id: int) -> ResponseReturnValue:
    """One record: where it comes from, what it would change, the decision."""
    found = queries.record(db_session(), record_id, body_ids=_bodies_in_sight())
    return _page(found, DecisionForm() if found.status is CreditStatus.PROPOSED else None)


def _page(found: queries.CreditRecord, form: DecisionForm | None) -> str:
    """The page of a record, with the form while it waits for a decision."""
    people = accounts_queries.person_names(db_session(), [found.decided_by])
    subject = registry_queries.subject(db_session(), found.subject)
    return render_template(
        "credit/record.html",
        record=found,
        subject=subject,
        read_as=shifted(subject.credit_class, found.measure["effect"]),
        decided_by=people.get(found.decided_by, found.decided_by),
        form=form,
        **NAMES,
    )


@bp.post("/credit/<int:record_id>/decision")
@requires("credit_officer")
def decide(record_id: int) -> ResponseReturnValue:
    """Confirm or reject; a confirmed record becomes a dated measure."""
    form = DecisionForm()
    if form.carries_out(lambda: _decide(record_id, form)):
        flash_done(_("信用记录已处理。"))
        return redirect(url_for("credit.record", record_id=record_id), code=303)
    return _page(queries.record(db_session(), record_id, body_ids=_bodies_in_sight()), form), 422


def _decide(record_id: int, form: DecisionForm) -> None:
    """The command with what was filled in."""
    user = current_user()
    services.decide(
        db_session(),
        record_id,
        confirm=form.decision.data == "confirm",
        opinion=form.opinion.data or "",
        certificate=user.certificate if user else "",
        body_ids=_bodies_in_sight(),
        by=current_person(),
        at=clock.now(),
    )


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a credit officer: proposed records."""
    if "credit_officer" not in user.acting_roles:
        return
    body_ids = _bodies_below(session, user)
    for each in queries.records_in_sight(session, body_ids=body_ids, status=CreditStatus.PROPOSED):
        yield DueItem(
            "credit",
            f"{each.subject} {KIND_NAMES[each.kind]}",
            url_for("credit.record", record_id=each.id),
            act=_("确认或驳回"),
        )
