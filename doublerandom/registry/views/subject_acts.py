"""The acts on a subject's record: a registrar says, ends, takes in, takes out, keeps licences and lists."""

from collections.abc import Callable

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.registry import queries, services
from doublerandom.registry.errors import NotInPoolError, RecordNotFoundError
from doublerandom.registry.forms.subjects import (
    EndForm,
    JoinForm,
    LeaveForm,
    LicenceForm,
    ListingForm,
    StandingForm,
)
from doublerandom.registry.models import Subject
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.subject import listed_below, own_body, record_page, subject_in_own_sight
from doublerandom.web import Form, NavLink, current_person, db_session, flash_done, requires

NAV: list[NavLink] = []


@bp.post("/registry/subjects/<code>/standings")
@requires("registrar")
def say_of_subject(code: str) -> ResponseReturnValue:
    """Say something dated of a subject for the own body."""
    form, subject = StandingForm(), _subject(code)
    return _carried(code, "standing_form", form, _("已记入。"), lambda: services.set_standing(
        db_session(), subject_code=subject.code, body_id=own_body().id or 0, kind=form.said.data,
        value=form.value.data, valid_from=form.valid_from.data, valid_to=form.valid_to.data,
        reason=form.why.data, by=current_person(), at=clock.now(),
    ))  # fmt: skip


@bp.post("/registry/subjects/<code>/standings/<int:standing_id>/end")
@requires("registrar")
def end_said(code: str, standing_id: int) -> ResponseReturnValue:
    """End what the own body said."""
    form, subject = EndForm.valid(), _subject(code)
    standing = queries.standing_by_id(db_session(), standing_id)
    if (standing.subject_id, standing.body_id) != (subject.id, own_body().id):
        raise RecordNotFoundError(value=standing_id)
    services.end_standing(
        db_session(), standing_id, reason=form.reason.data, by=current_person(), at=clock.now()
    )
    flash_done(_("已终止，记录保留。"))
    return _back(code)


@bp.post("/registry/subjects/<code>/leave")
@requires("registrar")
def take_out_of_pool(code: str) -> ResponseReturnValue:
    """Take a subject out of the own body's pool."""
    form, subject = LeaveForm(), _subject(code)
    return _carried(code, "leave_form", form, _("已移出本机关名录库；其他机关的名录库不受影响。"), lambda: (
        services.leave_pool(
            db_session(), subject.code, own_body().id or 0, reason=form.reason.data,
            note=form.note.data, by=current_person(), at=clock.now(),
        )
    ), also=(NotInPoolError,))  # fmt: skip


@bp.post("/registry/subjects/<code>/join")
@requires("registrar")
def take_into_pool(code: str) -> ResponseReturnValue:
    """Take a subject into the own body's pool."""
    form, subject = JoinForm(), _subject(code)
    return _carried(code, "join_form", form, _("已纳入本机关名录库。"), lambda: services.join_pool(
        db_session(), [subject.code], own_body().id or 0, reason=form.join_reason.data,
        by=current_person(), at=clock.now(),
    ))  # fmt: skip


@bp.post("/registry/subjects/<code>/licences")
@requires("registrar")
def keep_licence(code: str) -> ResponseReturnValue:
    """Keep a licence, or a new version of one, from a document."""
    form, subject = LicenceForm(), _subject(code)
    return _carried(code, "licence_form", form, _("许可已记入。"), lambda: services.record_licence(
        db_session(), subject.code, number=form.number.data, name=form.licence_name.data,
        authority=form.licence_authority.data or "", granted=form.granted.data,
        valid_until=form.valid_until.data, status=form.licence_status.data, source=form.licence_source.data,
        by=current_person(), at=clock.now(),
    ))  # fmt: skip


@bp.post("/registry/subjects/<code>/listings")
@requires("registrar")
def keep_listing(code: str) -> ResponseReturnValue:
    """Put a subject on a list, from a document."""
    form, subject = ListingForm(), _subject(code)
    return _carried(code, "listing_form", form, _("名单状态已记入。"), lambda: services.put_on_list(
        db_session(), subject.code, kind=form.listing.data, valid_from=form.listed_from.data,
        valid_to=form.listed_to.data, authority=form.listing_authority.data or "",
        reason=form.listing_reason.data or "", source=form.listing_source.data, by=current_person(),
        at=clock.now(),
    ))  # fmt: skip


@bp.post("/registry/subjects/<code>/listings/<int:listing_id>/end")
@requires("registrar")
def end_listing(code: str, listing_id: int) -> ResponseReturnValue:
    """Take a subject off a list that the own body, or one below, put it on."""
    form, subject = EndForm.valid(), _subject(code)
    rows = queries.listings_of(db_session(), subject.id or 0)
    if not any(row.id == listing_id and listed_below(row) for row in rows):
        raise RecordNotFoundError(value=listing_id)
    services.take_off_list(
        db_session(), listing_id, reason=form.reason.data, by=current_person(), at=clock.now()
    )
    flash_done(_("已移出名单，记录保留。"))
    return _back(code)


def _subject(code: str) -> Subject:
    return subject_in_own_sight(db_session(), code)


def _carried(
    code: str,
    name: str,
    form: Form,
    done: str,
    command: Callable[[], object],
    *,
    also: tuple[type[NotInPoolError], ...] = (),
) -> ResponseReturnValue:
    """Carry a form out and go back to the record, or show the record with the form as it was sent."""
    if not form.carries_out(command, also=also):
        return record_page(code, **{name: form}), 422
    flash_done(done)
    return _back(code)


def _back(code: str) -> ResponseReturnValue:
    return redirect(url_for("registry.subject", code=code), code=303)
