"""The own account: password, second factor, recovery codes, sign-ins, signing key."""

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock, web
from doublerandom.accounts import queries, services, totp
from doublerandom.accounts.forms.sign_in import ChangePasswordForm, CodeForm
from doublerandom.accounts.models import User
from doublerandom.accounts.services.sessions import limits
from doublerandom.accounts.sign_in import present_session
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.words import ROLE_NAMES
from doublerandom.documents.qr import qr_svg
from doublerandom.ledger.vault import Vault


def own() -> User:
    """Whoever is signed in, as a row."""
    user = web.current_user()
    assert isinstance(user, User)
    return user


@bp.get("/me")
@web.requires(early=True)
def me() -> ResponseReturnValue:
    """The own account: body, roles, certificate, and the way to all that can be set."""
    db, user = web.db_session(), own()
    today = clock.local(clock.now()).date()
    idle, _longest = limits(web.settings())
    assert user.body is not None
    return render_template(
        "accounts/me.html",
        role_names=ROLE_NAMES,
        factor=queries.second_factor(db, user.id),
        codes_left=len(queries.recovery_codes_left(db, user.id)),
        sessions=queries.sessions_of(db, user.id, seen_after=clock.now() - idle),
        here=present_session(),
        stand_ins=queries.stand_ins(db, user.body.path, person_id=user.id, on=today),
    )


@bp.get("/me/password")
@web.requires(early=True)
def password_page() -> ResponseReturnValue:
    """Where the password is changed."""
    return render_template("accounts/password.html", form=ChangePasswordForm())


@bp.post("/me/password")
@web.requires(early=True)
def change_password() -> ResponseReturnValue:
    """Change the password; every other sign-in ends."""
    form = ChangePasswordForm()
    if not form.carries_out(lambda: _change_password(form)):
        return render_template("accounts/password.html", form=form), 422
    web.flash_done(_("密码已更改，其他设备上的登录已结束。"))
    return redirect(url_for("accounts.me"), code=303)


def _change_password(form: ChangePasswordForm) -> None:
    services.change_password(
        web.db_session(),
        web.current_person(),
        present=form.present.data,
        new=form.agreed(),
        settings=web.settings(),
        at=clock.now(),
        keep=present_session(),
    )


@bp.get("/me/second-factor")
@web.requires(early=True)
def second_factor_page() -> ResponseReturnValue:
    """The QR code and the key to type, to be confirmed by a first code."""
    web.needs_fresh_sign_in()
    return _second_factor_page(CodeForm())


def _second_factor_page(form: CodeForm) -> str:
    user, secret = own(), _enrolling()
    address = totp.enrolment_address(secret, account=user.username, issuer=_("双随机"))
    return render_template(
        "accounts/second_factor.html",
        form=form,
        factor=queries.second_factor(web.db_session(), user.id),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        qr=qr_svg(address),
        must_enrol=web.must_enrol(),
    )


def _enrolling() -> str:
    """The secret that is being enrolled; until it is confirmed it stays, sealed, in the browser's session."""
    vault, context = Vault(web.settings()), f"enrolling|{own().person}"
    if "enrolling" not in session:
        session["enrolling"] = vault.seal(totp.new_secret().encode(), context)
    return vault.open(session["enrolling"], context).decode()


@bp.post("/me/second-factor")
@web.requires(early=True)
def enrol_second_factor() -> ResponseReturnValue:
    """Keep the authenticator whose first code was typed, and show the recovery codes once."""
    web.needs_fresh_sign_in()
    form, codes = CodeForm(), []
    if not form.carries_out(lambda: codes.extend(_enrol(form))):
        return _second_factor_page(form), 422
    session.pop("enrolling", None)
    services.session_proved(web.db_session(), present_session(), at=clock.now(), second_factor=True)
    return render_template("accounts/recovery_codes.html", codes=codes, enrolled=True)


def _enrol(form: CodeForm) -> list[str]:
    return services.enrol_second_factor(
        web.db_session(),
        web.current_person(),
        _enrolling(),
        form.code.data,
        settings=web.settings(),
        at=clock.now(),
        keep=present_session(),
    )


@bp.post("/me/recovery-codes")
@web.requires(fresh=True)
def make_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them once; those before end."""
    codes = services.make_recovery_codes(web.db_session(), web.current_person(), at=clock.now())
    return render_template("accounts/recovery_codes.html", codes=codes, enrolled=False)


@bp.post("/me/sessions/end")
@web.requires(early=True)
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    person = web.current_person()
    count = services.end_sessions(
        web.db_session(), own(), reason="by its person", by=person, at=clock.now(), keep=present_session()
    )
    web.flash_done(_("已结束 %(n)s 处其他登录。", n=count))
    return redirect(url_for("accounts.me"), code=303)


@bp.post("/me/sessions/<int:session_id>/end")
@web.requires(early=True)
def end_one_session(session_id: int) -> ResponseReturnValue:
    """Sign out at one other place."""
    services.end_session_of(web.db_session(), own(), session_id, by=web.current_person(), at=clock.now())
    web.flash_done(_("该处登录已结束。"))
    return redirect(url_for("accounts.me"), code=303)
