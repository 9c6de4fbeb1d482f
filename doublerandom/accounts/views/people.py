"""The accounts of a body: the list, one person, invitations, roles, closing and opening."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock, web
from doublerandom.accounts import queries, services
from doublerandom.accounts.core import NEEDS_SECOND
from doublerandom.accounts.errors import (
    AccountExistsError,
    NotOneselfError,
    UnknownBodyError,
)
from doublerandom.accounts.forms.people import InvitationForm, ReasonForm, RoleForm, WithdrawalForm
from doublerandom.accounts.models import User
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.own_account import own
from doublerandom.accounts.words import ROLE_NAMES
from doublerandom.web import choices_of

PAGE_ROWS = 100
NAV = [web.NavLink("accounts", "accounts.people", _l("账户"), icon="people", roles=("administrator",))]
ADMINISTRATOR = "administrator"


@bp.get("/people")
@web.requires(ADMINISTRATOR)
def people() -> ResponseReturnValue:
    """Accounts of the own body and those below it."""
    if kind := web.wanted_format():
        header = [_("用户名"), _("姓名"), _("人员代号"), _("机关"), _("角色"), _("状态")]
        return web.list_file(_("账户"), header, map(_exported, _found(limit=None)), kind=kind)
    page = web.Page.cut(_found(limit=PAGE_ROWS + 1), PAGE_ROWS, key=lambda user: user.username)
    ids = [user.id for user in page]
    return render_template(
        "accounts/people.html",
        page=page,
        role_names=ROLE_NAMES,
        with_factor=queries.people_with_second_factor(web.db_session(), ids),
        last_signed_in=queries.last_signed_in(web.db_session(), ids),
    )


def _found(*, limit: int | None) -> list[User]:
    """Accounts in sight that the filter names."""
    states = {"open": True, "closed": False}
    rows = queries.people_of(
        web.db_session(),
        queries.sight(own()).body_path,
        after=request.args.get("after", ""),
        limit=limit,
        text=request.args.get("q", "").strip(),
        role=request.args.get("role", ""),
        active=states.get(request.args.get("state", "")),
    )
    return list(rows)


def body_name(user: User) -> str:
    """The name of a person's body."""
    assert user.body is not None
    return user.body.name


def _exported(user: User) -> tuple[object, ...]:
    roles = [str(ROLE_NAMES[role]) for role in sorted(user.own_roles)]
    state = _("有效") if user.active else _("已停用")
    return user.username, user.name, user.person, body_name(user), roles, state


@bp.get("/people/new")
@web.requires(ADMINISTRATOR, fresh=True)
def invitation_form() -> ResponseReturnValue:
    """Where an account is opened."""
    return render_template("accounts/person_new.html", form=_invitation_form(), needs_second=NEEDS_SECOND)


def _invitation_form() -> InvitationForm:
    form = InvitationForm()
    found = queries.bodies(web.db_session(), below=queries.sight(own()).body_path)
    form.body.choices = choices_of({body.token: body.name for body in found})
    return form


@bp.post("/people/new")
@web.requires(ADMINISTRATOR, fresh=True)
def invite() -> ResponseReturnValue:
    """Open an account and show its link, once."""
    form, made = _invitation_form(), []
    refusals = (AccountExistsError, NotOneselfError, UnknownBodyError)
    if not form.carries_out(lambda: made.append(_invite(form)), also=refusals):
        return render_template("accounts/person_new.html", form=form, needs_second=NEEDS_SECOND), 422
    user, link = made[0]
    return _link_page(user, link)


def _invite(form: InvitationForm) -> tuple[User, str]:
    return services.invite(
        web.db_session(),
        username=form.username.data,
        name=form.name.data.strip(),
        person=form.person.data.strip(),
        body_token=form.body.data,
        roles=form.roles.data or [],
        certificate=(form.certificate.data or "").strip(),
        reason=form.reason.data or "",
        settings=web.settings(),
        by=web.current_person(),
        at=clock.now(),
    )


def _link_page(user: User, link: str) -> str:
    address = web.outside_url(url_for("accounts.invitation_page", token=link))
    return render_template("accounts/person_link.html", user=user, address=address)


@bp.get("/people/<person>")
@web.requires(ADMINISTRATOR)
def person_page(person: str) -> ResponseReturnValue:
    """One account: roles and their history, second factor, sign-ins, stand-ins, and what can be done."""
    db = web.db_session()
    user = queries.person_in_sight(db, queries.sight(own()), person)
    assert user.body is not None
    grants = queries.grants_of(db, user.id)
    names = {each for grant in grants for each in (grant.requested_by, grant.decided_by, grant.ended_by)}
    held_or_asked = user.own_roles | {grant.role for grant in grants if grant.decided_at is None}
    role_form, withdrawal = RoleForm(), WithdrawalForm()
    role_form.role.choices = choices_of({r: n for r, n in ROLE_NAMES.items() if r not in held_or_asked})
    withdrawal.role.choices = choices_of({r: n for r, n in ROLE_NAMES.items() if r in held_or_asked})
    return render_template(
        "accounts/person.html",
        user=user,
        grants=grants,
        person_names=queries.person_names(db, names - {""}),
        factor=queries.second_factor(db, user.id),
        last=queries.last_signed_in(db, [user.id]).get(user.id or 0),
        stand_ins=queries.stand_ins(
            db, user.body.path, person_id=user.id, on=clock.local(clock.now()).date()
        ),
        role_form=role_form,
        withdrawal=withdrawal,
        reason_form=ReasonForm(),
        role_names=ROLE_NAMES,
        needs_second=NEEDS_SECOND,
    )


def _in_sight(person: str) -> str:
    """The token of a person in sight; raises UnknownPersonError."""
    return queries.person_in_sight(web.db_session(), queries.sight(own()), person).person


def _back(person: str) -> ResponseReturnValue:
    return redirect(url_for("accounts.person_page", person=person), code=303)


@bp.post("/people/<person>/roles")
@web.requires(ADMINISTRATOR, fresh=True)
def request_role(person: str) -> ResponseReturnValue:
    """Ask for a role; one that needs no second person is granted at once."""
    form = RoleForm.valid()
    grant = services.request_role(
        web.db_session(),
        _in_sight(person),
        form.role.data,
        reason=form.reason.data,
        by=web.current_person(),
        at=clock.now(),
    )
    web.flash_done(_("角色已授予。") if grant.granted else _("已提出申请，须由另一位有权的人员确认。"))
    return _back(person)


@bp.post("/people/<person>/roles/withdrawal")
@web.requires(ADMINISTRATOR, fresh=True)
def withdraw_role(person: str) -> ResponseReturnValue:
    """Take a role back, on record."""
    form = WithdrawalForm.valid()
    services.withdraw_role(
        web.db_session(),
        _in_sight(person),
        form.role.data,
        reason=form.reason.data,
        by=web.current_person(),
        at=clock.now(),
    )
    web.flash_done(_("角色已收回。"))
    return _back(person)


@bp.post("/people/<person>/link")
@web.requires(ADMINISTRATOR, fresh=True)
def issue_link(person: str) -> ResponseReturnValue:
    """Make a link by which the person sets the password anew; it is shown once."""
    db, token = web.db_session(), _in_sight(person)
    link = services.issue_link(db, token, settings=web.settings(), by=web.current_person(), at=clock.now())
    return _link_page(queries.user_by_person(db, token), link)


@bp.post("/people/<person>/second-factor/removal")
@web.requires(ADMINISTRATOR, fresh=True)
def remove_second_factor(person: str) -> ResponseReturnValue:
    """End the second factor of a person who lost it; the person enrols anew."""
    reason = ReasonForm.valid().reason.data
    services.remove_second_factor(
        web.db_session(), _in_sight(person), reason=reason, by=web.current_person(), at=clock.now()
    )
    web.flash_done(_("第二重验证已解除，本人下次登录后须重新绑定。"))
    return _back(person)


@bp.post("/people/<person>/sessions/end")
@web.requires(ADMINISTRATOR)
def end_sessions(person: str) -> ResponseReturnValue:
    """End every sign-in of a person."""
    db = web.db_session()
    user = queries.person_in_sight(db, queries.sight(own()), person)
    count = services.end_sessions(
        db, user, reason="by an administrator", by=web.current_person(), at=clock.now()
    )
    web.flash_done(_("已结束该人员的 %(n)s 处登录。", n=count))
    return _back(person)


@bp.post("/people/<person>/deactivation")
@web.requires(ADMINISTRATOR, fresh=True)
def deactivate(person: str) -> ResponseReturnValue:
    """Close an account; its record stays."""
    reason = ReasonForm.valid().reason.data
    services.deactivate(
        web.db_session(),
        _in_sight(person),
        reason=reason,
        settings=web.settings(),
        by=web.current_person(),
        at=clock.now(),
    )
    web.flash_done(_("账户已停用，记录保留。"))
    return _back(person)


@bp.post("/people/<person>/reactivation")
@web.requires(ADMINISTRATOR, fresh=True)
def reactivate(person: str) -> ResponseReturnValue:
    """Open a closed account again."""
    reason = ReasonForm.valid().reason.data
    services.reactivate(
        web.db_session(), _in_sight(person), reason=reason, by=web.current_person(), at=clock.now()
    )
    web.flash_done(_("账户已恢复。"))
    return _back(person)
