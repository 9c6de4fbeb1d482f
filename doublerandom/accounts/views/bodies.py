"""The tree of bodies."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from doublerandom import web
from doublerandom.accounts import queries
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.words import LEVEL_NAMES

NAV = [
    web.NavLink(
        "accounts", "accounts.bodies", _l("机关一览"), icon="diagram-3", roles=("administrator", "auditor")
    )
]


@bp.get("/bodies")
@web.requires("administrator", "auditor")
def bodies() -> ResponseReturnValue:
    """The tree of bodies, the own one and those below it."""
    session = web.db_session()
    found = queries.bodies(session, below=queries.sight(web.current_user()).body_path)
    regions = queries.region_names(session, [body.region for body in found])
    return render_template("accounts/bodies.html", bodies=found, regions=regions, level_names=LEVEL_NAMES)
