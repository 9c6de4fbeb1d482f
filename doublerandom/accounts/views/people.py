"""The accounts of a body."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from doublerandom import web
from doublerandom.accounts import queries
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.words import ROLE_NAMES

PAGE_ROWS = 100
NAV = [web.NavLink("accounts", "accounts.people", _l("账户"), icon="people", roles=("administrator",))]


@bp.get("/people")
@web.requires("administrator")
def people() -> ResponseReturnValue:
    """Accounts of the own body and those below it."""
    sight = queries.sight(web.current_user())
    after = request.args.get("after", "")
    rows = queries.people_of(web.db_session(), sight.body_path, after=after, limit=PAGE_ROWS + 1)
    page = web.Page.cut(rows, PAGE_ROWS, key=lambda user: user.username)
    return render_template("accounts/people.html", page=page, role_names=ROLE_NAMES)
