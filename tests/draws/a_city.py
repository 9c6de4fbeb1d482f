"""A small city for the tests of draws: a body, rules, items, a published plan, two pools and two signers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from registry.a_registry import a_code
from sqlmodel import Session

from doublerandom.accounts.queries import Body
from doublerandom.accounts.services import create_body
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.draws import queries
from doublerandom.draws import services as draws
from doublerandom.draws.models import Draw
from doublerandom.ledger.keys import create_signing_key
from doublerandom.registry import services as registry
from doublerandom.registry.services import SubjectIn
from doublerandom.registry.services.plans import PlanLineIn

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUE = MORNING + timedelta(hours=3)
SIGNED = MORNING + timedelta(minutes=30)
DICE = {"kind": "dice", "sides": 10, "count": 40}
ROLLS = {"rolls": [(7 * n + n * n) % 10 for n in range(40)]}
DRAND = {"kind": "drand"}
ROUND = datetime(2023, 9, 15, 11, tzinfo=UTC)  # quicknet's 657413 is the first round after it
SIGNATURE = {
    "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef"
    "9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
}
PINS = {"li": "314159", "wang": "271828", "zhao": "161803"}
REGIONS = ("330102", "330103")
BEGIN = date(2026, 1, 1)


def hours(number: float) -> datetime:
    """So many hours after `due`."""
    return DUE + timedelta(hours=number)


@dataclass
class City:
    """What a test needs at hand."""

    session: Session
    settings: Settings
    body: Body
    codes: list[str]
    inspectors: list[str]

    def prepare(self, **wishes: Any) -> Draw:
        """Prepare a draw at level B, due at noon, with few simulations."""
        wishes = {
            "body": self.body.token,
            "plan_line": "2026-007",
            "due": DUE,
            "randomness": [DICE],
            "settings": self.settings,
            "by": "li",
            "at": MORNING,
            "simulations": 2,
            **wishes,
        }
        return draws.prepare(self.session, **wishes)

    def sign(self, draw: Draw, role: str, by: str, at: datetime = SIGNED) -> Draw:
        """Sign as somebody."""
        return draws.sign(
            self.session, draw.number, role=role, pin=PINS[by], settings=self.settings, by=by, at=at
        )

    def committed(self, *, signed: datetime = SIGNED, **wishes: Any) -> Draw:
        """A draw signed by both."""
        draw = self.prepare(**wishes)
        self.sign(draw, "operator", "li", signed)
        return self.sign(draw, "supervisor", "wang", signed)

    def observe(self, draw: Draw, value: Any = ROLLS, *, n: int = 0, at: datetime = DUE) -> Draw:
        """Enter a value; dice and a lottery's numbers by two persons."""
        found = self.type_in(draw, value, n=n, by="li", at=at)
        if queries.first_entry(self.session, found, n):
            found = self.type_in(draw, value, n=n, by="wang", at=at)
        return found

    def type_in(self, draw: Draw, value: Any = ROLLS, *, n: int = 0, by: str, at: datetime = DUE) -> Draw:
        """Enter a value as somebody, once; a lottery's as drawn that day."""
        day = {"drawn_on": local(at).date()} if "groups" in value else {}
        return draws.observe(
            self.session, draw.number, n=n, value=value, settings=self.settings, by=by, at=at, **day
        )

    def run(self, draw: Draw, at: datetime = DUE + timedelta(minutes=1)) -> Draw:
        """Run it."""
        return draws.run(self.session, draw.number, settings=self.settings, at=at)

    def drawn(self, **wishes: Any) -> Draw:
        """A draw that has run on dice."""
        draw = self.committed(**wishes)
        self.observe(draw)
        return self.run(draw)

    def reveal(self, draw: Draw, at: datetime | None = None) -> Draw:
        """Open it at its time."""
        at = at or draw.reveal_by - timedelta(minutes=1)
        return draws.reveal(self.session, draw.number, settings=self.settings, at=at)

    def void(
        self, draw: Draw, at: datetime, reason: str = "wrong-scope", *, touched: Collection[str] = ()
    ) -> Draw:
        """Void it by two persons."""
        draws.void_request(self.session, draw.number, reason=reason, touched=touched, by="li", at=at)
        return draws.void_confirm(self.session, draw.number, settings=self.settings, by="wang", at=at)


def some_rules(*, by: str = "grade", **members: Any) -> dict[str, Any]:
    """A rule set by published sector grade, or by credit class."""
    values = {"grade": (["high"], ["low"]), "class": (["C", "D"], ["A", "B"])}[by]
    rules = {
        "body": "hz-scjg",
        "domain": "scjg",
        "version": 1,
        "valid_from": "2026-01-01",
        "strata": {
            "by": by,
            "quotas": [
                {"stratum": "high", "when": values[0], "quota": {"kind": "rate", "rate": "1/4"}},
                {"stratum": "low", "when": values[1], "quota": {"kind": "rate", "rate": "1/20"}},
                {"stratum": "rest", "when": [], "quota": {"kind": "fixed", "number": 1}},
            ],
            "otherwise": "rest",
        },
        "caps": {"per_year": 2, "cool_down_days": 30, "exempt_measures": True},
        "conflicts": {
            "hard": ["relative"],
            "soft": ["inspected-last-time", "regular-supervisor"],
            "soft_needs": 4,
            "rotation": True,
            "former_years": 3,
        },
        "team": [
            {"seat": "lead", "department": "scjg", "skills": ["lead"]},
            {"seat": "member", "department": "scjg"},
        ],
        "capacity": 20,
        "deadlines": {"publish_working_days": 20, "result_minutes": 60, "reveal_days": 30},
        "credit": [],
    }
    return rules | members


def a_city(
    session: Session,
    settings: Settings,
    *,
    subjects: int = 60,
    inspectors: int = 8,
    rules: dict[str, Any] | None = None,
    lines: list[PlanLineIn] | None = None,
) -> City:
    """
    Put the city into the registry: every tenth subject of grade `high`, the others `low`, the first without.

    Subject 3 is deregistered. Every second inspector may lead; the last one's certificate has expired.
    """
    rules = rules or some_rules()
    body = create_body(
        session,
        token="hz-scjg",
        name="杭州市市场监管局",
        line="scjg",
        level="city",
        region="330100",
        by="admin",
        at=MORNING,
    )
    by_at = {"by": "zhang", "at": MORNING}
    added = registry.add_rule_set(session, rules, body_id=body.id, **by_at)
    registry.approve_rule_set(session, added.id, settings=settings, by="head", at=MORNING)
    facts = {
        "basis": "食品安全法",
        "level": "市级",
        "methods": "现场",
        "requirement": "2",
        "valid_from": BEGIN,
    }
    item = registry.add_item(session, "SPJY-01", name="食品经营", **by_at, **facts)
    registry.put_item_in_force(session, item.id, by="head", at=MORNING)
    lines = lines or [
        PlanLineIn("2026-007", "餐饮服务抽查", ["SPJY-01"]),
        PlanLineIn("2026-008", "第二次", ["SPJY-01"]),
    ]
    plan = registry.add_annual_plan(
        session, body=body, year=2026, title="2026 年度计划", lines=lines, **by_at
    )
    registry.submit_annual_plan(session, plan.id, **by_at)
    registry.approve_annual_plan(session, plan.id, by="head", at=MORNING)
    registry.publish_annual_plan(session, plan.id, body=body, settings=settings, by="head", at=MORNING)
    return City(
        session,
        settings,
        _with_signers(session, settings, body),
        _with_subjects(session, body, subjects),
        _with_inspectors(session, body, inspectors),
    )


def _with_signers(session: Session, settings: Settings, body: Body) -> Body:
    for person, role in (("li", "operator"), ("wang", "supervisor"), ("li", "supervisor")):
        create_signing_key(
            session,
            person,
            name=person,
            role=role,
            body=body.token,
            pin=PINS[person],
            settings=settings,
            by="admin",
            at=MORNING,
        )
    return body


def _with_subjects(session: Session, body: Body, number: int) -> list[str]:
    codes = [a_code(n, region=REGIONS[n % 2]) for n in range(number)]
    registry.add_subjects(
        session,
        [
            SubjectIn(
                code,
                name=f"第{n}号餐馆",
                region=REGIONS[n % 2],
                status="deregistered" if n == 3 else "active",
                credit_class="ABCD"[n % 4],
            )
            for n, code in enumerate(codes)
        ],
        source="test",
        by="zhang",
        at=MORNING,
    )
    grades = {code: "low" if n % 10 else "high" for n, code in enumerate(codes) if n}
    registry.set_standings(
        session, values=grades, body_id=body.id, kind="grade", valid_from=BEGIN, by="zhang", at=MORNING
    )
    return codes


def _with_inspectors(session: Session, body: Body, number: int) -> list[str]:
    certificates = [f"P{n:03d}" for n in range(number)]
    with transaction(session):
        for n, certificate in enumerate(certificates):
            registry.add_inspector(
                session,
                certificate,
                name=f"检查员{n}",
                body_id=body.id,
                department="scjg",
                skills=["lead"] if n % 2 == 0 else [],
                certificate_until=date(2026, 2, 1) if n == number - 1 else None,
                by="zhang",
                at=MORNING,
            )
    return certificates
