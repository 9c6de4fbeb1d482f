"""Logs are JSON lines with the request's id, and never hold a secret."""

import json

import pytest
import structlog
from visitors import a_body, an_account, sign_in

from doublerandom.logs import HIDDEN, configure_logs, hide_secrets


@pytest.fixture
def lines(capsys):
    def read():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]

    return read


@pytest.mark.parametrize(
    "name", ["password", "pin", "signing_pin", "secret", "csrf_token", "Cookie", "private", "key"]
)
def test_what_is_named_like_a_secret_is_hidden_at_any_depth(name):
    event = hide_secrets(
        None, "info", {"event": "x", "facts": [{"deep": {name: "hunter2"}}], name: "hunter2"}
    )

    assert "hunter2" not in str(event)
    assert event[name] == HIDDEN


@pytest.mark.parametrize("name", ["pinned", "keys_count", "shipping"])
def test_what_only_sounds_like_a_secret_is_shown(name):
    assert hide_secrets(None, "info", {name: 1}) == {name: 1}


def test_each_request_is_a_line_under_its_id(app, client, lines):
    app.config["SETTINGS"].testing = False
    answer = client.get("/no/such/page", headers={"X-Request-Id": "from-the-proxy"})
    app.config["SETTINGS"].testing = True

    line = lines()[-1]
    assert answer.headers["X-Request-Id"] == line["request_id"] == "from-the-proxy"
    assert (line["event"], line["method"], line["path"], line["status"]) == (
        "request",
        "GET",
        "/no/such/page",
        404,
    )


def test_an_id_that_could_break_a_log_is_replaced(client):
    assert client.get("/sign-in", headers={"X-Request-Id": "a b"}).headers["X-Request-Id"] != "a b"


def test_a_refusal_is_logged_by_its_code(client, lines):
    client.get("/lang/xx")

    assert lines()[-1]["code"] == "not_found"


def break_with(password):
    raise ValueError(len(password))


def test_a_failure_is_logged_without_the_values_of_variables(lines):
    configure_logs()
    try:
        break_with("hunter2")
    except ValueError:
        structlog.get_logger().exception("failed")

    line = lines()[-1]
    assert line["exception"][0]["exc_type"] == "ValueError"
    assert "hunter2" not in json.dumps(line)


def test_signing_in_logs_no_password(app, client, session, capsys):
    a_body(session)
    an_account(session, roles=["planner"])
    app.config["SETTINGS"].testing = False

    sign_in(client, "wang", "not the password")
    sign_in(client, "wang")

    app.config["SETTINGS"].testing = True
    told = capsys.readouterr().err
    assert "request" in told
    assert "not the password" not in told
    assert "correct horse" not in told
