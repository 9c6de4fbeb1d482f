"""A subject's record in a draw and its proof: of public pools for all, of closed ones by access code."""

import shlex
from dataclasses import asdict
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from doublerandom import clock
from doublerandom.accounts import access_codes, single_sign_on
from doublerandom.accounts.errors import WrongAccessCodeError
from doublerandom.accounts.sign_in import enterprise_code
from doublerandom.draws import checks
from doublerandom.draws import queries as draws_queries
from doublerandom.draws.errors import RecordNotFoundError
from doublerandom.draws.plans import is_closed
from doublerandom.publish import draw_pages
from doublerandom.publish.afterwards import own_fate
from doublerandom.web import Form, answers_json, db_session, public, settings

proofs = Blueprint("proofs", __name__, url_prefix="/draws/<number>")
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
    found = draws_queries.public_draw(session, number)
    form = OwnRecordForm()

    def check() -> None:
        access_codes.check_access_code(
            session, _typed(form), form.access_code.data or "", settings=settings(), at=clock.now()
        )

    if not form.carries_out(check, also=(WrongAccessCodeError,)):
        page = render_template(
            "publish/own_record_form.html",
            draw=found,
            form=form,
            by_provider=single_sign_on.for_enterprises(settings()),
        )
        return page, 403 if form.refusal else 422
    return _own_record(number, _typed(form))


def _typed(form: OwnRecordForm) -> str:
    return (form.subject.data or "").strip().upper()


@proofs.get("/proof/<code>")
@public
def proof(number: str, code: str) -> ResponseReturnValue:
    """The record of a public pool with its proof; of a closed one the enterprise itself asks."""
    found = draws_queries.public_draw(db_session(), number)
    if is_closed(draws_queries.plan_of(found)):
        return redirect(url_for("publish.own_records.ask", number=number), code=303)
    return _own_record(number, code)


@proofs.get("/proof/<code>.json")
@public
@answers_json
def proof_for_machines(number: str, code: str) -> dict[str, Any]:
    """The same for machines: record, leaf, index, size, path, root; of a closed pool there is none."""
    session = db_session()
    found = draws_queries.public_draw(session, number)
    if is_closed(draws_queries.plan_of(found)):
        raise RecordNotFoundError(draw=number, subject=code)
    return asdict(checks.own_record(session, settings(), found, code))


def _own_record(number: str, subject: str) -> str:
    """The page of one enterprise's record and proof."""
    session = db_session()
    found = draws_queries.public_draw(session, number)
    own = checks.own_record(session, settings(), found, subject)
    sealed, plain = shlex.quote(f"dr1|leaf|{own.salt}|{own.line}"), shlex.quote(own.line)
    return render_template(
        "publish/own_record.html",
        draw=found,
        own=own,
        fate=own_fate(session, found, own.record["id"]),
        leaf_line=f"printf '%s' {sealed} | sha256sum"
        if own.salt
        else f"{{ printf '\\0'; printf '%s' {plain}; }} | sha256sum",
        exclusion_names=draw_pages.EXCLUSION_NAMES,
    )
