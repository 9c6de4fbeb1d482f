"""Every address says who may open it, nothing is changed by GET, and every form needs its token."""

import pytest
from visitors import a_body, an_account, sign_in

from doublerandom import web
from doublerandom.accounts.core import ROLES


def rules_with_views(app):
    return [(rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]


def address(rule):
    """Some address of the rule, whatever its arguments stand for."""
    with_numbers = dict.fromkeys(rule.arguments, 1)
    built = rule.build(with_numbers) or rule.build(dict.fromkeys(rule.arguments, "1"))
    assert built is not None
    return built[1]


def test_every_address_declares_its_roles_or_that_it_is_public(app):
    undeclared = [
        rule.rule
        for rule, view in rules_with_views(app)
        if not getattr(view, "is_public", False)
        and getattr(view, "required_roles", None) is None
        and not getattr(view, "required_scope", "")
    ]

    assert undeclared == []


def test_no_address_is_both_public_and_for_roles(app):
    both = [
        rule.rule
        for rule, view in rules_with_views(app)
        if hasattr(view, "is_public") and hasattr(view, "required_roles")
    ]

    assert both == []


def test_every_role_that_an_address_asks_for_exists(app):
    asked = set().union(*(getattr(view, "required_roles", ()) for _rule, view in rules_with_views(app)))

    assert asked <= set(ROLES)


def test_an_address_is_read_by_get_or_changed_by_post_and_never_both(app):
    odd = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods - {"HEAD", "OPTIONS"} not in ({"GET"}, {"POST"})
    ]

    assert odd == []


def test_no_form_is_accepted_without_its_token(app, client):
    for rule, view in rules_with_views(app):
        if rule.rule == "/witness/add-checkpoint":
            continue  # machines hand in signed checkpoints there: no session, no cookie, nothing to forge
        if "POST" in rule.methods and not hasattr(view, "required_scope"):
            answer = client.post(address(rule), headers={"Accept": "application/json"})
            assert (answer.status_code, answer.json["error"]["code"]) == (400, "form_expired"), rule.rule


def test_an_address_for_systems_is_shut_without_a_key(app, client):
    for_systems = [rule for rule, view in rules_with_views(app) if hasattr(view, "required_scope")]
    assert for_systems

    for rule in for_systems:
        answer = client.post(address(rule), json={})
        assert (answer.status_code, answer.json["error"]["code"]) == (401, "key_needed"), rule.rule


def test_a_reader_who_is_not_signed_in_is_asked_to_and_comes_back(app, client):
    closed = [
        rule
        for rule, view in rules_with_views(app)
        if hasattr(view, "required_roles") and "GET" in rule.methods
    ]
    assert closed

    for rule in closed:
        answer = client.get(address(rule))
        assert answer.status_code == 303, rule.rule
        assert answer.location.startswith("/sign-in?next=%2F"), rule.rule


def test_a_machine_that_is_not_signed_in_is_told_so(client):
    answer = client.get("/desk", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "sign_in_needed"


def test_a_person_without_the_role_is_refused(app, client, session):
    a_body(session)
    an_account(session, roles=["administrator"])
    sign_in(client, "wang")

    for rule, view in rules_with_views(app):
        roles = getattr(view, "required_roles", frozenset())
        if roles and "administrator" not in roles and "GET" in rule.methods:
            answer = client.get(address(rule))
            assert answer.status_code == 403, rule.rule
            assert "您的账户没有此页面所需的角色" in answer.get_data(as_text=True)


def test_a_view_that_declares_nothing_stays_shut(app, client):
    app.add_url_rule("/undeclared", "undeclared", lambda: "never")

    assert client.get("/undeclared").status_code == 403


def test_a_view_for_everybody_signed_in_opens_to_any_role(app, client, session):
    a_body(session)
    an_account(session, roles=["inspector"])

    def whoever():
        return web.current_person()

    app.add_url_rule("/whoever", "whoever", web.requires()(whoever))

    sign_in(client, "wang")

    assert client.get("/whoever").get_data(as_text=True) == "WANG"


@pytest.mark.parametrize("path", ["/static/doublerandom.css", "/bootstrap/static/css/bootstrap.min.css"])
def test_static_files_are_public(client, path):
    assert client.get(path, buffered=True).status_code == 200
