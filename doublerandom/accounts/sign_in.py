"""Flask-Security wired to our accounts: it keeps the session and knows who it is; the pages are ours."""

from flask import Flask, session
from flask_security import FSQLALiteUserDatastore, Security, login_user, logout_user

from doublerandom import clock
from doublerandom.accounts.models import Role, User
from doublerandom.config import Settings, secret_from_file
from doublerandom.web import db


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


def open_session(user: User) -> None:
    """Begin a session of one working day for that person, with nothing in it from before."""
    session.clear()
    session.permanent = True
    login_user(user, remember=False, authn_via=["password"])


def close_session() -> None:
    """End the session."""
    logout_user()
    session.clear()
