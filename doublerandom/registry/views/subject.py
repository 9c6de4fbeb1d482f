"""A subject's record: what it is and was, what bodies say of it, licences, lists, how it came so."""

from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.accounts.queries import Body
from doublerandom.registry import queries
from doublerandom.registry.errors import InvalidRecordError, RuleSetNotFoundError
from doublerandom.registry.forms.subjects import JoinForm, LeaveForm, LicenceForm, ListingForm, StandingForm
from doublerandom.registry.models import Subject, SubjectListing
from doublerandom.registry.subject_words import (
    EFFECT_NAMES,
    FIELD_NAMES,
    KIND_NAMES,
    LEFT_NAMES,
    LICENCE_STATUS_NAMES,
    LISTING_NAMES,
    STANDING_NAMES,
    STATUS_NAMES,
)
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.places import industry_words, region_words
from doublerandom.registry.views.subject_events import events_of, value_words
from doublerandom.registry.views.subjects_list import READERS, sees_class
from doublerandom.web import NavLink, current_user, db_session, has_role, requires

NAV: list[NavLink] = []
NAMES = {
    "field_names": FIELD_NAMES,
    "kind_names": KIND_NAMES,
    "status_names": STATUS_NAMES,
    "standing_names": STANDING_NAMES,
    "left_names": LEFT_NAMES,
    "listing_names": LISTING_NAMES,
    "licence_status_names": LICENCE_STATUS_NAMES,
    "effect_names": EFFECT_NAMES,
}
FORMS = {
    "standing_form": StandingForm,
    "leave_form": LeaveForm,
    "join_form": JoinForm,
    "licence_form": LicenceForm,
    "listing_form": ListingForm,
}


@bp.get("/registry/subjects/<code>")
@requires(*READERS)
def subject(code: str) -> ResponseReturnValue:
    """The record of a subject in sight, today or as it was at the end of the day `?on=`."""
    return record_page(code)


def own_body() -> Body:
    """The body of who is signed in."""
    user = current_user()
    assert user is not None
    return accounts_queries.body_by_id(db_session(), user.body_id)


def subject_in_own_sight(session: Session, code: str) -> Subject:
    """The subject of this code, if who is signed in may see it; or SubjectNotFoundError."""
    return queries.subject_in_sight(session, code, sight=accounts_queries.sight(current_user()))


def listed_below(listing: SubjectListing) -> bool:
    """Whether somebody of the own body, or of one below, made the entry."""
    person = accounts_queries.user_or_none(db_session(), listing.by)
    return (
        person is not None
        and person.body is not None
        and accounts_queries.sight(current_user()).sees_body(person.body.path)
    )


def record_page(code: str, **forms: Any) -> str:
    """The page, with the forms as they were sent where one was refused."""
    session, today = db_session(), clock.local(clock.now()).date()
    now = subject_in_own_sight(session, code)
    on = _day_asked(today)
    then = now if on == today else queries.subject_as_of(session, code, on)
    body = own_body()
    keeps = has_role("registrar") and on == today
    if keeps:
        forms = {name: forms.get(name) or form() for name, form in FORMS.items()}
    facts = _facts(session, now, then, body, on) if then else {}
    return render_template(
        "registry/subject.html",
        subject=now,
        then=then,
        on=on,
        today=today,
        keeps=keeps,
        body=body,
        **facts,
        **forms,
        **NAMES,
    )


def _day_asked(today: date) -> date:
    """The day of the address, at most today; today without one."""
    asked = request.args.get("on", "")
    try:
        return min(date.fromisoformat(asked), today) if asked else today
    except ValueError:
        raise InvalidRecordError(field="on", value=asked[:20], reason="YYYY-MM-DD") from None


def _facts(session: Session, now: Subject, then: Subject, body: Body, on: date) -> dict[str, Any]:
    """All that the page shows of a subject on a day."""
    assert now.id is not None
    sight = accounts_queries.sight(current_user())
    bodies = accounts_queries.bodies(session, below=sight.body_path)
    ids = [row.id for row in bodies if row.id is not None]
    standings = [
        row
        for row in queries.standings_of(session, now.id, on=on)
        if row.body_id in ids and row.kind != "member"
    ]
    changes = queries.changes_of(session, now.id, until=on)
    shown = changes if sees_class() else [row for row in changes if not row.field.startswith("credit_class")]
    members = queries.memberships(session, then, bodies=bodies, on=on)
    return {
        "region": region_words(session, then.region),
        "industry": industry_words(session, then.industry),
        "operator": queries.subject_by_id(session, then.operator_id) if then.operator_id else None,
        "operated": queries.operated_by(session, now.id),
        "members": members,
        "is_member": any(inside for each, inside in members if each.id == body.id),
        "standings": standings,
        "bodies": accounts_queries.body_names(session),
        "listings": [row for row in queries.listings_of(session, now.id) if row.valid_from <= on],
        "listed_below": listed_below,
        "licences": queries.licences_of(session, now.id),
        "measures": queries.measures_in_force(session, now.id, on=on),
        "classes": [row for row in changes if row.field == "credit_class"] if sees_class() else [],
        "sees_class": sees_class(),
        "stale_days": _stale_days(session, then, body, on),
        "events": events_of(session, now, shown, bodies=ids, on=on),
        "value_words": lambda field, value: value_words(session, field, value),
        **_visits(session, now, body, on),
    }


def _stale_days(session: Session, subject: Subject, body: Body, on: date) -> int:
    """How old the class is, in days, if it is older than the rule set in force allows; else 0."""
    if subject.credit_class_on is None:
        return 0
    try:
        rules = queries.rule_set_in_force(session, body=body, on=on).rules
    except RuleSetNotFoundError:
        return 0
    age, allowed = (on - subject.credit_class_on).days, rules.get("class_snapshot_days")
    return age if allowed is not None and age > allowed else 0


def _visits(session: Session, subject: Subject, body: Body, on: date) -> dict[str, Any]:
    """What the section of visits shows, where there is one."""
    try:
        from doublerandom.registry.views.visits import visits_of_subject  # noqa: PLC0415 - a section of its own
    except ImportError:
        return {}
    shown: dict[str, Any] = visits_of_subject(session, subject, body, on)
    return {"visits_section": shown}
