"""Signing in and out: password, code, proving it again, links that set a password."""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock, web
from doublerandom.accounts import queries, services, totp
from doublerandom.accounts.errors import (
    InvitationEndedError,
    SecondFactorRefusedError,
    SignInExpiredError,
    SignInLockedError,
    SignInRefusedError,
)
from doublerandom.accounts.forms.sign_in import AgainForm, CodeForm, LinkForm, SignInForm
from doublerandom.accounts.models import User
from doublerandom.accounts.services.invitations import link_digest
from doublerandom.accounts.services.signing_in import secret_of
from doublerandom.accounts.sign_in import (
    close_session,
    first_step,
    open_session,
    present_session,
    remember_first_step,
)
from doublerandom.accounts.views.blueprint import bp
from doublerandom.errors import DoubleRandomError

REFUSALS = (SignInRefusedError, SignInLockedError, SecondFactorRefusedError)


@bp.get("/sign-in")
@web.public
def sign_in_page() -> ResponseReturnValue:
    """Ask who it is; whoever is signed in goes on."""
    goal = web.local_path(request.args.get("next"), otherwise="/desk")
    if web.current_user():
        return redirect(goal, code=303)
    return sign_in_form(SignInForm(next=goal))


def sign_in_form(form: SignInForm, refusal: DoubleRandomError | None = None) -> str:
    """The page that asks for user name and password, with what was refused."""
    return render_template("accounts/sign_in.html", form=form, refusal=refusal)


@bp.post("/sign-in")
@web.public
def sign_in() -> ResponseReturnValue:
    """Sign in, or show the page again with the reason."""
    form = SignInForm()
    if not form.validate():
        return sign_in_form(form), 422
    try:
        user = services.sign_in(
            web.db_session(),
            form.username.data,
            form.password.data,
            settings=web.settings(),
            at=clock.now(),
        )
    except (SignInRefusedError, SignInLockedError) as refusal:
        return sign_in_form(form, refusal), refusal.status
    return go_on(user, way="password", goal=web.local_path(form.next.data, otherwise="/desk"))


def go_on(user: User, *, way: str, goal: str) -> ResponseReturnValue:
    """After the first step: to the code where there is a second factor, else signed in."""
    if queries.second_factor(web.db_session(), user.id):
        remember_first_step(user, way=way, goal=goal)
        return redirect(url_for("accounts.code_page"), code=303)
    open_session(user)
    return redirect(goal, code=303)


@bp.get("/sign-in/code")
@web.public
def code_page() -> ResponseReturnValue:
    """Ask for the code of the second factor."""
    if first_step() is None:
        return redirect(url_for("accounts.sign_in_page"), code=303)
    return _code_page(CodeForm())


def _code_page(form: CodeForm, refusal: DoubleRandomError | None = None) -> str:
    step = first_step()
    user = queries.user_or_none(web.db_session(), step["person"]) if step else None
    return render_template(
        "accounts/sign_in_code.html", form=form, refusal=refusal, demo_code=demonstration_code(user)
    )


@bp.post("/sign-in/code")
@web.public
def sign_in_code() -> ResponseReturnValue:
    """Sign in with the code, or show the page again with the reason."""
    step, form = first_step(), CodeForm()
    if step is None:
        raise SignInExpiredError
    if not form.validate():
        return _code_page(form), 422
    try:
        user = services.sign_in_with_code(
            web.db_session(),
            step["person"],
            form.code.data,
            first=step["way"],
            settings=web.settings(),
            at=clock.now(),
        )
    except REFUSALS as refusal:
        return _code_page(form, refusal), refusal.status
    open_session(user, second_factor=True)
    return redirect(web.local_path(step["next"], otherwise="/desk"), code=303)


def demonstration_code(user: User | None) -> str:
    """In a demonstration the present code stands on the page, so that visitors get in; else nothing."""
    if not web.settings().demo or user is None:
        return ""
    factor = queries.second_factor(web.db_session(), user.id)
    if factor is None:
        return ""
    return totp.code_of(secret_of(factor, user, settings=web.settings()), totp.step_of(clock.now()))


@bp.get("/sign-in/again")
@web.requires(early=True)
def again_page() -> ResponseReturnValue:
    """Ask again who it is, before an act that signs or grants."""
    return _again_page(AgainForm(next=web.local_path(request.args.get("next"), otherwise="/desk")))


def _again_page(form: AgainForm) -> str:
    user = web.current_user()
    assert user is not None
    return render_template(
        "accounts/sign_in_again.html",
        form=form,
        has_factor=queries.second_factor(web.db_session(), user.id) is not None,
        demo_code=demonstration_code(user),
    )


@bp.post("/sign-in/again")
@web.requires(early=True)
def again() -> ResponseReturnValue:
    """Go on to the page that asked, or show the page again with the reason."""
    form = AgainForm()
    if not form.carries_out(lambda: _prove_again(form), also=REFUSALS):
        return _again_page(form), 422
    return redirect(web.local_path(form.next.data, otherwise="/desk"), code=303)


def _prove_again(form: AgainForm) -> None:
    now = clock.now()
    services.prove_again(
        web.db_session(),
        web.current_person(),
        form.password.data,
        form.code.data or "",
        settings=web.settings(),
        at=now,
    )
    services.session_proved(web.db_session(), present_session(), at=now)


@bp.get("/invitation")
@web.public
def invitation_page() -> ResponseReturnValue:
    """Where an invited person sets the password."""
    return _invitation_page(LinkForm(token=request.args.get("token", "")))


def _invitation_page(form: LinkForm) -> str:
    found = queries.open_invitation(web.db_session(), link_digest(form.token.data or ""), at=clock.now())
    if found is None:
        raise InvitationEndedError
    return render_template("accounts/invitation.html", form=form, user=found[1])


@bp.post("/invitation")
@web.public
def accept_invitation() -> ResponseReturnValue:
    """Set the password by the link; signed in at once where no second factor has to be shown."""
    form = LinkForm()
    made: list[User] = []
    if not form.carries_out(lambda: made.append(_accept(form))):
        return _invitation_page(form), 422
    web.flash_done(_("密码已设置。"))
    return go_on(made[0], way="password", goal="/desk")


def _accept(form: LinkForm) -> User:
    return services.accept_link(web.db_session(), form.token.data, form.agreed(), at=clock.now())


@bp.post("/sign-out")
@web.public
def sign_out() -> ResponseReturnValue:
    """Sign out and go to the public front page."""
    close_session()
    session.clear()
    return redirect("/", code=303)
