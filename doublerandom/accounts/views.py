"""Pages of accounts: signing in and out, the desk, the own account, and the accounts of a body."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from doublerandom import clock, web
from doublerandom.accounts import queries, services
from doublerandom.accounts.errors import SignInLockedError, SignInRefusedError
from doublerandom.accounts.forms import SignInForm
from doublerandom.accounts.sign_in import close_session, open_session

bp = Blueprint("accounts", __name__)
PAGE_ROWS = 100

NAV = (
    web.NavLink("accounts", "accounts.people", _l("账户"), icon="people", roles=("administrator",)),
    web.NavLink(
        "accounts", "accounts.bodies", _l("机关一览"), icon="diagram-3", roles=("administrator", "auditor")
    ),
)

ROLE_NAMES = {
    "registrar": _l("名录管理员"),
    "planner": _l("计划员"),
    "supervisor": _l("监督员"),
    "head": _l("负责人"),
    "inspector": _l("执法检查员"),
    "reviewer": _l("审核员"),
    "credit_officer": _l("信用管理员"),
    "overseer": _l("电子监察员"),
    "auditor": _l("审计员"),
    "administrator": _l("系统管理员"),
}
LEVEL_NAMES = {"province": _l("省级"), "city": _l("市级"), "county": _l("县级")}


@bp.get("/sign-in")
@web.public
def sign_in_page() -> ResponseReturnValue:
    """Ask who it is; whoever is signed in goes on."""
    goal = web.local_path(request.args.get("next"), otherwise="/desk")
    if web.current_user():
        return redirect(goal, code=303)
    return render_template("accounts/sign_in.html", form=SignInForm(next=goal), refusal=None)


@bp.post("/sign-in")
@web.public
def sign_in() -> ResponseReturnValue:
    """Sign in, or show the page again with the reason."""
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, refusal=None), 422
    try:
        user = services.sign_in(
            web.db_session(),
            form.username.data,
            form.password.data,
            settings=web.settings(),
            at=clock.now(),
        )
    except (SignInRefusedError, SignInLockedError) as refusal:
        return render_template("accounts/sign_in.html", form=form, refusal=refusal), refusal.status
    open_session(user)
    return redirect(web.local_path(form.next.data, otherwise="/desk"), code=303)


@bp.post("/sign-out")
@web.public
def sign_out() -> ResponseReturnValue:
    """Sign out and go to the public front page."""
    close_session()
    return redirect("/", code=303)


@bp.get("/desk")
@web.requires()
def desk() -> ResponseReturnValue:
    """What needs you today, by deadline."""
    return render_template("accounts/desk.html", due=due_today())


def due_today() -> list[web.DueItem]:
    """What waits for whoever is signed in, out of all rooms, the earliest deadline first."""
    session, user = web.db_session(), web.current_user()
    found: list[web.DueItem] = []
    for provider in current_app.config["DUE_PROVIDERS"]:
        items: Iterable[web.DueItem] = provider(session, user)
        found.extend(items)
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda item: (item.deadline or never, item.room, item.url))


@bp.get("/me")
@web.requires()
def me() -> ResponseReturnValue:
    """The own account: body, roles, certificate."""
    return render_template("accounts/me.html", role_names=ROLE_NAMES)


@bp.get("/people")
@web.requires("administrator")
def people() -> ResponseReturnValue:
    """Accounts of the own body and those below it."""
    sight = queries.sight(web.current_user())
    after = request.args.get("after", "")
    rows = queries.people_of(web.db_session(), sight.body_path, after=after, limit=PAGE_ROWS + 1)
    page = web.Page.cut(rows, PAGE_ROWS, key=lambda user: user.username)
    return render_template("accounts/people.html", page=page, role_names=ROLE_NAMES)


@bp.get("/bodies")
@web.requires("administrator", "auditor")
def bodies() -> ResponseReturnValue:
    """The tree of bodies, the own one and those below it."""
    session = web.db_session()
    found = queries.bodies(session, below=queries.sight(web.current_user()).body_path)
    regions = queries.region_names(session, [body.region for body in found])
    return render_template("accounts/bodies.html", bodies=found, regions=regions, level_names=LEVEL_NAMES)
