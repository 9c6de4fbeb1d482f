"""Signing in and out."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from doublerandom import clock, web
from doublerandom.accounts import services
from doublerandom.accounts.errors import SignInLockedError, SignInRefusedError
from doublerandom.accounts.forms.sign_in import SignInForm
from doublerandom.accounts.sign_in import close_session, open_session
from doublerandom.accounts.views.blueprint import bp


@bp.get("/sign-in")
@web.public
def sign_in_page() -> ResponseReturnValue:
    """Ask who it is; whoever is signed in goes on."""
    goal = web.local_path(request.args.get("next"), otherwise="/desk")
    if web.current_user():
        return redirect(goal, code=303)
    return render_template("accounts/sign_in.html", form=SignInForm(next=goal), refusal=None)


@bp.post("/sign-in")
@web.public
def sign_in() -> ResponseReturnValue:
    """Sign in, or show the page again with the reason."""
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, refusal=None), 422
    try:
        user = services.sign_in(
            web.db_session(),
            form.username.data,
            form.password.data,
            settings=web.settings(),
            at=clock.now(),
        )
    except (SignInRefusedError, SignInLockedError) as refusal:
        return render_template("accounts/sign_in.html", form=form, refusal=refusal), refusal.status
    open_session(user)
    return redirect(web.local_path(form.next.data, otherwise="/desk"), code=303)


@bp.post("/sign-out")
@web.public
def sign_out() -> ResponseReturnValue:
    """Sign out and go to the public front page."""
    close_session()
    return redirect("/", code=303)
