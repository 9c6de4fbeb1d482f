"""What an enterprise gets of a draw for itself with its access code: its record and the proof."""

import shlex

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from doublerandom import clock
from doublerandom.accounts import access_codes, single_sign_on
from doublerandom.accounts.sign_in import enterprise_code
from doublerandom.draws import checks
from doublerandom.draws import queries as draws_queries
from doublerandom.publish import draw_pages
from doublerandom.web import Form, db_session, public, settings

bp = Blueprint("own_records", __name__, url_prefix="/draws/<number>/own-record")


class OwnRecordForm(Form):
    """Who asks: the enterprise's code, and the access code it got at the counter."""

    subject = StringField(_l("统一社会信用代码"), validators=[InputRequired(), Length(max=31)])
    access_code = StringField(_l("查询码"), validators=[InputRequired(), Length(max=40)])


@bp.get("")
@public
def ask(number: str) -> ResponseReturnValue:
    """The own record of an enterprise that signed in; else where it types its codes."""
    session = db_session()
    found = draws_queries.public_draw(session, number)
    if subject := enterprise_code():
        access_codes.record_opened_by_provider(session, subject, at=clock.now())
        return _own_record(number, subject)
    by_provider = single_sign_on.for_enterprises(settings())
    return render_template(
        "publish/own_record_form.html", draw=found, form=OwnRecordForm(), by_provider=by_provider
    )


@bp.post("")
@public
def show(number: str) -> ResponseReturnValue:
    """The enterprise's own record with its proof; nobody else's."""
    session = db_session()
    draws_queries.public_draw(session, number)
    form = OwnRecordForm.valid()
    subject = form.subject.data.strip().upper()
    access_codes.check_access_code(
        session, subject, form.access_code.data, settings=settings(), at=clock.now()
    )
    return _own_record(number, subject)


def _own_record(number: str, subject: str) -> str:
    """The page of one enterprise's record and proof."""
    session = db_session()
    found = draws_queries.public_draw(session, number)
    own = checks.own_record(session, settings(), found, subject)
    leaf = shlex.quote(f"dr1|leaf|{own.salt}|{own.line}")
    return render_template(
        "publish/own_record.html",
        draw=found,
        own=own,
        leaf_line=f"printf '%s' {leaf} | sha256sum" if own.salt else "",
        exclusion_names=draw_pages.EXCLUSION_NAMES,
    )
