"""An enterprise comes in by OIDC: to its own record and nothing else."""

from flask import redirect, request, session
from flask.typing import ResponseReturnValue

from doublerandom import web
from doublerandom.accounts import single_sign_on
from doublerandom.accounts.views import sign_on
from doublerandom.accounts.views.blueprint import bp
from doublerandom.errors import NotFoundError


@bp.get("/enterprise/sign-in")
@web.public
def enterprise_sign_in() -> ResponseReturnValue:
    """Send an enterprise to the identity provider, and back to the page it came from."""
    if not single_sign_on.for_enterprises(web.settings()):
        raise NotFoundError
    return sign_on.begin("enterprise", web.local_path(request.args.get("next")))


@bp.post("/enterprise/sign-out")
@web.public
def enterprise_sign_out() -> ResponseReturnValue:
    """End the enterprise's visit."""
    session.clear()
    return redirect("/", code=303)
