"""People who use the site in tests: bodies and accounts, signing in, sending forms as browsers do."""

import re
from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from doublerandom.accounts import services
from doublerandom.accounts.models import Body, User

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def a_body(session: Session, token: str = "hz-scjg", **facts: str) -> Body:
    """A market regulator of a city."""
    known = {"name": f"机关{token}", "line": "scjg", "level": "city", "region": "330100"}
    return services.create_body(session, token=token, **{**known, **facts}, by="system", at=NOON)


def an_account(
    session: Session, username: str = "wang", *, roles: list[str], body: str = "hz-scjg", **facts: str
) -> User:
    """An account whose password is PASSWORD; its person is the user name in capitals."""
    known = {"name": f"{username}某", "person": username.upper(), "password": PASSWORD}
    return services.create_user(
        session, username=username, body_token=body, roles=roles, **{**known, **facts}, by="system", at=NOON
    )


def csrf_token(client: FlaskClient, page: str = "/sign-in") -> str:
    """The token in a page's form."""
    found = TOKEN.search(client.get(page).get_data(as_text=True))
    assert found, f"{page} holds no form"
    return found[1]


def send(client: FlaskClient, address: str, page: str | None = None, **fields: str) -> TestResponse:
    """Send a form as it stands on `page` (by default one that everybody who is signed in sees)."""
    return client.post(address, data={"csrf_token": csrf_token(client, page or "/me"), **fields})


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Send the sign-in form."""
    return send(client, "/sign-in", page="/sign-in", username=username, password=password, **fields)
