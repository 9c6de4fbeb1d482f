"""The whole URL map, walked by every role, by nobody and by an enterprise: the guard answers as declared."""

import functools
import shutil

import pytest
from flask import g
from sqlmodel import Session
from visitors import a_body, an_account, sign_in
from werkzeug.routing import AnyConverter, IntegerConverter

from doublerandom import clock
from doublerandom.accounts.core import ROLES
from doublerandom.app import create_app
from doublerandom.db import make_engine
from doublerandom.web import db

OPENED = "opened"
ABOUT_ONESELF = ("/me", "/sign-in/again", "/desk")
PAGES_OF_KEYS = ("sign", "party", "void/", "reveal", "replacements/confirmation")
OF_ONES_OWN = ("/me", "/registry/subjects/filters")  # one's own account, one's own kept filters


@pytest.fixture(scope="module")
def walked(sqlite_template, tmp_path_factory):
    """One site whose views are replaced by a word, with one person for each role; the rest is real."""
    from doublerandom.config import Settings

    folder = tmp_path_factory.mktemp("walk")
    shutil.copy(sqlite_template, folder / "walk.db")
    facts = {"database_url": f"sqlite:///{folder / 'walk.db'}", "second_factor_roles": "", "testing": True}
    house = Settings(data_dir=folder / "data", _env_file=None, **facts)
    engine = make_engine(house.resolved_database_url)
    with Session(engine) as session:
        a_body(session)
        for role in ROLES:
            an_account(session, role.replace("_", "-"), roles=[role], person=role)
    engine.dispose()
    app = create_app(house)
    kept = dict(app.view_functions)
    clients = {role: app.test_client() for role in ROLES}
    for role, client in clients.items():
        sign_in(client, role.replace("_", "-"))
    for endpoint, view in kept.items():
        app.view_functions[endpoint] = functools.wraps(view)(lambda **_arguments: OPENED)
    app.config["WTF_CSRF_ENABLED"] = False
    clients["nobody"], clients["enterprise"] = app.test_client(), app.test_client()
    with clients["enterprise"].session_transaction() as session:
        session["enterprise"] = {"code": "91330106MA2CDEFG0X", "at": clock.now().isoformat()}
    yield app, clients
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def rules(app):
    """Each rule with its view and an address of it."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        yield rule, view, rule.build({name: some_value(rule._converters[name]) for name in rule.arguments})[1]


def some_value(converter):
    """Something that the argument may be."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "1"


def expected(view, role):
    """What the view declares for that visitor: the answer's status."""
    if getattr(view, "is_public", False):
        return 200
    if role in {"nobody", "enterprise"} or hasattr(view, "required_scope"):
        return 401
    return 200 if not view.required_roles or role in view.required_roles else 403


@pytest.mark.parametrize("role", [*ROLES, "nobody", "enterprise"])
def test_every_address_answers_every_role_as_it_declares(walked, role):
    app, clients = walked
    wrong = []
    for rule, view, address in rules(app):
        method = "POST" if "POST" in rule.methods else "GET"
        answer = clients[role].open(address, method=method, headers={"Accept": "application/json"})
        if answer.status_code != expected(view, role):
            wrong.append((rule.rule, method, answer.status_code, expected(view, role)))

    assert wrong == []


def declared(app):
    return [(rule, getattr(view, "required_roles", None)) for rule, view, _address in rules(app)]


def test_an_auditor_changes_nothing_but_the_own_account(walked):
    changing = [
        rule.rule
        for rule, roles in declared(walked[0])
        if roles and "POST" in rule.methods and "auditor" in roles and not rule.rule.startswith(OF_ONES_OWN)
    ]

    assert changing == []


def test_an_administrator_reaches_no_draw_and_no_result_but_the_alarms_of_the_worker_they_run(walked):
    rooms = ("draws", "inspect", "credit", "publish")
    reached = [
        rule.rule
        for rule, roles in declared(walked[0])
        if roles and "administrator" in roles and rule.endpoint.split(".")[0] in rooms
    ]

    assert reached == ["/desk/draws/alarms"]  # whether the worker runs, and public numbers of draws


def test_what_every_role_may_change_is_about_oneself(walked):
    open_to_all = [rule.rule for rule, roles in declared(walked[0]) if roles == frozenset()]

    assert [rule for rule in open_to_all if not rule.startswith(ABOUT_ONESELF)] == []


def test_what_signs_or_grants_asks_again_who_it_is(walked):
    granting = ("/people/new", "/people/<person>/", "/role-requests", "/stand-ins", "/me/signing-key")
    granting += tuple(f"/desk/draws/<number>/{page}" for page in PAGES_OF_KEYS)
    stale = [
        rule.rule
        for rule, view, _address in rules(walked[0])
        if rule.rule.startswith(granting) and not view.needs_fresh and not rule.rule.endswith("/sessions/end")
    ]

    assert stale == []


def test_before_a_second_factor_is_enrolled_only_the_own_account_opens(walked):
    early = [rule.rule for rule, view, _address in rules(walked[0]) if getattr(view, "opens_early", False)]

    assert early
    assert [rule for rule in early if not rule.startswith(("/me", "/sign-in/again"))] == []


def test_the_guard_looks_at_the_sign_in_of_this_request_alone(walked):
    app, clients = walked
    with clients["planner"] as client:
        client.get("/desk")
        assert not g.sign_in.must_enrol
    assert clients["nobody"].get("/desk").status_code == 303
    assert app.view_functions["accounts.desk"].required_roles == frozenset()
