"""
One house copied before the dice fall, so that nothing but who was drawn is different in the two.

Both worlds hold the same pools, salts, secrets, keys and plans; at `due` other dice fall in each, and people
do the same after it. What an answer says in one and not in the other, it has from the draw.
"""

import itertools
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from draws.a_city import DUE, MORNING, PINS, SIGNED, City, a_city, hours, some_rules
from sqlmodel import Session
from visitors import an_account

from doublerandom import jobs
from doublerandom.accounts import api_keys
from doublerandom.accounts import queries as accounts
from doublerandom.accounts.core import ROLES
from doublerandom.config import Settings
from doublerandom.db import make_engine
from doublerandom.draws import deposits, queries, services
from doublerandom.draws.models import Draw, ReplacementKind
from doublerandom.draws.queries import TaskView
from doublerandom.registry import services as registry
from doublerandom.registry.plan_lines import PlanLineIn
from doublerandom.registry.services import MemberIn

LATER = hours(48)
"""When the pages are read: two days after the draws, long before they are opened."""
DRAWN = {"open": "2026-001", "closed": "2026-002", "teams": "2026-003", "unannounced": "2026-004"}
WAITING = {"observed": "2026-005", "committed": "2026-006", "voided": "2026-007"}
PREPARED, DRAFTED = "2026-008", "2026-009"
ON_THE_TEAM, OUTSIDE = "P001", "P007"
"""An inspector who has tasks in both worlds, and one whose certificate has expired, who has none."""
PROOF = ("证明.pdf", b"%PDF-1.4\n%%EOF\n")


def dice_of(world: int) -> dict[str, list[int]]:
    """What is rolled in a world."""
    return {"rolls": [((7 + 2 * world) * n + n * n + world) % 10 for n in range(40)]}


@dataclass
class World:
    """One of the two: its city, its draws by what they are for, the key of another system."""

    city: City
    draws: dict[str, Draw]
    api_key: str

    def tasks(self, kind: str) -> list[TaskView]:
        """The tasks of a draw as they are now."""
        return queries.tasks_of_draw(self.city.session, self.draws[kind])

    @property
    def all_tasks(self) -> list[TaskView]:
        """Every dealt task."""
        return [task for kind in DRAWN for task in self.tasks(kind)]

    @property
    def drawn(self) -> set[str]:
        """Whoever was drawn in any draw, or came in somebody's place."""
        dealt = {code for kind in DRAWN for code in queries.drawn_codes(self.city.session, self.draws[kind])}
        return dealt | {task.subject for task in self.all_tasks}

    def shown_to(self, certificate: str) -> set[str]:
        """The subjects that an inspector knows: own tasks', the unannounced one's whose visit is near."""
        own = [task for task in self.all_tasks if certificate in task.people]
        near = LATER + timedelta(hours=24)
        return {
            task.subject
            for task in own
            if not task.unannounced or (task.visit_at is not None and task.visit_at <= near)
        }

    def secrets(self) -> set[str]:
        """Every secret and key that is not open, as hex."""
        found = set()
        for draw in self.draws.values():
            known = deposits.opened(
                queries.deposits(self.city.session, draw), draw.number, self.city.settings
            )
            found |= {*known.secrets.values(), *known.keys.values()}
        return found


@dataclass(frozen=True)
class Before:
    """What both worlds have in common, by its numbers."""

    draws: dict[str, str]
    codes: list[str]
    inspectors: list[str]
    api_key: str


@contextmanager
def two_worlds(folder: Path, template: Path) -> Iterator[list[World]]:
    """The two worlds, in folders of their own."""
    settings = _settings(folder / "before")
    settings.data_dir.mkdir(parents=True)
    shutil.copy(template, settings.data_dir / "house.db")
    engine = make_engine(settings.resolved_database_url)
    with Session(engine) as session, _same_bytes():
        before = _before(a_city(session, settings, rules=_rules(), lines=_lines()))
    engine.dispose()
    with ExitStack() as stack:
        yield [_world(stack, folder, n, before) for n in (0, 1)]


@contextmanager
def _same_bytes() -> Iterator[None]:
    """Secrets and keys of the house come out of a counter: every run draws the same."""
    count = itertools.count()

    def counted(size: int = 32) -> bytes:
        return b"".join(sha256(b"house|%d" % next(count)).digest() for _ in range(-(-size // 32)))[:size]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_bytes", counted)
        yield


def _settings(folder: Path) -> Settings:
    data = folder / "data"
    return Settings(
        data_dir=data,
        database_url=f"sqlite:///{data / 'house.db'}",
        log_origin="log.test/dr",
        second_factor_roles="",
        drand_relays="",
        testing=True,
        _env_file=None,
    )


def _rules() -> dict[str, Any]:
    return some_rules(visit={"hours_before": 24})


def _lines() -> list[PlanLineIn]:
    unannounced = DRAWN["unannounced"]
    numbers = [f"2026-{n:03}" for n in range(1, 10)]
    return [PlanLineIn(one, one, ["SPJY-01"], unannounced=one == unannounced) for one in numbers]


def _before(city: City) -> Before:
    """All that is the same in both worlds: people, teams, plans that are signed, one that is void."""
    session = city.session
    _people(city)
    for pair in (("P000", "P001"), ("P002", "P003")):
        members = [MemberIn(one, "member" if n else "lead") for n, one in enumerate(pair)]
        facts: dict[str, Any] = {"name": "组", "body_id": city.body.id, "valid_from": MORNING.date()}
        registry.found_team(session, members=members, **facts, by="zhang", at=MORNING)
    wishes: dict[str, Any] = {"closed": {"closed": ["subjects"]}, "teams": {"inspectors": "teams"}}
    lines = DRAWN | WAITING
    draws = {kind: city.committed(plan_line=line, **wishes.get(kind, {})) for kind, line in lines.items()}
    city.void(draws["voided"], SIGNED + timedelta(minutes=10))
    draws["prepared"] = city.prepare(plan_line=PREPARED)
    services.open_draft(session, body=city.body, plan_line=DRAFTED, by="li", at=SIGNED)
    key = api_keys.issue_api_key(
        session, name="sys", scopes=["visits:write"], body_token="hz-scjg", days=90, by="zhang", at=SIGNED
    )
    return Before({kind: draw.number for kind, draw in draws.items()}, city.codes, city.inspectors, key)


def _people(city: City) -> None:
    """One person for each role, and an inspector without tasks; the signers own their keys."""
    signers = {"planner": "li", "supervisor": "wang"}
    for role in ROLES:
        facts = {"certificate": ON_THE_TEAM} if role == "inspector" else {}
        person = signers.get(role, role.upper())
        an_account(city.session, role.replace("_", "-"), roles=[role], person=person, **facts)
    an_account(city.session, "outside", roles=["inspector"], certificate=OUTSIDE)


def _world(stack: ExitStack, folder: Path, n: int, before: Before) -> World:
    """A copy of the house in which the dice fall, the draws run, and people do what they do then."""
    shutil.copytree(folder / "before", folder / str(n))
    settings = _settings(folder / str(n))
    engine = make_engine(settings.resolved_database_url)
    stack.callback(engine.dispose)
    session = stack.enter_context(Session(engine))
    body = accounts.body(session, "hz-scjg")
    city = City(session, settings, body, before.codes, before.inspectors)
    draws = {kind: queries.draw(session, number) for kind, number in before.draws.items()}
    for kind in DRAWN:
        city.observe(draws[kind], dice_of(n))
    jobs.run_due(session, settings, DUE + timedelta(minutes=1))
    city.observe(draws["observed"], dice_of(n), at=DUE + timedelta(minutes=2))
    draws = {kind: queries.draw(session, number) for kind, number in before.draws.items()}
    world = World(city, draws, before.api_key)
    _afterwards(world)
    return world


def _afterwards(world: World) -> None:
    """Replacements done and waiting, a seat that stays empty, a recusal, visits that are set."""
    done = _ask(world, world.tasks("open")[1], "closed")
    _confirm(world, done)
    for _ in range(2):
        _confirm(world, _ask(world, world.tasks("teams")[0], "ill", seat=0))
    assert world.tasks("teams")[0].team == ("",)
    _ask(world, world.tasks("open")[2], "ill", seat=1)
    _ask(world, world.tasks("open")[3], "moved")
    _ask(world, world.tasks("teams")[0], "all-full", seat=0, direct="P006", by="li")
    for task in world.tasks("unannounced")[:4]:
        visit = LATER + timedelta(hours=72 if task.position % 2 else 20)
        services.set_visit_time(
            world.city.session, task.id, certificate=task.lead, visit_at=visit, by="lead", at=hours(24)
        )


def _ask(
    world: World, task: TaskView, reason: str, *, seat: int = -1, direct: str = "", by: str = "ins"
) -> int:
    """A request to replace the subject, or who holds a seat."""
    kind = ReplacementKind.SUBJECT if seat < 0 else ReplacementKind.INSPECTOR
    row = services.request_replacement(
        world.city.session,
        task.id,
        kind=ReplacementKind.DIRECT if direct else kind,
        seat=seat,
        direct=direct,
        grounds=services.Grounds(reason, "不能前往", PROOF),
        settings=world.city.settings,
        by=by,
        at=hours(24),
    )
    assert row.id is not None
    return row.id


def _confirm(world: World, request: int) -> None:
    services.confirm_replacements(
        world.city.session,
        [request],
        pin=PINS["wang"],
        settings=world.city.settings,
        by="wang",
        at=hours(24),
    )
