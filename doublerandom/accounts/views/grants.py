"""Requests for roles that sign, decide or audit: confirmed or refused by a second person."""

from collections.abc import Iterator
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock, web
from doublerandom.accounts import queries, services
from doublerandom.accounts.core import CONFIRMING
from doublerandom.accounts.forms.people import GrantDecisionForm
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.own_account import own
from doublerandom.accounts.views.people import body_name
from doublerandom.accounts.words import ROLE_NAMES
from doublerandom.web import DueItem

NAV = [web.NavLink("accounts", "accounts.grants", _l("角色授权确认"), "person-check", CONFIRMING)]


@bp.get("/role-requests")
@web.requires(*CONFIRMING, fresh=True)
def grants() -> ResponseReturnValue:
    """Requests that wait; one's own can be seen, not confirmed."""
    session, person = web.db_session(), web.current_person()
    rows = queries.undecided_grants(session, queries.sight(own()))
    if kind := web.wanted_format():
        header = [_("人员"), _("机关"), _("申请的角色"), _("理由"), _("提出人"), _("提出时间")]
        told = (
            (u.name, body_name(u), str(ROLE_NAMES[g.role]), g.reason, g.requested_by, g.at) for g, u in rows
        )
        return web.list_file(_("角色授权确认"), header, told, kind=kind)
    return render_template(
        "accounts/grants.html",
        rows=rows,
        person=person,
        role_names=ROLE_NAMES,
        person_names=queries.person_names(session, {grant.requested_by for grant, _user in rows}),
    )


@bp.post("/role-requests/<int:grant_id>/decision")
@web.requires(*CONFIRMING, fresh=True)
def decide_grant(grant_id: int) -> ResponseReturnValue:
    """Confirm or refuse a request in sight, as the second person."""
    form = GrantDecisionForm.valid()
    session = web.db_session()
    queries.undecided_grant(session, queries.sight(own()), grant_id)
    row = services.decide_role(
        session, grant_id, grant=form.decision.data == "grant", by=web.current_person(), at=clock.now()
    )
    web.flash_done(_("角色已授予。") if row.granted else _("申请已驳回。"))
    return redirect(url_for("accounts.grants"), code=303)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """Requests that this person may confirm: of others, for others."""
    sight = queries.sight(user)
    if not sight.has(*CONFIRMING):
        return
    for grant, holder in queries.undecided_grants(session, sight):
        if user.person not in {grant.requested_by, holder.person}:
            title = f"{holder.name} · {ROLE_NAMES[grant.role]}"
            yield DueItem("accounts", title, url_for("accounts.grants"), act=_("确认授权"))
