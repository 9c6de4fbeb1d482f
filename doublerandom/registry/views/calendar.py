"""The working-day calendar on the desk: a year at a glance, a day changed, a year entered, the reminder."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.registry import queries, services
from doublerandom.registry.errors import CalendarYearMissingError
from doublerandom.registry.forms.calendar import CalendarDayForm, CalendarYearForm
from doublerandom.registry.models import CalendarDay
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import (
    DueItem,
    NavLink,
    current_person,
    db_session,
    flash_done,
    has_role,
    list_file,
    requires,
    settings,
    wanted_format,
    whole_argument,
)

KEEPERS = ("registrar", "administrator")
READERS = (
    *KEEPERS,
    "planner",
    "supervisor",
    "head",
    "reviewer",
    "credit_officer",
    "overseer",
    "auditor",
)
NAV = [NavLink("registry", "registry.calendar", _l("工作日历"), "calendar3", READERS)]


def _today() -> date:
    return clock.local(clock.now()).date()


@bp.get("/registry/calendar")
@requires(*READERS)
def calendar() -> ResponseReturnValue:
    """One year: working days, days off, shifted days; and for its keepers the forms."""
    return _page(CalendarDayForm(formdata=None), CalendarYearForm(formdata=None))


def _page(
    day_form: CalendarDayForm, year_form: CalendarYearForm, *, year: int | None = None
) -> str | Response:
    session = db_session()
    years = queries.calendar_years(session)
    shown = year or whole_argument("year") or _today().year
    days = queries.calendar_of_year(session, shown) if 1 <= shown <= date.max.year else []
    if kind := wanted_format():
        header = [_("日期"), _("工作日"), _("节日名称"), _("调整原因")]
        rows = ([day.day, day.working, day.name, day.reason] for day in days)
        return list_file(_("%(year)s 年工作日历", year=shown), header, rows, kind=kind)
    wanted = next((n for n in range(_today().year, _today().year + 2) if n not in years), _today().year + 1)
    if not year_form.is_submitted():
        year_form.year.data = wanted
    return render_template(
        "registry/calendar.html",
        year=shown,
        years=years,
        months=[[day for day in days if day.day.month == month] for month in range(1, 13)] if days else [],
        changed=[day for day in days if day.reason],
        special=_special(days),
        working=sum(day.working for day in days),
        missing=[n for n in (_today().year, _today().year + 1) if n not in years],
        keeper=has_role(*KEEPERS),
        day_form=day_form,
        year_form=year_form,
        today=_today(),
    )


def _special(days: list[CalendarDay]) -> list[dict[str, Any]]:
    """The holidays of a year, in spans, and the weekends that are worked for them."""
    spans: list[dict[str, Any]] = []
    for day in days:
        if not day.name:
            continue
        last = spans[-1] if spans else None
        follows = (
            last
            and last["working"] is day.working
            and last["name"] == day.name
            and (day.day - last["last"]).days == 1
        )
        if last is not None and follows:
            last["last"] = day.day
        else:
            spans.append({"name": day.name, "first": day.day, "last": day.day, "working": day.working})
    return [{**span, "days": (span["last"] - span["first"]).days + 1} for span in spans]


@bp.post("/registry/calendar/days")
@requires(*KEEPERS)
def change_calendar_day() -> ResponseReturnValue:
    """Change one day, with the reason."""
    form = CalendarDayForm()

    def change() -> None:
        services.change_calendar_day(
            db_session(),
            form.day.data,
            working=form.working.data == "yes",
            name=form.name.data or "",
            reason=form.reason.data,
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(change, also=(CalendarYearMissingError,)):
        year = form.day.data.year if form.day.data else None
        return _page(form, CalendarYearForm(formdata=None), year=year), 422
    flash_done(_("%(day)s 已调整。", day=form.day.data.isoformat()))
    return redirect(url_for("registry.calendar", year=form.day.data.year), code=303)


@bp.post("/registry/calendar/years")
@requires(*KEEPERS)
def enter_calendar_year() -> ResponseReturnValue:
    """Enter a year by the State Council's notice, pasted."""
    form = CalendarYearForm()

    def enter() -> None:
        services.enter_calendar_year(
            db_session(),
            form.year.data,
            notice=form.notice.data,
            source=form.source.data,
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(enter):
        return _page(CalendarDayForm(formdata=None), form), 422
    flash_done(_("%(year)s 年已录入工作日历，请对照通知核对。", year=form.year.data))
    return redirect(url_for("registry.calendar", year=form.year.data), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """A year that is missing: the present one at once, the next one from the day of the settings on."""
    if not any(role.name in KEEPERS for role in user.roles):
        return
    day = _today()
    years = queries.calendar_years(session)
    months, days = map(int, settings().calendar_reminder.split("-"))
    soon = (day.month, day.day) >= (months, days)
    for year in [day.year, *([day.year + 1] if soon else [])]:
        if year not in years:
            title = _("工作日历缺 %(year)s 年，期限无法计算", year=year)
            yield DueItem("registry", title, url_for("registry.calendar", year=year), act=_("录入放假安排"))
