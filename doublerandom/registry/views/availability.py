"""When inspectors are away: the month of a body, and each inspector's own page."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.registry import queries, readiness, services
from doublerandom.registry.errors import InspectorNotFoundError
from doublerandom.registry.forms.inspectors import AbsenceCorrectionForm, AbsenceForm
from doublerandom.registry.models import Absence, Inspector
from doublerandom.registry.names import AWAY_NAMES
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.inspector_papers import absence_of, correction_page
from doublerandom.registry.views.inspector_records import record_of
from doublerandom.registry.views.inspectors import READERS, below, today
from doublerandom.web import (
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    list_file,
    requires,
    wanted_format,
)

SIZE = 40
MARKS = {"leave": _l("假"), "training": _l("训"), "duty": _l("务")}
NAV = [
    NavLink("registry", "registry.availability", _l("在岗日历"), "calendar3", READERS),
    NavLink("registry", "registry.me", _l("我的执法信息"), "person-vcard", ("inspector",)),
]


def _month() -> date:
    """The first day of the month that the address asks for, else of this one."""
    try:
        asked = date.fromisoformat(request.args.get("month", "") + "-01")
    except ValueError:
        asked = today()
    return asked.replace(day=1)


@bp.get("/registry/availability")
@requires(*READERS)
def availability() -> ResponseReturnValue:
    """Who of a body is away on which day of a month."""
    session, first = db_session(), _month()
    last = first.replace(day=monthrange(first.year, first.month)[1])
    body = request.args.get("body", "")
    wanted = queries.InspectorFilter(body=body if body.startswith(below()) else "", state="active")
    limit = None if wanted_format() else SIZE + 1
    after = request.args.get("after", "")[:31]
    found = queries.inspectors_page(session, wanted, below=below(), on=first, after=after, limit=limit)
    away = queries.absences_between(session, [row.id or 0 for row in found], first=first, last=last)
    if kind := wanted_format():
        return list_file(_("不在岗日期"), _HEADER, _cells(found, away), kind=kind)
    page = Page.cut(found, SIZE, key=lambda row: row.certificate)
    bodies = accounts.bodies(session, below=below())
    return render_template(
        "registry/availability.html",
        page=page,
        days=_days(first, last),
        grid={row.id: _line(away.get(row.id or 0, []), first, last) for row in page},
        listed=[(row, one) for row in page for one in away.get(row.id or 0, [])],
        first=first,
        before=(first - timedelta(days=1)).strftime("%Y-%m"),
        following=(last + timedelta(days=1)).strftime("%Y-%m"),
        bodies=[(row.path, row.name) for row in bodies],
        body_names={row.id: row.name for row in bodies},
        away_names=AWAY_NAMES,
        marks=MARKS,
        on=today(),
    )


_HEADER = [_l("执法证号"), _l("姓名"), _l("事由"), _l("第一天"), _l("最后一天"), _l("备注"), _l("本人报告")]


def _cells(found: list[Inspector], away: dict[int, list[Absence]]) -> Any:
    for row in found:
        for one in away.get(row.id or 0, []):
            kind = str(AWAY_NAMES.get(one.kind, one.kind))
            yield [row.certificate, row.name, kind, one.first_day, one.last_day, one.note, one.announced]


def _days(first: date, last: date) -> list[tuple[date, bool]]:
    """The days of a month, each with whether it is worked: by the calendar, or plainly Monday to Friday."""
    known = queries.working_days(db_session(), first, last)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [(day, known.get(day, day.isoweekday() < 6)) for day in every]


def _line(rows: list[Absence], first: date, last: date) -> list[str]:
    """The kind of absence on each day of a month, or nothing."""
    away = [readiness.Away(row.kind, row.first_day, row.last_day) for row in rows]
    return [readiness.away_on(away, first + timedelta(days=n)) for n in range((last - first).days + 1)]


def _own() -> Inspector:
    """The inspector that the account is, or InspectorNotFoundError."""
    user = current_user()
    certificate = user.certificate if user else ""
    found = queries.inspector_or_none(db_session(), certificate) if certificate else None
    if found is None:
        raise InspectorNotFoundError(value=certificate or "—")
    return found


@bp.get("/registry/me")
@requires("inspector")
def me() -> ResponseReturnValue:
    """Own certificates, absences, team and declarations; the form that announces leave."""
    return _me(AbsenceForm(data={"first_day": today(), "last_day": today()}))


def _me(form: AbsenceForm) -> str:
    """The own page with the form as it stands; where the account is in no pool, a page that says so."""
    session, user = db_session(), current_user()
    row = queries.inspector_or_none(session, user.certificate) if user and user.certificate else None
    record = record_of(row) if row else None
    return render_template("registry/inspector_me.html", record=record, form=form, **(record or {}))


@bp.post("/registry/me/absences")
@requires("inspector")
def announce_absence() -> ResponseReturnValue:
    """Announce own leave, training or duty: it holds at once."""
    row, form = _own(), AbsenceForm()

    def announce() -> None:
        services.add_absence(
            db_session(),
            row.certificate,
            kind=form.kind.data,
            first_day=form.first_day.data,
            last_day=form.last_day.data,
            note=form.note.data or "",
            announced=True,
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(announce):
        return _me(form), 422
    flash_done(_("已报告，即时生效；这些日子里的抽取不派件给您。"))
    return redirect(url_for("registry.me"), code=303)


@bp.get("/registry/me/absences/<int:absence_id>")
@requires("inspector")
def own_absence(absence_id: int) -> ResponseReturnValue:
    """The form that corrects what one announced."""
    row = _own()
    form = AbsenceCorrectionForm(data=absence_of(row, absence_id).model_dump())
    return correction_page(row, form, back=url_for("registry.me"))


@bp.post("/registry/me/absences/<int:absence_id>")
@requires("inspector")
def correct_own_absence(absence_id: int) -> ResponseReturnValue:
    """Correct or take back what one announced; days that are past stay."""
    row, form = _own(), AbsenceCorrectionForm()

    def correct() -> None:
        services.correct_absence(
            db_session(),
            row.certificate,
            absence_id,
            kind=form.kind.data,
            first_day=form.first_day.data,
            last_day=form.last_day.data,
            note=form.note.data or "",
            withdrawn=form.withdrawn.data,
            announced=True,
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(correct):
        return correction_page(row, form, back=url_for("registry.me"), status=422)
    flash_done(_("已更正，原记录保留。"))
    return redirect(url_for("registry.me"), code=303)
