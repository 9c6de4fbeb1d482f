"""Keys of other authorities' systems: issued and ended by the administrator."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock, web
from doublerandom.accounts import api_keys as keys
from doublerandom.accounts import queries
from doublerandom.accounts.errors import UnknownApiKeyError
from doublerandom.accounts.forms.api_keys import ApiKeyForm
from doublerandom.accounts.views.blueprint import bp

NAV = [
    web.NavLink(
        "accounts", "accounts.api_keys", _l("接口密钥"), icon="key", roles=("administrator", "auditor")
    )
]
SCOPE_NAMES = {"licences:write": _l("推送许可"), "visits:write": _l("推送检查记录")}


def _form() -> ApiKeyForm:
    form = ApiKeyForm()
    bodies = queries.bodies(web.db_session(), below=queries.sight(web.current_user()).body_path)
    form.body.choices = [(row.token, row.name) for row in bodies]
    form.scopes.choices = web.choices_of(SCOPE_NAMES)
    return form


def _page(form: ApiKeyForm, issued: str = "") -> str:
    session = web.db_session()
    rows = keys.api_keys(session, below=queries.sight(web.current_user()).body_path)
    return render_template(
        "accounts/api_keys.html",
        rows=rows,
        bodies=queries.body_names(session),
        scope_names=SCOPE_NAMES,
        form=form,
        issued=issued,
        may_issue=web.has_role("administrator"),
    )


@bp.get("/api-keys")
@web.requires("administrator", "auditor")
def api_keys() -> ResponseReturnValue:
    """The keys that speak for bodies in sight."""
    return _page(_form())


@bp.post("/api-keys")
@web.requires("administrator", fresh=True)
def issue_api_key() -> ResponseReturnValue:
    """Issue a key; it is shown once, on this answer."""
    form, shown = _form(), []

    def command() -> None:
        shown.append(
            keys.issue_api_key(
                web.db_session(),
                name=form.name.data,
                scopes=form.scopes.data,
                body_token=form.body.data,
                days=form.days.data,
                by=web.current_person(),
                at=clock.now(),
            )
        )

    if not form.carries_out(command):
        return _page(form), 422
    return _page(_form(), issued=shown[0])


@bp.post("/api-keys/<int:key_id>/end")
@web.requires("administrator", fresh=True)
def end_api_key(key_id: int) -> ResponseReturnValue:
    """End a key at once."""
    session = web.db_session()
    below = queries.sight(web.current_user()).body_path
    if key_id not in {row.id for row in keys.api_keys(session, below=below)}:
        raise UnknownApiKeyError(value=key_id)
    keys.end_api_key(session, key_id, by=web.current_person(), at=clock.now())
    web.flash_done(_("密钥已停用，出示它的系统不能再调用接口。"))
    return redirect(url_for("accounts.api_keys"), code=303)
