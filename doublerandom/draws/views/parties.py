"""A party's own page at level C: secrets made in its browser, commitments signed, secrets handed in."""

from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import plans, queries, services
from doublerandom.draws.forms.signing import CommitmentsForm, PartyKeyForm, SecretsForm
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.desk import name_of, parties_told, plan_told
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger import queries as ledger
from doublerandom.web import Form, current_person, db_session, flash_done, requires, settings

NAV: Final[tuple[Any, ...]] = ()
HANDING_IN: Final = {DrawStatus.COMMITTED, DrawStatus.VOIDED, DrawStatus.FAILED}


def own_draw(number: str) -> Draw:
    """The draw at level C that names whoever is signed in, or DrawNotFoundError."""
    return queries.draw_of_party(db_session(), number, current_person())


@bp.get("/<number>/party")
@requires(fresh=True)
def party(number: str) -> ResponseReturnValue:
    """What a party does for a draw: its key, its commitments, later its secrets."""
    return _page(own_draw(number), PartyKeyForm(), CommitmentsForm(), SecretsForm())


def _page(draw: Draw, key_form: Form, form: Form, secrets_form: Form) -> str:
    session, person, now = db_session(), current_person(), clock.now()
    plan = queries.plan_of(draw)
    own = [entry for entry in plan["secrets"] if entry["party"] == person]
    found = [key for key in ledger.signing_keys(session, person) if key.role == "party"]
    late = draw.status is DrawStatus.PREPARED and now > draw.due - plans.LEAD
    return render_template(
        "draws/party.html",
        draw=draw,
        issuer_name=name_of(accounts.body_by_id(session, draw.body_id)),
        issuer=plan["issuer"],
        person=person,
        own_body=own[0]["body"],
        key=next(
            (key for key in found if key.body == own[0]["body"] and (key.until is None or key.until > now)),
            None,
        ),
        committed={entry["purpose"]: entry["commitment"] for entry in own if entry["commitment"]},
        stands=person not in queries.unsigned_parties(session, draw, at=draw.committed_at or now),
        handed_in=queries.handed_in(session, draw, person),
        takes_commitments=draw.status is DrawStatus.PREPARED and not late,
        takes_secrets=draw.status in HANDING_IN and not draw.result_root,
        too_late=draw.status is DrawStatus.COMMITTED and now > draw.result_by,
        deadline=draw.due - plans.LEAD,
        parties=parties_told(session, draw, plan),
        plan_rows=plan_told(session, plan, unplaced=draw.status is DrawStatus.PREPARED),
        key_form=key_form,
        form=form,
        secrets_form=secrets_form,
    )


@bp.post("/<number>/party/key")
@requires(fresh=True)
def make_party_key(number: str) -> ResponseReturnValue:
    """Make the party's signing key; its public half enters the log."""
    draw, form = own_draw(number), PartyKeyForm()
    if not form.carries_out(lambda: _make_key(draw, form), also=(DoubleRandomError,)):
        return _page(draw, form, CommitmentsForm(formdata=None), SecretsForm(formdata=None)), 422
    flash_done(_("见证方签名密钥已生成，公钥已写入存证日志。"))
    return redirect(url_for("draws.party", number=number), code=303)


def _make_key(draw: Draw, form: PartyKeyForm) -> None:
    pin, at = form.agreed(), clock.now()
    services.make_party_key(db_session(), draw, pin=pin, settings=settings(), by=current_person(), at=at)


@bp.post("/<number>/party/commitments")
@requires(fresh=True)
def submit_commitments(number: str) -> ResponseReturnValue:
    """Take the party's commitments, signed by its key."""
    draw, form = own_draw(number), CommitmentsForm()
    if not form.carries_out(lambda: _submit(draw, form), also=(DoubleRandomError,)):
        return _page(own_draw(number), PartyKeyForm(formdata=None), form, SecretsForm(formdata=None)), 422
    flash_done(_("承诺值已签署并提交。请妥善保管秘密值文件，方案写入日志后须凭它交出秘密值。"))
    return redirect(url_for("draws.party", number=number), code=303)


def _submit(draw: Draw, form: CommitmentsForm) -> None:
    services.submit_commitments(
        db_session(),
        draw,
        commitments=form.commitments(),
        pin=form.pin.data,
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


@bp.post("/<number>/party/secrets")
@requires(fresh=True)
def hand_in_secrets(number: str) -> ResponseReturnValue:
    """Take the secrets that the party committed to."""
    draw, form = own_draw(number), SecretsForm()
    if not form.carries_out(lambda: _hand_in(draw, form), also=(DoubleRandomError,)):
        empty = SecretsForm(formdata=None)
        empty.refusal = form.refusal
        for name in ("subject", "inspector"):  # what is wrong is told, the secret is not sent back
            empty[name].errors = form[name].errors
        return _page(
            own_draw(number), PartyKeyForm(formdata=None), CommitmentsForm(formdata=None), empty
        ), 422
    flash_done(_("秘密值已收下，与承诺相符，加密存放到揭示为止。"))
    return redirect(url_for("draws.party", number=number), code=303)


def _hand_in(draw: Draw, form: SecretsForm) -> None:
    services.hand_in_all(
        db_session(),
        draw,
        secrets=form.secrets(),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )
