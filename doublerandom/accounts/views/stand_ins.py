"""Stand-ins (A/B 角): set by who is stood in for, or by the head."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock, web
from doublerandom.accounts import queries, services
from doublerandom.accounts.core import LENDABLE
from doublerandom.accounts.errors import (
    AccountClosedError,
    StandInNotYoursError,
    UnknownPersonError,
)
from doublerandom.accounts.forms.people import StandInForm
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.own_account import own
from doublerandom.accounts.words import ROLE_NAMES
from doublerandom.web import choices_of

DESK = tuple(sorted(LENDABLE))
NAV = [web.NavLink("accounts", "accounts.stand_ins", _l("A/B 角代理"), "person-lines-fill", DESK)]


@bp.get("/stand-ins")
@web.requires(*DESK, fresh=True)
def stand_ins() -> ResponseReturnValue:
    """Stand-ins that hold or will; the form for another. A head sees those of the body and below."""
    if kind := web.wanted_format():
        header = [
            _("被代理人（A 角）"),
            _("代理人（B 角）"),
            _("代理的角色"),
            _("起始日期"),
            _("截止日期"),
            _("理由"),
        ]
        rows = (
            (
                a.name,
                b.name,
                [str(ROLE_NAMES[role]) for role in row.roles],
                row.first_day,
                row.last_day,
                row.reason,
            )
            for row, a, b in _rows()
        )
        return web.list_file(_("A/B 角代理"), header, rows, kind=kind)
    return _page(_form())


def _rows() -> list[tuple[queries.StandIn, queries.User, queries.User]]:
    user = own()
    assert user.body is not None
    mine = None if "head" in user.own_roles else user.id
    today = clock.local(clock.now()).date()
    return list(queries.stand_ins(web.db_session(), user.body.path, person_id=mine, on=today))


def _form() -> StandInForm:
    """The form with the people of the body; who is no head lends the own roles alone."""
    form, user = StandInForm(), own()
    people = queries.people_of_body(web.db_session(), user.body_id)
    named = {each.person: f"{each.name}（{each.username}）" for each in people}
    head = "head" in user.own_roles
    form.principal.choices = choices_of(named if head else {user.person: named[user.person]})
    form.person.choices = choices_of(
        {person: name for person, name in named.items() if head or person != user.person}
    )
    held = LENDABLE if head else user.own_roles & LENDABLE
    form.roles.choices = choices_of({role: name for role, name in ROLE_NAMES.items() if role in held})
    return form


def _page(form: StandInForm) -> str:
    return render_template(
        "accounts/stand_ins.html",
        rows=_rows(),
        form=form,
        role_names=ROLE_NAMES,
        today=clock.local(clock.now()).date(),
    )


@bp.post("/stand-ins")
@web.requires(*DESK, fresh=True)
def set_stand_in() -> ResponseReturnValue:
    """Set a stand-in, on record."""
    form, refusals = _form(), (AccountClosedError, StandInNotYoursError, UnknownPersonError)
    if not form.carries_out(lambda: _set(form), also=refusals):
        return _page(form), 422
    web.flash_done(_("代理已设定。代理人以自己的名义办理，留痕中同时记明被代理人。"))
    return redirect(url_for("accounts.stand_ins"), code=303)


def _set(form: StandInForm) -> None:
    services.set_stand_in(
        web.db_session(),
        form.principal.data,
        form.person.data,
        roles=form.roles.data,
        first_day=form.first_day.data,
        last_day=form.last_day.data,
        reason=form.reason.data,
        by=web.current_person(),
        at=clock.now(),
    )


@bp.post("/stand-ins/<int:stand_in_id>/end")
@web.requires(*DESK, fresh=True)
def end_stand_in(stand_in_id: int) -> ResponseReturnValue:
    """End a stand-in before its last day."""
    queries.stand_in(web.db_session(), queries.sight(own()), stand_in_id)
    services.end_stand_in(web.db_session(), stand_in_id, by=web.current_person(), at=clock.now())
    web.flash_done(_("代理已结束。"))
    return redirect(url_for("accounts.stand_ins"), code=303)
