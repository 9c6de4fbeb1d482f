"""The calendar of scheduled draws: a month as a grid on desks, as a list on phones."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.clock import SHANGHAI
from doublerandom.draws import queries
from doublerandom.draws.models import Draw
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.drafts import own_body
from doublerandom.web import NavLink, db_session, list_file, requires, wanted_format

READERS: Final = ("planner", "head", "supervisor", "auditor", "overseer")
NAV = [NavLink("draws", "draws.calendar", _l("抽取排期"), "calendar3", READERS)]
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


@bp.get("/calendar")
@requires(*READERS)
def calendar() -> ResponseReturnValue:
    """Draws due in a month: public ones of all bodies, prepared ones of those in sight."""
    session, first = db_session(), _month(request.args.get("month", ""))
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    begin = datetime(first.year, first.month, 1, tzinfo=SHANGHAI)
    end = datetime(last.year, last.month, last.day, tzinfo=SHANGHAI) + timedelta(days=1)
    found = queries.scheduled(session, below=own_body().path, begin=begin, end=end)
    bodies = accounts.body_names(session)
    if kind := wanted_format():
        header = [_("取随机数"), _("编号"), _("抽取"), _("机关"), _("状态"), _("演练")]
        rows = [
            [
                draw.due,
                draw.number,
                draw.title,
                bodies.get(draw.body_id, ""),
                draw.status.value,
                draw.rehearsal,
            ]
            for draw in found
        ]
        return list_file(f"{_('抽取排期')}-{first:%Y-%m}", header, rows, kind=kind)
    return render_template(
        "draws/calendar.html",
        first=first,
        weeks=_weeks(first, last, found),
        draws=found,
        bodies=bodies,
        today=clock.local(clock.now()).date(),
        earlier=f"{first - timedelta(days=1):%Y-%m}",
        later=f"{last + timedelta(days=1):%Y-%m}",
    )


def _month(text: str) -> date:
    """The first day of the month that the address names; of the present one where it names none."""
    try:
        year, month = (int(part) for part in text.split("-"))
        found = date(year, month, 1)
    except ValueError:
        found = clock.local(clock.now()).date().replace(day=1)
    return (
        found if _FIRST_YEAR <= found.year <= _LAST_YEAR else clock.local(clock.now()).date().replace(day=1)
    )


def _weeks(first: date, last: date, found: list[Draw]) -> list[list[tuple[date, bool, list[Draw]]]]:
    """Weeks from Monday: each day, whether it is of this month, and its draws by hour."""
    of_day: dict[date, list[Draw]] = {}
    for draw in found:
        of_day.setdefault(clock.local(draw.due).date(), []).append(draw)
    day, weeks = first - timedelta(days=first.weekday()), []
    while day <= last:
        week = [day + timedelta(days=n) for n in range(7)]
        weeks.append([(each, first <= each <= last, of_day.get(each, [])) for each in week])
        day += timedelta(days=7)
    return weeks
