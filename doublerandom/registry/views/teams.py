"""检查组: standing teams of the bodies in sight, who belongs to them, and their history."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.registry import queries, services
from doublerandom.registry.forms.teams import MembersForm, TeamEndForm, TeamForm
from doublerandom.registry.models import Team
from doublerandom.registry.names import line_name, seat_name
from doublerandom.registry.services import MemberIn
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.inspector_records import page_of_form
from doublerandom.registry.views.inspectors import (
    NAMES,
    READERS,
    below,
    rules_here,
    today,
)
from doublerandom.web import (
    NavLink,
    current_person,
    current_user,
    db_session,
    flash_done,
    has_role,
    list_file,
    requires,
    wanted_format,
)

NAV = [NavLink("registry", "registry.teams", _l("检查组"), "people", READERS)]


@bp.get("/registry/teams")
@requires(*READERS)
def teams() -> ResponseReturnValue:
    """The standing teams in sight: those that stand today, or all."""
    session, on = db_session(), today()
    found = queries.teams(session, below=below(), on=None if request.args.get("all") else on)
    members = queries.members_of(session, [row.id or 0 for row in found], on=on)
    bodies = accounts.body_names(session)
    if kind := wanted_format():
        return list_file(_("检查组"), _HEADER, _cells(found, members, bodies), kind=kind)
    return render_template(
        "registry/teams.html",
        rows=[(row, members.get(row.id or 0, []), bodies.get(row.body_id, "")) for row in found],
        may_write=has_role("registrar"),
        **NAMES,
    )


_HEADER = [
    _l("编号"), _l("检查组名称"), _l("所在单位"), _l("执法领域"), _l("成员"), _l("起始日期"), _l("截止日期"),
]  # fmt: skip


def _cells(found: list[Team], members: dict[int, list[queries.MemberView]], bodies: dict[int, str]) -> Any:
    for row in found:
        people = [
            f"{view.inspector.name} {view.inspector.certificate}（{seat_name(view.row.role)}）"
            for view in members.get(row.id or 0, [])
        ]
        body = bodies.get(row.body_id, "")
        yield [row.code, row.name, body, line_name(row.department), people, row.valid_from, row.valid_to]


def _team(code: str) -> Team:
    return queries.team_in_sight(db_session(), code, below=below())


@bp.get("/registry/teams/<code>")
@requires(*READERS)
def team(code: str) -> ResponseReturnValue:
    """One team: whether it can be dealt today, its members, their history."""
    session, row, on = db_session(), _team(code), today()
    assert row.id is not None
    body = accounts.body_by_id(session, row.body_id)
    dealt = queries.teams_for(session, lines=[row.department], region=body.region, on=on)
    first, last = queries.load_period(rules_here(session, current_user(), on), on)
    members = queries.members_of(session, [row.id], on=on).get(row.id, [])
    certificates = [view.inspector.certificate for view in members]
    return render_template(
        "registry/team.html",
        team=row,
        body=body,
        dealt=next((one for one in dealt if one.code == row.code), None),
        members=members,
        history=queries.membership_history(session, row.id),
        loads=queries.loads(session, certificates, first=first, last=last),
        period=(first, last),
        end=TeamEndForm(data={"last_day": on}),
        may_write=has_role("registrar") and row.valid_to is None,
        **NAMES,
    )


def _offered(form: MembersForm, body: accounts.Body, team_id: int | None) -> Any:
    """Who can be chosen: of this body or below, in its line of work, in no other team."""
    session, on = db_session(), today()
    found = queries.inspectors_page(
        session, queries.InspectorFilter(body=body.path), below=below(), on=on, limit=None
    )
    taken = queries.teams_of_inspectors(session, [row.id or 0 for row in found], on=on)
    free = {
        row.certificate: f"{row.name} {row.certificate}"
        for row in found
        if row.active and not row.expert and (row.id not in taken or taken[row.id][0].id == team_id)
    }
    experts = {row.certificate: f"{row.name} {row.certificate}" for row in found if row.active and row.expert}
    form.offer(free, experts)
    return form


def _members(form: MembersForm) -> list[MemberIn]:
    """What was chosen, the lead first."""
    chosen = [MemberIn(form.lead.data, "lead")]
    chosen += [MemberIn(one, "member") for one in form.members.data or [] if one != form.lead.data]
    return chosen + [MemberIn(one, "expert") for one in form.experts.data or []]


@bp.get("/registry/teams/new")
@requires("registrar")
def new_team() -> ResponseReturnValue:
    """The form for a new team of the own body."""
    return _new(_new_form(data={"valid_from": today()}))


def _new_form(**options: Any) -> TeamForm:
    user = current_user()
    assert user is not None
    form: TeamForm = _offered(TeamForm(**options), user.body, None)
    bodies = accounts.bodies(db_session(), below=below())
    form.body.choices = [(str(row.id), row.name) for row in bodies]
    return form


def _new(form: TeamForm, status: int = 200) -> ResponseReturnValue:
    lead = _(
        "检查组可以作为一个整体参加派件，占一个席位：资格合并计算，区域取共同部分，一人不能参加则全组不参加。"
    )
    back = url_for("registry.teams")
    return page_of_form(
        form,
        _("新建检查组"),
        target=url_for("registry.found_team"),
        back=back,
        submit=_("建组"),
        lead=lead,
        status=status,
    )


@bp.post("/registry/teams")
@requires("registrar")
def found_team() -> ResponseReturnValue:
    """Found a team of a body in sight; its code is issued."""
    form, made = _new_form(), []

    def found() -> None:
        made.append(
            services.found_team(
                db_session(),
                name=form.name.data,
                body_id=int(form.body.data),
                members=_members(form),
                valid_from=form.valid_from.data,
                by=current_person(),
                at=clock.now(),
            )
        )

    if not form.carries_out(found):
        return _new(form, 422)
    flash_done(_("检查组 %(code)s 已建立。", code=made[0].code))
    return redirect(url_for("registry.team", code=made[0].code), code=303)


@bp.get("/registry/teams/<code>/members")
@requires("registrar")
def members_to_change(code: str) -> ResponseReturnValue:
    """The form with who belongs to the team today."""
    row, on = _team(code), today()
    views = queries.members_of(db_session(), [row.id or 0], on=on).get(row.id or 0, [])
    by_role: dict[str, list[str]] = {}
    for view in views:
        by_role.setdefault(view.row.role, []).append(view.inspector.certificate)
    data = {
        "lead": next(iter(by_role.get("lead", [])), ""),
        "members": by_role.get("member", []),
        "experts": by_role.get("expert", []),
        "valid_from": on,
    }
    return _change(row, _members_form(row, data=data))


def _members_form(row: Team, **options: Any) -> MembersForm:
    body = accounts.body_by_id(db_session(), row.body_id)
    form: MembersForm = _offered(MembersForm(**options), body, row.id)
    return form


def _change(row: Team, form: MembersForm, status: int = 200) -> ResponseReturnValue:
    title, back = _("调整 %(name)s 的成员", name=row.name), url_for("registry.team", code=row.code)
    lead = _("自所填日期起按新名单执行；以前的成员和日期保留。已派的任务仍属于派件时的成员。")
    return page_of_form(
        form, title, target=request.path, back=back, submit=_("调整成员"), lead=lead, status=status
    )


@bp.post("/registry/teams/<code>/members")
@requires("registrar")
def change_team(code: str) -> ResponseReturnValue:
    """Give the team these members from a day on."""
    row = _team(code)
    form = _members_form(row)

    def change() -> None:
        services.change_team(
            db_session(),
            row.code,
            members=_members(form),
            valid_from=form.valid_from.data,
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(change):
        return _change(row, form, 422)
    flash_done(_("成员已调整。"))
    return redirect(url_for("registry.team", code=row.code), code=303)


@bp.post("/registry/teams/<code>/end")
@requires("registrar")
def end_team(code: str) -> ResponseReturnValue:
    """End the team with a day."""
    row, form = _team(code), TeamEndForm.valid()
    last: date = form.last_day.data
    services.end_team(db_session(), row.code, last_day=last, by=current_person(), at=clock.now())
    flash_done(_("检查组已撤销，记录保留。"))
    return redirect(url_for("registry.team", code=row.code), code=303)
