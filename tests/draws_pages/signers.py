"""The city's signers at their desk: accounts for who signs, a body outside, what pages say."""

import html
import re
from typing import Any

from draws.a_city import City
from flask import Flask
from flask.testing import FlaskClient
from visitors import an_account, sign_in
from werkzeug.test import TestResponse

from doublerandom.accounts.services import create_body

MARKUP = re.compile(r"<[^>]+>")
SPACE = re.compile(r"\s+")


def text(answer: TestResponse) -> str:
    """What a page says, as a person reads it, blanks and line ends alike."""
    return SPACE.sub(" ", html.unescape(MARKUP.sub("", answer.get_data(as_text=True))))


def signed_in(app: Flask, city: City, person: str, *roles: str, **facts: Any) -> FlaskClient:
    """A browser of somebody with an account in the city's body."""
    an_account(city.session, person, person=person, roles=list(roles), **facts)
    client = app.test_client()
    sign_in(client, person)
    return client


def another_body(city: City, token: str, **facts: Any) -> None:
    """A body that is no superior of the city's."""
    known = {"name": f"机关{token}", "line": "scjg", "level": "city", "region": "330200"}
    create_body(city.session, token=token, **{**known, **facts}, by="admin", at=city.body.created_at)


def anew(city: City) -> City:
    """The city as the database holds it now."""
    city.session.rollback()
    city.session.expire_all()
    return city
