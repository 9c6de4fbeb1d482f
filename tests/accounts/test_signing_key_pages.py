"""The own signing key on pages: made, its PIN changed, ended; the log lists it with body and role."""

import pytest
from visitors import a_body, an_account, send, sign_in

from doublerandom import clock
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.errors import NoSigningKeyError, WrongPinError
from doublerandom.ledger.keys import sign_with

PAGE = "/me/signing-key"


@pytest.fixture
def client(session, app):
    a_body(session)
    an_account(session, "li", roles=["planner"])
    client = app.test_client()
    sign_in(client, "li")
    return client


def post(client, path, **fields):
    return send(client, path, page=PAGE, **fields)


def signs(session, pin):
    session.rollback()
    return sign_with(session, "LI", pin, b"x", role="operator", at=clock.now())[0]


def test_a_key_is_made_rewrapped_ended_and_another_made(client, session):
    for wrong in ({"new": "123456"}, {"repeated": "x"}):
        fields = {"role": "planner", "new": "314159", "repeated": wrong.get("new", "314159"), **wrong}
        assert post(client, PAGE, **fields).status_code == 422, wrong
    assert post(client, PAGE, role="supervisor", new="314159", repeated="314159").status_code == 422
    assert post(client, PAGE, role="planner", new="314159", repeated="314159").location == PAGE
    key = signs(session, "314159")
    entry = ledger.entry(session, 0)
    assert (entry["person"], entry["role"], entry["body"], entry["key"]) == ("LI", "operator", "hz-scjg", key)

    wrong = post(client, f"{PAGE}/{key}/pin", old="999999", new="271828", repeated="271828")
    assert (wrong.status_code, "签名密码不正确" in wrong.get_data(as_text=True)) == (422, True)
    assert post(client, f"{PAGE}/{'0' * 64}/pin", old="1", new="271828", repeated="271828").status_code == 422
    assert post(client, f"{PAGE}/{key}/pin", old="314159", new="271828", repeated="271828").location == PAGE
    assert signs(session, "271828") == key
    with pytest.raises(WrongPinError):
        signs(session, "314159")

    assert post(client, PAGE, role="planner", new="161803", repeated="161803").location == PAGE
    other = signs(session, "161803")
    listed = [(row["key"], "until" in row) for row in ledger.entries(session)]
    assert listed == [(key, False), (key, True), (other, False)]
    assert post(client, f"{PAGE}/{other}/end").location == PAGE
    with pytest.raises(NoSigningKeyError):
        signs(session, "161803")
    assert post(client, f"{PAGE}/{other}/end").status_code == 404
    page = client.get(PAGE).get_data(as_text=True)
    assert page.count("已停用") == 2


def test_who_signs_nothing_has_no_such_page(app, session, client):
    an_account(session, "qi", roles=["registrar"])
    other = app.test_client()
    sign_in(other, "qi")

    assert other.get(PAGE).status_code == 403
