"""The counter issues access codes to enterprises."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from doublerandom import clock
from doublerandom.accounts import access_codes as codes
from doublerandom.accounts import queries as accounts_queries
from doublerandom.registry import queries
from doublerandom.registry.errors import SubjectNotFoundError
from doublerandom.registry.forms.access_codes import AccessCodeForm
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import (
    NavLink,
    current_person,
    current_user,
    db_session,
    requires,
    settings,
)

NAV = [
    NavLink("registry", "registry.access_codes", _l("企业查询码"), "key", ("registrar",)),
]


@bp.get("/access-codes")
@requires("registrar")
def access_codes() -> ResponseReturnValue:
    """Where the counter issues access codes to enterprises."""
    return render_template("registry/access_codes.html", form=AccessCodeForm(), issued=None)


@bp.post("/access-codes")
@requires("registrar", fresh=True)
def issue_access_code() -> ResponseReturnValue:
    """Issue a code to an enterprise in sight; it is shown once, on this answer."""
    session, form = db_session(), AccessCodeForm.valid()
    notice = (form.notice.data or "").strip()
    subject = queries.subject(session, form.subject.data)
    if not subject.region.startswith(accounts_queries.sight(current_user()).region_prefix):
        raise SubjectNotFoundError(value=form.subject.data)
    issued = codes.issue_access_code(
        session,
        subject.code,
        days=settings().access_code_days,
        way=form.way.data,
        notice=notice,
        by=current_person(),
        at=clock.now(),
    )
    return render_template("registry/access_codes.html", form=None, issued=issued, subject=subject)
