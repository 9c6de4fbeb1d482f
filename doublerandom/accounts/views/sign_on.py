"""Signing in by an identity provider (OIDC), for staff and for enterprises."""

from typing import Any

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from doublerandom import clock, web
from doublerandom.accounts import access_codes, services, single_sign_on
from doublerandom.accounts.errors import (
    NoAccountForSignOnError,
    NotAnEnterpriseError,
    SingleSignOnError,
    SingleSignOnUnavailableError,
)
from doublerandom.accounts.forms.sign_in import SignInForm
from doublerandom.accounts.sign_in import open_enterprise, open_session
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.signing_in import go_on, sign_in_form
from doublerandom.errors import NotFoundError

REFUSALS = (SingleSignOnError, SingleSignOnUnavailableError, NoAccountForSignOnError)


@bp.get("/sign-in/sso")
@web.public
def sign_on() -> ResponseReturnValue:
    """Send a member of staff to the identity provider."""
    if not single_sign_on.is_offered(web.settings()):
        raise NotFoundError
    return begin("staff", web.local_path(request.args.get("next"), otherwise="/desk"))


def begin(kind: str, goal: str) -> ResponseReturnValue:
    """Remember who began and where to go on, and send the browser away."""
    session["sign_on"] = {"kind": kind, "next": goal}
    try:
        answer: ResponseReturnValue = single_sign_on.redirection(web.settings(), _callback())
    except SingleSignOnUnavailableError as refusal:
        if kind == "enterprise":
            raise
        return sign_in_form(SignInForm(next=goal), refusal), refusal.status
    return answer


def _callback() -> str:
    return web.outside_url(url_for("accounts.signed_on"))


@bp.get("/sign-in/sso/callback")
@web.public
def signed_on() -> ResponseReturnValue:
    """Whom the identity provider vouches for: a member of staff with an account, or an enterprise."""
    if not single_sign_on.is_offered(web.settings()):
        raise NotFoundError
    begun: dict[str, str] = session.pop("sign_on", None) or {}
    goal = web.local_path(begun.get("next"), otherwise="/desk")
    if begun.get("kind") == "enterprise":
        return _enterprise(single_sign_on.claims(web.settings(), at=clock.now()), goal)
    try:
        return _member_of_staff(single_sign_on.claims(web.settings(), at=clock.now()), goal)
    except REFUSALS as refusal:
        return sign_in_form(SignInForm(next=goal), refusal), refusal.status


def _member_of_staff(said: dict[str, Any], goal: str) -> ResponseReturnValue:
    """Signed in where the provider showed a second factor that counts; else as after a password."""
    house = web.settings()
    shown = single_sign_on.shows_second_factor(said, house)
    claim = str(said.get(house.oidc_claim, ""))
    user = services.sign_in_by_claim(web.db_session(), claim, second_factor=shown, at=clock.now())
    if not shown:
        return go_on(user, way="oidc", goal=goal)
    open_session(user, second_factor=True)
    return redirect(goal, code=303)


def _enterprise(said: dict[str, Any], goal: str) -> ResponseReturnValue:
    """The enterprise's own records, under the code that the provider vouches for."""
    code = access_codes.plain_uscc(str(said.get(web.settings().oidc_enterprise_claim, "")))
    if not code:
        raise NotAnEnterpriseError
    open_enterprise(code)
    return redirect(goal, code=303)
