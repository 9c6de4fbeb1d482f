"""执法检查人员名录: the list, one record, a new one, changes; what certificates run out."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.registry import queries
from doublerandom.registry.forms.inspectors import (
    STATUS_NAMES,
)
from doublerandom.registry.models import Inspector
from doublerandom.registry.names import (
    AWAY_NAMES,
    CERTIFICATE_NAMES,
    EXPERT_NAMES,
    INSPECTOR_REASONS,
    LINE_NAMES,
    SKILL_NAMES,
    line_name,
    seat_name,
)
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import (
    DueItem,
    NavLink,
    Page,
    current_user,
    db_session,
    list_file,
    requires,
    wanted_format,
)

READERS = ("registrar", "planner", "head", "supervisor", "overseer", "auditor")
SIZE = 50
NAV = [NavLink("registry", "registry.inspectors", _l("执法检查人员"), "person-badge", READERS)]
STATE_NAMES = {
    "available": _l("今天可派"),
    "away": _l("今天不在岗"),
    "expert": _l("专家"),
    "inactive": _l("已离库"),
}
ENDING_NAMES = {"soon": _l("即将到期或已过期"), "expired": _l("已过期")}
NAMES = {
    "reason_names": INSPECTOR_REASONS,
    "skill_names": SKILL_NAMES,
    "away_names": AWAY_NAMES,
    "certificate_names": CERTIFICATE_NAMES,
    "expert_names": EXPERT_NAMES,
    "certificate_status_names": STATUS_NAMES,
    "line_name": line_name,
    "seat_name": seat_name,
}


def today() -> date:
    """The day in Asia/Shanghai."""
    return clock.local(clock.now()).date()


def below() -> str:
    """The path of the bodies in sight of whoever is signed in."""
    return accounts.sight(current_user()).body_path


def in_sight(certificate: str) -> Inspector:
    """The inspector of a body in sight, or InspectorNotFoundError."""
    return queries.inspector_in_sight(db_session(), certificate, below=below())


def rules_here(session: Session, user: Any, on: date) -> dict[str, Any]:
    """The rules of the reader's body on that day; where there are none yet, nothing."""
    found = queries.effective_rules(session, body=user.body, on=on)
    return found.rules if found is not None else {}


def reminder_day(rules: dict[str, Any], on: date) -> date | None:
    """Up to which day a certificate that ends is told, by the rules; None where they do not say."""
    days = rules.get("availability", {}).get("reminder_days")
    return on + timedelta(days=days) if days else None


@bp.get("/registry/inspectors")
@requires(*READERS)
def inspectors() -> ResponseReturnValue:
    """The inspectors of the bodies in sight, filtered, a page at a time; or all of them as a file."""
    session, on = db_session(), today()
    rules = rules_here(session, current_user(), on)
    wanted, period = _wanted(rules, on), queries.load_period(rules, on)
    if kind := wanted_format():
        found = queries.inspectors_page(session, wanted, below=below(), on=on, limit=None)
        return list_file(_("执法检查人员名录"), _HEADER, _cells(session, found, on, period), kind=kind)
    found = queries.inspectors_page(
        session, wanted, below=below(), on=on, after=request.args.get("after", "")[:31], limit=SIZE + 1
    )
    page = Page.cut(found, SIZE, key=lambda row: row.certificate)
    return render_template(
        "registry/inspectors.html",
        page=Page(shown(session, page.rows, on, period), None, page.next_after),
        total=queries.inspectors_found(session, wanted, below=below(), on=on),
        fields=_fields(session),
        reminder=reminder_day(rules, on),
        period=period,
        on=on,
        **NAMES,
    )


_HEADER = [
    _l("执法证号"), _l("姓名"), _l("所在单位"), _l("执法领域"), _l("执法区域"), _l("专业资格"), _l("职务"),
    _l("证件有效期至"), _l("状态"), _l("检查组"), _l("派件"), _l("其他检查"),
]  # fmt: skip


def _cells(
    session: Session, found: Sequence[Inspector], on: date, period: tuple[date, date]
) -> Iterator[list[object]]:
    for one in shown(session, found, on, period):
        row = one["row"]
        yield [
            row.certificate, row.name, one["body"], line_name(row.department), row.regions,
            [str(SKILL_NAMES.get(skill, skill)) for skill in one["dealt"].skills], row.position,
            one["until"], str(INSPECTOR_REASONS.get(one["dealt"].excluded, "")) or _("可派"),
            one["team"].code if one["team"] else "", one["load"].dealt, one["load"].other,
        ]  # fmt: skip


def _wanted(rules: dict[str, Any], on: date) -> queries.InspectorFilter:
    """The filter as the address asks; what it does not know it leaves out."""
    asked = {name: request.args.get(name, "").strip()[:64] for name in ("q", "department", "skill", "state")}
    body = request.args.get("body", "")
    ending = request.args.get("ending", "")
    return queries.InspectorFilter(
        words=asked["q"],
        body=body if body.startswith(below()) else "",
        department=asked["department"],
        skill=asked["skill"],
        state=asked["state"],
        ending=reminder_day(rules, on) if ending == "soon" else None,
        expired=ending == "expired",
    )


def _fields(session: Session) -> list[dict[str, Any]]:
    bodies = [(row.path, row.name) for row in accounts.bodies(session, below=below())]
    return [
        {"name": "q", "label": _("姓名或证号"), "kind": "text"},
        {"name": "body", "label": _("所在单位"), "kind": "select", "options": bodies},
        {
            "name": "department",
            "label": _("执法领域"),
            "kind": "select",
            "options": list(LINE_NAMES.items()),
        },
        {"name": "skill", "label": _("专业资格"), "kind": "select", "options": list(SKILL_NAMES.items())},
        {"name": "state", "label": _("状态"), "kind": "select", "options": list(STATE_NAMES.items())},
        {"name": "ending", "label": _("证件"), "kind": "select", "options": list(ENDING_NAMES.items())},
    ]


def shown(
    session: Session, found: Sequence[Inspector], on: date, period: tuple[date, date]
) -> list[dict[str, Any]]:
    """The rows with what a page shows beside: body, state today, last day, team, load."""
    asked = queries.asked_for(session, on=on, until=None, working_days=1, items=())
    bodies = accounts.body_names(session)
    teams = queries.teams_of_inspectors(session, [row.id for row in found if row.id], on=on)
    first, last = period
    loads = queries.loads(session, [row.certificate for row in found], first=first, last=last)
    most = max((load.together for load in loads.values()), default=0)
    return [
        {
            "row": row,
            "body": bodies.get(row.body_id, ""),
            "dealt": dealt,
            "until": dealt.certificate_until,
            "team": teams.get(dealt.id, (None, None))[0],
            "load": loads[row.certificate],
            "most": most,
        }
        for row, dealt in zip(found, queries.as_dealt(session, found, asked), strict=True)
    ]


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a registrar: certificates that have run out or soon will, as the rules remind of."""
    if "registrar" not in user.acting_roles:
        return
    on = today()
    until = reminder_day(rules_here(session, user, on), on)
    path = accounts.sight(user).body_path
    if until is None or not (number := queries.certificates_ending(session, below=path, until=until)):
        return
    title = _("执法证件已过期或将于 %(day)s 前到期：%(n)s 人", day=until, n=number)
    yield DueItem("registry", title, url_for("registry.inspectors", ending="soon"), act=_("办理换证或离库"))
