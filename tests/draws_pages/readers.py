"""
Everybody who reads a site, and all that can be asked of it: every address of the URL map, filled in.

An answer is a text: archives and workbooks are opened; of papers the values are read that they print. Roles
that an address refuses are not asked again here: that walk is made in tests/web.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from draws_pages.two_worlds import DRAWN, ON_THE_TEAM, World
from flask import Flask
from flask.testing import FlaskClient
from visitors import sign_in
from werkzeug.routing import AnyConverter, IntegerConverter, Rule
from werkzeug.test import TestResponse

from doublerandom import clock
from doublerandom.accounts.core import ROLES

ENDPOINTS_WITHOUT_DATA = {"static", "bootstrap.static", "languages.switch", "registry.api_docs_part"}
LIST_FILE = re.compile(r'href="([^"]*[?&](?:amp;)?format=(?:csv|xlsx)[^"]*)"')
OWN_TASKS = ("inspector", "outside")
ABOUT_ONESELF = ("/me", "/sign-in/again", "/stand-ins")
"""Pages that say the same to every role: planners and inspectors read them."""


@dataclass(frozen=True)
class Asked:
    """An address as somebody asks for it."""

    who: str
    rule: str
    address: str
    is_file: bool = False


@dataclass(frozen=True)
class Fillings:
    """What stands in addresses, the same in both worlds."""

    codes: tuple[str, ...]
    """Subjects: one drawn here alone, one drawn there alone, and more."""
    first: int
    """Number of the first entry of the public log that the two do not share."""
    size: int
    """Of the public log."""
    asked_about: tuple[str, ...]
    """Draws of which it is asked who was drawn: an open and a closed one."""
    requests: dict[str, list[int]]
    """Requests to replace, by draw."""


def readers(app: Flask, fillings: Fillings) -> dict[str, FlaskClient]:
    """One signed-in browser for each role, one of an inspector without tasks, of nobody, of an enterprise."""
    clients = {role: app.test_client() for role in (*ROLES, "outside", "nobody", "enterprise")}
    for name in (*ROLES, "outside"):
        assert sign_in(clients[name], name.replace("_", "-")).status_code == 303
    with clients["enterprise"].session_transaction() as session:
        session["enterprise"] = {"code": fillings.codes[0], "at": clock.now().isoformat()}
    return clients


def questions(app: Flask, world: World, fillings: Fillings, *, all_roles: bool) -> Iterator[Asked]:
    """Every GET of the URL map, filled in, by each role that may ask it (or one of them and inspectors)."""
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in ENDPOINTS_WITHOUT_DATA:
            continue
        for n, who in enumerate(_allowed(app, rule)):
            if n and not all_roles and who not in (*OWN_TASKS, "enterprise"):
                continue
            for filled in _filled(rule, world, fillings, every=n == 0):
                address = rule.build(filled)[1]
                yield Asked(who, rule.rule, address)
                for query in _queries(rule.rule, filled, fillings) if n == 0 else ():
                    yield Asked(who, rule.rule, f"{address}?{query}")


def _allowed(app: Flask, rule: Rule) -> list[str]:
    """Who may open an address: of public ones nobody in particular, and an enterprise its own record."""
    view = app.view_functions[rule.endpoint]
    if getattr(view, "is_public", False):
        return ["nobody", "enterprise"] if "own-record" in rule.rule else ["nobody"]
    roles = [role for role in ROLES if not view.required_roles or role in view.required_roles]
    if rule.rule.startswith(ABOUT_ONESELF):
        roles = [role for role in roles if role in {"planner", "inspector"}]
    roles.sort(key=lambda role: role != "planner")  # who opens every draw, the others one
    return [*roles, "outside"] if "inspector" in roles else roles


def _filled(rule: Rule, world: World, fillings: Fillings, *, every: bool) -> Iterator[dict[str, Any]]:
    """The arguments of a rule in all the ways that lead somewhere."""
    arguments = rule.arguments
    if "number" in arguments:
        for kind, draw in world.draws.items():
            if every or kind == "open":
                yield from _of_draw(rule, kind, draw.number, fillings)
    elif "task_id" in arguments:
        yield from ({"task_id": task.id} for task in world.all_tasks[:: 1 if every else 6])
    elif "code" in arguments and "/subjects/" in rule.rule:
        yield from ({"code": code, **_rest(rule, {"code"})} for code in fillings.codes)
    elif "index" in arguments:
        yield from ({"index": index} for index in range(fillings.first, fillings.size))
    else:
        yield _rest(rule, set())


def _of_draw(rule: Rule, kind: str, number: str, fillings: Fillings) -> Iterator[dict[str, Any]]:
    if rule.endpoint.endswith("certificate") and kind != "open":  # the others' values are read unset
        return
    if "replacement_id" in rule.arguments:
        yield from ({"number": number, "replacement_id": one} for one in fillings.requests.get(number, ()))
    elif "code" in rule.arguments and kind in DRAWN:
        yield from ({"number": number, "code": code} for code in fillings.codes)
    elif "code" in rule.arguments:
        yield {"number": number, "code": fillings.codes[0]}
    else:
        yield {"number": number}


def _rest(rule: Rule, known: set[str]) -> dict[str, Any]:
    """The first of its kind for every other argument."""
    words = {"certificate": ON_THE_TEAM, "person": "PLANNER", "section": "strata", "code": "HZ-SCJG-T01"}
    found: dict[str, Any] = {}
    for name in rule.arguments - known:
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            found[name] = min(converter.items)
        else:
            found[name] = 1 if isinstance(converter, IntegerConverter) else words.get(name, "1")
    if rule.rule.startswith("/items/<code>"):
        found["code"] = "SPJY-01"
    return found


def _queries(rule: str, filled: dict[str, Any], fillings: Fillings) -> Iterator[str]:
    """What is searched for, on the pages that search."""
    first, second = fillings.codes[:2]
    if (
        filled.get("number", fillings.asked_about[0]) not in fillings.asked_about
        and "replacements" not in rule
    ):
        return
    names = {
        "/draws/<number>": [f"code={first}", f"code={second}", "lang=en"],
        "/draws/<number>/check.json": [f"code={first}", f"code={second}"],
        "/draws": [f"q={first}"],
        "/desk/draws": [f"q={first}", "status=drawn"],
        "/results": [f"q={first}"],
        "/registry/subjects": [f"q={first}"],
        "/registry/subjects/bulk": [f"q={first}&action=tag&value=x"],
        "/registry/visits": [f"subject={first}"],
        "/log": ["type=result", f"q={first}"],
        "/log/entries": [f"start=0&end={fillings.size}"],
        "/log/proof/inclusion": [f"index=1&size={fillings.size}"],
        "/log/proof/consistency": [f"first=1&second={fillings.size}"],
        "/log/consistency": [f"first=1&second={fillings.size}"],
        "/desk/draws/<number>/replacements/confirmation": [
            f"id={one}" for one in fillings.requests.get(filled.get("number", ""), ())
        ],
    }
    yield from names.get(rule, ())


def read(answer: TestResponse) -> str:
    """What an answer holds, as text: its status, where it leads, archives' members, nothing of papers."""
    head = f"{answer.status_code} {answer.headers.get('Location', '')}\n"
    data = answer.get_data()
    answer.close()
    if answer.mimetype == "application/pdf":
        return head
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return head + data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [f"{name}\n{archive.read(name).decode(errors='replace')}" for name in archive.namelist()]
    return head + "\n".join(members)
