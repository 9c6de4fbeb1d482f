"""Flask-Security wired to our accounts: who is signed in stands in our own table; the pages are ours."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_security import FSQLALiteUserDatastore, Security, login_user, logout_user

from doublerandom import clock
from doublerandom.accounts import queries, services
from doublerandom.accounts.models import Role, User
from doublerandom.accounts.services.sessions import limits
from doublerandom.config import Settings, secret_from_file
from doublerandom.ledger import trail
from doublerandom.web import SignIn, current_user, db, db_session, settings
from doublerandom.web.access import view_of_request

SEEN_EVERY = timedelta(minutes=1)
FIRST_STEP_LASTS = timedelta(minutes=10)


def init_accounts(app: Flask, house: Settings) -> None:
    """Set up who is signed in. Times are aware, and answers never tell which accounts exist."""
    app.config.update(
        SECURITY_PASSWORD_SALT=secret_from_file(house.keys_dir / "password.salt").hex(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the scheme
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_DATETIME_FACTORY=clock.now,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"username": {"mapper": str, "case_insensitive": True}}],
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_POST_LOGIN_VIEW="/desk",
        SESSION_PROTECTION="basic",
    )
    Security(app, FSQLALiteUserDatastore(db, User, Role), register_blueprint=False)
    manager: Any = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(_whoever_is_signed_in)
    manager.request_loader(_nobody)
    app.before_request(_keep_session)
    app.before_request(_act_in_place)
    app.teardown_request(_act_for_oneself)


def _nobody(_request: Any) -> None:
    """No header and no address signs anybody in."""


def _whoever_is_signed_in(uniquifier: str) -> User | None:
    """The person of the browser's sign-in, while it lasts and the account is open."""
    name, now = session.get("sign_in"), clock.now()
    found = queries.session_by_digest(db_session(), services.session_digest(name)) if name else None
    if found is None:
        return None
    row, user = found
    idle, longest = limits(settings())
    if not queries.is_live(row, at=now, idle=idle, longest=longest):
        return None
    if not user.active or user.fs_uniquifier != uniquifier:
        return None
    needing = settings().roles_with_second_factor
    must_enrol = not row.second_factor and not user.acting_roles.isdisjoint(needing)
    g.sign_in = SignIn(fresh_at=row.fresh_at, must_enrol=must_enrol)
    g.sign_in_seen_at = row.seen_at
    return user


def _keep_session() -> None:
    """Note once a minute that the sign-in is in use; nothing was read yet but who it is."""
    if current_user() is None or "sign_in_seen_at" not in g:
        return
    now = clock.now()
    if now - g.sign_in_seen_at >= SEEN_EVERY:
        services.session_seen(db_session(), present_session(), at=now)


def _act_in_place() -> None:
    """What a stand-in does by a lent role alone is on record with the person stood in for."""
    user = current_user()
    asked: frozenset[str] = getattr(view_of_request(), "required_roles", frozenset())
    if user is None or not asked or not asked.isdisjoint(user.own_roles):
        return
    lent = user.lent_roles(clock.local(clock.now()).date())
    principals = sorted(lent[role] for role in asked if role in lent)
    if principals:
        g.in_place_of = trail.act_in_place_of(principals[0])


def _act_for_oneself(_error: BaseException | None) -> None:
    if token := g.pop("in_place_of", None):
        trail.act_for_oneself_again(token)


def open_session(user: User, *, second_factor: bool = False) -> None:
    """Begin a sign-in of that person, with nothing in the browser's session from before."""
    session.clear()
    session.permanent = True
    agent = request.user_agent.string
    session["sign_in"] = services.begin_session(
        db_session(), user, second_factor=second_factor, agent=agent, at=clock.now()
    )
    login_user(user, remember=False, authn_via=["password"])


def present_session() -> str:
    """The digest of the sign-in that asks; empty for nobody."""
    name = session.get("sign_in")
    return services.session_digest(name) if name else ""


def close_session() -> None:
    """End the sign-in."""
    if digest := present_session():
        services.end_session(db_session(), digest, at=clock.now())
    logout_user()
    session.clear()


def remember_first_step(user: User, *, way: str, goal: str) -> None:
    """Keep who it is after the first step (`password` or `oidc`), until the code is typed."""
    session.clear()
    now = clock.now().isoformat()
    session["first_step"] = {"person": user.person, "way": way, "at": now, "next": goal}


def first_step() -> dict[str, str] | None:
    """Who came through the first step a short time ago: person, way, next; None for nobody."""
    step: dict[str, str] | None = session.get("first_step")
    if step is None or clock.now() - datetime.fromisoformat(step["at"]) > FIRST_STEP_LASTS:
        return None
    return step


def open_enterprise(code: str) -> None:
    """Let an enterprise in that an identity provider vouches for; it opens its own record alone."""
    session.clear()
    session["enterprise"] = {"code": code, "at": clock.now().isoformat()}


def enterprise_code() -> str:
    """The unified code of the enterprise that signed in by OIDC a short time ago; empty for none."""
    found: dict[str, str] | None = session.get("enterprise")
    if found is None:
        return ""
    lasts = timedelta(minutes=current_app.config["SETTINGS"].enterprise_minutes)
    return found["code"] if clock.now() - datetime.fromisoformat(found["at"]) <= lasts else ""
