"""Whoever belongs to another county sees nothing of this one: pages answer 404, lists stay empty."""

import re

import pytest
from publish.staff import text
from visitors import a_body, an_account, sign_in

pytestmark = pytest.mark.usefixtures("today")
LISTS = (
    *("/people", "/bodies", "/role-requests", "/conflicts/review", "/reviews", "/credit", "/stand-ins"),
    *("/registry/subjects", "/registry/inspectors", "/registry/teams", "/registry/visits"),
)
ROLES = ("registrar", "planner", "head", "reviewer", "credit_officer", "overseer", "administrator", "auditor")


@pytest.fixture
def strangers(results, app):
    """One person of each desk role in a city next door, signed in."""
    a_body(results.session, "nb-scjg", region="330200")
    clients = {}
    for role in ROLES:
        an_account(results.session, f"far-{role.replace('_', '-')}", roles=[role], body="nb-scjg")
        clients[role] = app.test_client()
        sign_in(clients[role], f"far-{role.replace('_', '-')}")
    return clients


def test_lists_of_others_hold_nothing_of_this_city(results, app, strangers):
    subjects = set(results.city.codes)
    for role, client in strangers.items():
        for path in LISTS:
            answer = client.get(path)
            assert answer.status_code in {200, 403, 404}, (role, path)
            shown = set(re.findall(r"[0-9A-Z]{8,18}", text(answer))) if answer.status_code == 200 else set()
            assert not shown & subjects, (role, path)
            assert "第1号餐馆" not in text(answer), (role, path)


def test_records_of_others_are_not_there(results, app, strangers):
    an_account(results.session, "own", roles=["registrar"])
    code = results.city.codes[1]
    paths = {
        "administrator": ["/people/OWN"],
        "registrar": [f"/registry/subjects/{code}"],
        "head": [f"/registry/subjects/{code}"],
        "auditor": [f"/registry/subjects/{code}"],
        "reviewer": [f"/reviews/{number}" for number in (1, 2)],
        "credit_officer": ["/credit/1"],
    }
    for role, addresses in paths.items():
        for address in addresses:
            assert strangers[role].get(address).status_code in {403, 404}, (role, address)
