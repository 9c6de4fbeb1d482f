"""The own signing key: made, its PIN changed, ended."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock, web
from doublerandom.accounts import services
from doublerandom.accounts.core import SIGNING
from doublerandom.accounts.forms.people import PinForm, SigningKeyForm
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.own_account import own
from doublerandom.ledger import keys, pins
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.errors import NoSigningKeyError, WrongPinError, WrongPinLockedError
from doublerandom.web import choices_of

SIGNERS = tuple(SIGNING)
SIGNING_NAMES = {"planner": _l("抽取承办人（计划员）"), "supervisor": _l("抽取监督人（监督员）")}
PARTS = {"operator": _l("抽取承办人"), "supervisor": _l("抽取监督人"), "party": _l("见证方")}
NAV = [web.NavLink("accounts", "accounts.signing_key", _l("签名密钥"), "pen", SIGNERS)]


@bp.get("/me/signing-key")
@web.requires(*SIGNERS, fresh=True)
def signing_key() -> ResponseReturnValue:
    """The own keys, with forms to make one and to change a PIN."""
    return _page(_key_form(), PinForm())


def _key_form() -> SigningKeyForm:
    form = SigningKeyForm()
    held = own().acting_roles
    form.role.choices = choices_of({role: name for role, name in SIGNING_NAMES.items() if role in held})
    return form


def _page(form: SigningKeyForm, pin_form: PinForm) -> str:
    now, found = clock.now(), ledger.signing_keys(web.db_session(), web.current_person())
    entries = {entry["key"]: index for index, entry in _entries([key.public_key for key in found])}
    return render_template(
        "accounts/signing_key.html",
        keys=[(key, key.until is None or key.until > now, entries.get(key.public_key)) for key in found],
        form=form,
        pin_form=pin_form,
        parts=PARTS,
    )


def _entries(public: list[str]) -> list[tuple[int, dict[str, str]]]:
    return ledger.key_entries(web.db_session(), public) if public else []


@bp.post("/me/signing-key")
@web.requires(*SIGNERS, fresh=True)
def make_signing_key() -> ResponseReturnValue:
    """Make a key; the public half enters the log, the one before it ends."""
    form = _key_form()
    if not form.carries_out(lambda: _make(form)):
        return _page(form, PinForm()), 422
    web.flash_done(_("签名密钥已生成，公钥已写入存证日志。请牢记签名密码，遗失无法找回。"))
    return redirect(url_for("accounts.signing_key"), code=303)


def _make(form: SigningKeyForm) -> None:
    services.make_signing_key(
        web.db_session(),
        web.current_person(),
        role=form.role.data,
        pin=form.agreed(),
        settings=web.settings(),
        at=clock.now(),
    )


@bp.post("/me/signing-key/<key>/pin")
@web.requires(*SIGNERS, fresh=True)
def change_pin(key: str) -> ResponseReturnValue:
    """Wrap the key under another PIN."""
    form, refusals = PinForm(), (WrongPinError, WrongPinLockedError, NoSigningKeyError)
    if not form.carries_out(lambda: _change_pin(key, form), also=refusals):
        return _page(_key_form(), form), 422
    web.flash_done(_("签名密码已更改，密钥不变。"))
    return redirect(url_for("accounts.signing_key"), code=303)


def _change_pin(key: str, form: PinForm) -> None:
    db, person, house, now = web.db_session(), web.current_person(), web.settings(), clock.now()
    new = form.agreed()
    with pins.pin_attempt(db, person, settings=house, at=now):
        keys.change_pin(db, person, key, old=form.old.data, new=new, settings=house, at=now)


@bp.post("/me/signing-key/<key>/end")
@web.requires(*SIGNERS, fresh=True)
def end_signing_key(key: str) -> ResponseReturnValue:
    """End a key: it signs no more."""
    services.end_own_key(web.db_session(), web.current_person(), key, settings=web.settings(), at=clock.now())
    web.flash_done(_("密钥已停用，之前的签名仍然有效。"))
    return redirect(url_for("accounts.signing_key"), code=303)
