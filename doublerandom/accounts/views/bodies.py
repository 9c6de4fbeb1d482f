"""The tree of bodies, and the form that adds one."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock, web
from doublerandom.accounts import queries, services
from doublerandom.accounts.errors import BodyExistsError, UnknownBodyError
from doublerandom.accounts.forms.people import BodyForm
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.own_account import own
from doublerandom.accounts.words import LEVEL_NAMES, POOL_NAMES
from doublerandom.dr1.errors import ProtocolError
from doublerandom.errors import InvalidInputError
from doublerandom.web import choices_of

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
    found = queries.bodies(session, below=queries.sight(own()).body_path)
    regions = queries.region_names(session, [body.region for body in found])
    if kind := web.wanted_format():
        header = [_("名称"), _("代号"), _("层级"), _("区划"), _("负责人"), _("名录范围")]
        rows = (
            (b.name, b.token, str(LEVEL_NAMES[b.level]), b.region, b.head, str(POOL_NAMES[b.pool]))
            for b in found
        )
        return web.list_file(_("机关一览"), header, rows, kind=kind)
    depth = {body.id: body.path.count("/") for body in found}
    top = min(depth.values(), default=1)
    return render_template(
        "accounts/bodies.html",
        bodies=found,
        regions=regions,
        level_names=LEVEL_NAMES,
        pool_names=POOL_NAMES,
        depth={key: value - top for key, value in depth.items()},
    )


def _form() -> BodyForm:
    form = BodyForm()
    found = queries.bodies(web.db_session(), below=queries.sight(own()).body_path)
    form.parent.choices = choices_of({body.token: body.name for body in found})
    return form


@bp.get("/bodies/new")
@web.requires("administrator")
def new_body() -> ResponseReturnValue:
    """Where a body or department enters the tree, below one in sight."""
    return render_template("accounts/body_new.html", form=_form())


@bp.post("/bodies/new")
@web.requires("administrator")
def create_body() -> ResponseReturnValue:
    """Put a body into the tree."""
    form = _form()
    if not form.carries_out(lambda: _create(form), also=(BodyExistsError, UnknownBodyError)):
        return render_template("accounts/body_new.html", form=form), 422
    web.flash_done(_("机关已加入。"))
    return redirect(url_for("accounts.bodies"), code=303)


def _create(form: BodyForm) -> None:
    try:
        services.create_body(
            web.db_session(),
            token=form.token.data.strip(),
            name=form.name.data.strip(),
            name_en=form.name_en.data or "",
            line=form.line.data.strip(),
            level=form.level.data,
            region=form.region.data.strip(),
            head=form.head.data or "",
            pool=form.pool.data,
            parent_token=form.parent.data,
            by=web.current_person(),
            at=clock.now(),
        )
    except ProtocolError as error:
        raise InvalidInputError(**error.params) from error
