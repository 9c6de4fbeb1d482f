"""The demonstration's site as tests visit it: its addresses, signing in, what a bundle says."""

import io
import json
import re
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.demo.city import PASSWORD

REVEALED, VOIDED, SUPERSEDING, CLOSED, COMMITTED = "0001", "0002", "0003", "0004", "0005"
REHEARSAL = "YC-SCJG-2023-R001"
OPEN_REHEARSAL = f"YC-SCJG-{clock.local(clock.now()).year}-R001"
YEAR = clock.local(clock.now()).year
PARTIES, WAITING = f"YC-SCJG-{YEAR}-0006", f"SM-SCJG-{YEAR}-0002"  # due in three days
PLANNER_DRAWS = (
    *("/desk/draws", "/desk/draws?status=voided", f"/desk/draws/YC-SCJG-{YEAR}-0001"),
    *(f"/desk/draws/{PARTIES}", f"/desk/draws/{PARTIES}/sign", f"/desk/draws/YC-SCJG-{YEAR}-0003/reveal"),
)
SUPERVISOR_DRAWS = (
    *("/desk/draws", f"/desk/draws/YC-SCJG-{YEAR}-0002", f"/desk/draws/YC-SCJG-{YEAR}-0002/void"),
    f"/desk/draws/YC-SCJG-{YEAR}-0003/void",
)
REPLACEMENTS = f"/desk/draws/SM-SCJG-{YEAR}-0001/replacements"
CEREMONY_PAGES = tuple(f"/desk/draws/{OPEN_REHEARSAL}/{page}" for page in ("ceremony", "values"))
SEARCH_PAGES = (
    "/registry/subjects",
    "/registry/subjects?q=小吃&filter=industry+%3D+62",
    "/registry/subjects/bulk?q=小吃",
    "/registry/subjects/bulk?q=小吃&action=leave",
    "/registry/subjects/bulk?q=小吃&action=tag&value=x",
    "/registry/subjects/bulk-acts",
    "/registry/subjects/bulk/1",
)
RECORD_PAGES = (
    "/registry/subjects/YC-PLAZA-0001",
    "/registry/subjects/YC-PLAZA-0001/correction",
    *("/registry/subjects/new", "/registry/pool-changes", "/registry/classes", "/registry/classes/"),
)
CONFLICT_PAGES = ("/registry/conflicts", "/registry/conflicts/", "/registry/conflicts/preview")
VISIT_PAGES = (
    *("/registry/visits", "/registry/visits/1", "/registry/visits/new", "/registry/conflicts/ties"),
    *("/registry/conflicts/new", "/registry/conflicts/application"),
)
RULE_PAGES = (
    *("/registry/rule-sets", "/registry/rule-sets/1", "/registry/rule-sets/9"),
    "/registry/rule-sets/in-force",
    *(f"/registry/rule-sets/9/sections/{name}" for name in ("strata", "caps", "categories", "team")),
    *("/registry/rule-sets/8/comparison", "/registry/calendar", "/registry/calendar?year=2099"),
)
STAFF_PAGES = (
    *("/registry/inspectors", "/registry/inspectors/YCSJ-0001", "/registry/inspectors/YCSJ-0018"),
    *("/registry/inspectors/new", "/registry/inspectors/YCSJ-0001/change", "/registry/availability"),
    *("/registry/inspectors/YCSJ-0001/absences/new", "/registry/teams", "/registry/teams/YC-SCJG-T01"),
    *("/registry/teams/new", "/registry/teams/YC-SCJG-T01/members"),
)
IMPORT_PAGES = (
    *("/registry/imports", "/registry/imports?kind=subjects", "/registry/imports/new"),
    *("/registry/imports/jobs/1", "/registry/imports/jobs/1?group=new", "/registry/imports/jobs/2"),
    *("/registry/imports/jobs/3", "/registry/imports/"),
)
ITEM_PAGES = (
    *("/registry/items", "/registry/items?status=draft", "/registry/items/1", "/registry/items/61"),
    *("/registry/items/61/edit", "/registry/items/new"),
    *("/registry/items/structure", "/registry/items/1/structure"),
)
PLAN_PAGES = (
    *("/registry/plans", "/registry/plans/new"),
    *("/registry/plans/1", "/registry/plans/3", "/registry/plans/4"),
    *("/registry/plans/3/compare", "/registry/plans/3/lines/10", "/registry/plans/4/lines/11/edit"),
)
WIZARD_PAGES = (
    *("/desk/draws/drafts", "/desk/draws/new", "/desk/draws/new/temporary", "/desk/draws/calendar"),
    *(f"/desk/draws/drafts/1/{step}" for step in ("scope", "strata", "team", "when", "preflight")),
    *("/desk/draws/exclusions", "/desk/draws/exclusions/1"),
)
DESK_PAGES = {
    "auditor": ("/registry/classes/", "/registry/pool-changes", "/desk/draws"),
    "inspector": ("/desk", "/messages", "/tasks", "/tasks/", "/conflicts", "/registry/me", "/me"),
    "planner": (*PLAN_PAGES, *WIZARD_PAGES, *CEREMONY_PAGES, *PLANNER_DRAWS),
    "notary": (f"/desk/draws/{PARTIES}/party",),
    "county-planner": (REPLACEMENTS, f"{REPLACEMENTS}/1"),
    "county-supervisor": (f"/desk/draws/{WAITING}", f"/desk/draws/{WAITING}/sign", f"{REPLACEMENTS}/3"),
    "head": (
        *("/desk", "/registry/plans/4", "/registry/rule-sets/8", "/conflicts/review", "/credit"),
        *CONFLICT_PAGES,
    ),
    "reviewer": ("/desk", "/reviews"),
    "credit": ("/desk", "/credit", "/credit/"),
    "registrar": (
        *("/desk", "/access-codes", "/registry/handovers", "/registry/handovers/"),
        *ITEM_PAGES,
        *IMPORT_PAGES,
        *SEARCH_PAGES,
        *RULE_PAGES,
        *RECORD_PAGES,
        *VISIT_PAGES,
        *STAFF_PAGES,
    ),
    "overseer": ("/desk", "/registry/licence-duties", "/desk/draws/alarms"),
    "admin": (
        *("/people", "/bodies", "/api-keys"),
        *("/people/new", "/people/p-inspector2", "/role-requests", "/bodies/new", "/sign-in/again"),
        *("/me", "/me/password", "/me/second-factor"),
    ),
    "supervisor": ("/me/signing-key", "/stand-ins", *SUPERVISOR_DRAWS),
}


@dataclass
class Site:
    """A served demonstration."""

    address: str
    settings: Settings

    def __truediv__(self, path: str) -> str:
        return f"{self.address}/{path.lstrip('/')}"

    def fetch(self, path: str) -> bytes:
        """What a program gets that asks for the path."""
        with urllib.request.urlopen(self / path) as answer:
            return bytes(answer.read())

    @cached_property
    def numbers(self) -> list[str]:
        """The draws in the order of the log, rehearsals not among them."""
        return list(dict.fromkeys(entry["draw"] for entry in self.entries if "draw" in entry))

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The whole public log."""
        size = int(self.fetch("/log/checkpoint").split(b"\n")[1])
        entries: list[dict[str, Any]] = json.loads(self.fetch(f"/log/entries?start=0&end={size}"))
        return entries

    def draw(self, last: str) -> str:
        """The number of the city's draw that ends so."""
        return next(number for number in self.numbers if number.startswith("YC-") and number.endswith(last))

    def subjects(self, number: str) -> list[dict[str, Any]]:
        """The records of a public pool."""
        with zipfile.ZipFile(io.BytesIO(self.fetch(f"/draws/{number}/bundle.zip"))) as bundle:
            return [json.loads(line) for line in bundle.read("subjects.jsonl").splitlines()]

    def drawn(self, number: str) -> list[str]:
        """The drawn codes of an open draw that was revealed."""
        with zipfile.ZipFile(io.BytesIO(self.fetch(f"/draws/{number}/bundle.zip"))) as bundle:
            return list(json.loads(bundle.read("result.json"))["drawn"])


def sign_in(page: Any, site: Site, username: str) -> None:
    """Sign in as one of the demonstration's people, by the form."""
    page.goto(site / "/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile("/(desk|sign-in/code)$"))
    if page.url.endswith("/sign-in/code"):
        page.fill("[name=code]", page.get_attribute("[data-demo-code]", "data-demo-code"))
        page.click("main button[type=submit]")
        page.wait_for_url(site / "/desk")


def public_pages(site: Site) -> list[str]:
    """Every kind of page that anybody can open, answers of the search box among them."""
    revealed, closed = site.draw(REVEALED), site.draw(CLOSED)
    excluded = next(each["id"] for each in site.subjects(revealed) if "excluded" in each)
    outcome = next(n for n, entry in enumerate(site.entries) if entry["type"] == "outcome")
    return [
        *("/", "/plans", "/plans/1", "/items", "/items?q=nothing-is-called-so", "/items/SC-01"),
        *("/draws", "/results", "/results/1", "/offices", f"/draws/SM-SCJG-{YEAR}-0001"),
        *(f"/draws/{site.draw(last)}" for last in (REVEALED, VOIDED, SUPERSEDING, CLOSED, COMMITTED)),
        f"/draws/{REHEARSAL}",
        f"/draws/{closed}/own-record",
        f"/draws/{revealed}?code={site.drawn(revealed)[0]}",
        f"/draws/{revealed}?code={excluded}",
        f"/draws/{revealed}?code=91330106MA2CDEFGXX",
        f"/draws/{closed}?code={excluded}",
        *("/log", f"/log/{outcome}", "/verify", "/sign-in"),
        *("/log?kind=plan&issuer=yc-scjg", "/log?q=no-such", f"/log/{outcome}?size={outcome + 1}"),
        *("/log/consistency?first=11&second=23", "/log/consistency?first=9&second=2", "/log/witnesses"),
        *("/log/checkpoints?kept=1", "/log/comparison", "/log/comparison?checkpoint=none"),
    ]


def linked(page: Any, pattern: str) -> Iterator[str]:
    """The addresses under main that hold the pattern, in the order of the page."""
    for link in page.locator(f'main a[href*="{pattern}"]').all():
        yield link.get_attribute("href")
