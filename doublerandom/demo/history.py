"""What happened in the demonstration so far, done by the real commands in the order of time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.accounts import services as accounts
from doublerandom.config import Settings
from doublerandom.credit import queries as credit_queries
from doublerandom.credit import services as credit
from doublerandom.credit.models import CreditStatus
from doublerandom.demo import pools, rules
from doublerandom.demo.city import CITY, COUNTY, OFFICES, PASSWORD, PEOPLE, PIN, REGIONS
from doublerandom.draws import queries as draws_queries
from doublerandom.draws import services as draws
from doublerandom.inspect import services as inspect
from doublerandom.inspect.core import Category, Finding
from doublerandom.ledger import keys
from doublerandom.publish import services as publish
from doublerandom.registry import queries as registry_queries
from doublerandom.registry import services as registry
from doublerandom.registry.intake import import_file

CATEGORIES = (
    Category("1", "未发现问题", "Nothing found", exclusive=True),
    Category("2", "未按规定公示应当公示的信息", "Information not disclosed as required", proposes=True),
    Category("3", "公示信息隐瞒真实情况、弄虚作假", "Disclosed information conceals or falsifies", proposes=True),
    Category("4", "通过登记的住所（经营场所）无法联系", "Cannot be contacted at the registered address", proposes=True),
    Category("5", "发现问题已责令改正", "Problems found, correction ordered", follow_up=True),
    Category("6", "不配合检查情节严重", "Seriously uncooperative"),
    Category("7", "未发现开展本次抽查涉及的经营活动", "No business activity within this inspection's scope"),
    Category("8", "发现问题待后续处理", "Problems found, to be dealt with", follow_up=True),
    Category("9", "已关闭停业或正在组织清算", "Closed or in liquidation", ends_eligibility=True),
    Category("10", "已注销、被吊销、被撤销或迁出", "Deregistered, revoked or moved out", ends_eligibility=True),
)
DRAND_2023 = (
    datetime(2023, 9, 15, 9, 41, 7, tzinfo=UTC),
    datetime(2023, 9, 15, 11, 0, tzinfo=UTC),
    {
        "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
        "41076862b98fad56e91a6b85b89cd97b",  # quicknet round 657413, 2023-09-15T11:00:03Z
    },
)
DICE = {"kind": "dice", "sides": 10, "count": 40}
REVEALED, CLOSED, SUPERSEDING, SHIMEN, COUNTDOWN = "001", "002", "003", "001", "004"


def rolls(salt: int) -> dict[str, Any]:
    """Forty rolls of a ten-sided die as two persons would have typed them; invented, like everything here."""
    chance = random.Random(pools.SEED + salt)  # noqa: S311 - the demonstration's dice
    return {"rolls": [chance.randrange(10) for _ in range(40)]}


def parties(body: str) -> list[draws.Party]:
    """Who makes secrets: the office that draws, and its supervisor (in the city the justice bureau)."""
    return [draws.Party("operator", body), draws.Party("supervisor", "yc-sfj" if body == CITY else body)]


@dataclass
class Demonstration:
    """A city's history, told relative to the day on which it is made."""

    session: Session
    settings: Settings
    today: datetime
    folder: Path

    def ago(self, days: float, *, minutes: int = 0) -> datetime:
        """The moment so many days before today, and some minutes later."""
        return (self.today - timedelta(days=days) + timedelta(minutes=minutes)).replace(second=0, microsecond=0)

    @property
    def year(self) -> int:
        """The year of the annual plan."""
        return clock.local(self.ago(120)).year

    def line(self, number: str) -> str:
        """A plan line's full number."""
        return f"{self.year}-{number}"

    # --- foundations ------------------------------------------------------------------------------------------

    def found_offices(self) -> None:
        """Regions, bodies, accounts and signing keys."""
        at = self.ago(125)
        accounts.seed_regions(self.session, by="system", at=at)
        accounts.add_regions(self.session, REGIONS, by="system", at=at)
        for office in OFFICES:
            accounts.create_body(
                self.session, token=office.token, name=office.name, name_en=office.name_en, line=office.line,
                level=office.level, region=office.region, parent_token=office.parent, by="system", at=at,
            )
        for person in PEOPLE:
            accounts.create_user(
                self.session, username=person.username, password=PASSWORD, name=person.name, person=person.person,
                body_token=person.body, roles=list(person.roles), certificate=person.certificate, by="system", at=at,
            )
        for username, role in (
            ("planner", "operator"), ("supervisor", "supervisor"),
            ("county-planner", "operator"), ("county-supervisor", "supervisor"),
        ):
            person = next(each for each in PEOPLE if each.username == username)
            keys.create_signing_key(
                self.session, person.person, name=person.name, role=role, body=person.body, pin=PIN,
                settings=self.settings, by=person.person, at=self.ago(124),
            )

    def publish_lists(self) -> None:
        """Items in force, rule sets approved by the head, annual plans published, result categories."""
        at = self.ago(122)
        import_file(self.session, "items", Path(__file__).parent / "data" / "items.csv", by="p-registrar", at=at)
        for item in registry_queries.items(self.session):
            assert item.id is not None
            registry.put_item_in_force(self.session, item.id, valid_from=clock.local(at).date(), by="p-head", at=at)
        first_day = clock.local(at).date().isoformat()
        sets = (
            (CITY, "p-planner", "p-head", rules.rule_set(CITY, "food", first_day, rules.BY_GRADE, rules.FOOD_TEAM, 8)),
            (CITY, "p-planner", "p-head", rules.rule_set(CITY, "scjg", first_day, rules.BY_CLASS, rules.LEAD_AND_MEMBER, 12)),
            (CITY, "p-planner", "p-head", rules.rule_set(CITY, "joint", first_day, rules.one_stratum("1/80"), rules.JOINT_TEAM, 12)),
            (CITY, "p-planner", "p-head", rules.rule_set(CITY, "retail", first_day, rules.one_stratum("1/100"), rules.LEAD_AND_MEMBER, 12)),
            (COUNTY, "p-county-planner", "p-county-supervisor", rules.rule_set(COUNTY, "scjg", first_day, rules.one_stratum("1/100"), rules.LEAD_AND_MEMBER, 24)),
        )
        for body, author, head, each in sets:
            row = registry.add_rule_set(
                self.session, each, body_id=self._body(body).id or 0, by=author, at=self.ago(122, minutes=10),
            )
            registry.approve_rule_set(self.session, row.id or 0, settings=self.settings, by=head, at=self.ago(122, minutes=20))
        self._publish_plan(CITY, self._city_lines(), by="p-planner")
        self._publish_plan(COUNTY, self._county_lines(), by="p-county-planner")
        inspect.add_categories(self.session, CATEGORIES, valid_from=date(self.year - 1, 1, 1), by="p-head", at=self.ago(121))

    def _body(self, token: str) -> accounts_queries.Body:
        return accounts_queries.body(self.session, token)

    def _publish_plan(self, token: str, lines: Sequence[registry.PlanLineIn], *, by: str) -> None:
        body = self._body(token)
        plan = registry.add_annual_plan(
            self.session, body=body, year=self.year, title=f"{body.name}{self.year}年度抽查工作计划", lines=lines,
            filing=f"{token}-{self.year}", by=by, at=self.ago(121),
        )
        registry.publish_annual_plan(self.session, plan.id or 0, body=body, settings=self.settings, by=by, at=self.ago(121, minutes=5))

    def _city_lines(self) -> list[registry.PlanLineIn]:
        line = registry.PlanLineIn
        return [
            line(self.line("001"), "餐饮服务食品安全双随机抽查", ["SC-01"], filter="industry = 62", domain="food", directed=True, ratio="A级 1/200，B级 1/100，C级 1/20，D级全部"),
            line(self.line("002"), "登记与公示信息双随机抽查", ["SC-09", "SC-10"], filter="region in (990102, 990103)", domain="scjg", ratio="按信用风险分类"),
            line(self.line("003"), "特种设备使用单位安全联合抽查", ["SC-05", "XF-02"], filter="industry in (34, 61, 26)", domain="joint", directed=True, ratio="不低于 1/80", partners=["fire"]),
            line(self.line("004"), "食品销售监督双随机抽查", ["SC-03"], filter="industry = 52", domain="retail", directed=True, ratio="不低于 1/100"),
        ]

    def _county_lines(self) -> list[registry.PlanLineIn]:
        return [registry.PlanLineIn(self.line("001"), "食品与登记事项双随机抽查", ["SC-01", "SC-09"], domain="scjg", ratio="1/100")]

    def fill_pools(self) -> None:
        """Subjects, inspectors and conflicts from the files the offices sent; grades, absences, visits elsewhere."""
        files = pools.write_pools(self.folder, clock.local(self.today).date())
        for kind in ("subjects", "inspectors", "conflicts"):
            import_file(self.session, kind, files[kind], by="p-registrar", at=self.ago(115))
        catering = [row.code for row in registry_queries.subjects_in_scope(
            self.session, body=self._body(CITY), filter_text="industry = 62", on=clock.local(self.ago(115)).date(),
        )]
        registry.set_standings(
            self.session, values=dict(pools.grades(catering)), body_id=self._body(CITY).id or 0, kind="grade",
            valid_from=clock.local(self.ago(114)).date(), reason="量化分级", by="p-registrar", at=self.ago(114),
        )
        for number, kind in ((11, "leave"), (23, "training"), (37, "leave"), (58, "training")):
            day = clock.local(self.ago(105)).date()
            registry.add_absence(
                self.session, f"YCSJ-{number:04d}", kind=kind, first_day=day, last_day=day + timedelta(days=130),
                by="p-registrar", at=self.ago(113),
            )
        for number, code in enumerate(catering[::37]):
            registry.record_visit(
                self.session, subject_code=code, body_id=self._body("yc-xfzd").id or 0, items=["XF-01"], inspectors=[],
                visited_on=clock.local(self.ago(130 - number % 20)).date(), source=f"file:fire:{number}", by="p-registrar", at=self.ago(112),
            )
        registry.declare_conflict(
            self.session, inspector="YCSJ-0001", subject=self.declared_subject(), ground="declared",
            statement="本人曾与该店负责人有合同纠纷。", valid_from=clock.local(self.ago(110)).date(),
            by="p-inspector", at=self.ago(110),
        )

    def declared_subject(self) -> str:
        """The catering business of grade D (all of which are drawn) with which the inspector declares a conflict."""
        catering = [row.code for row in registry_queries.subjects_in_scope(
            self.session, body=self._body(CITY), filter_text="industry = 62 and grade = D and status = active",
            on=clock.local(self.ago(100)).date(),
        )]
        return catering[0]

    # --- draws ------------------------------------------------------------------------------------------------

    def commit(self, line: str, days: float, *, body: str = CITY, **options: Any) -> str:
        """Prepare a draw of a plan line and have it signed by operator and supervisor; gives its number."""
        county = body == COUNTY
        operator, supervisor = ("p-county-planner", "p-county-supervisor") if county else ("p-planner", "p-supervisor")
        draw = draws.prepare(
            self.session, body=body, plan_line=self.line(line), due=self.ago(days, minutes=180),
            randomness=[DICE], settings=self.settings, by=operator, at=self.ago(days), secrets_parties=parties(body), **options,
        )
        draws.sign(self.session, draw.number, role="operator", pin=PIN, settings=self.settings, by=operator, at=self.ago(days, minutes=10))
        draws.sign(self.session, draw.number, role="supervisor", pin=PIN, settings=self.settings, by=supervisor, at=self.ago(days, minutes=20))
        return draw.number

    def draw(self, number: str, days: float, *, salt: int) -> None:
        """Roll the dice at the due time and let the draw run."""
        draws.observe(self.session, number, n=0, value=rolls(salt), settings=self.settings, by="p-planner", at=self.ago(days, minutes=182))
        draws.run(self.session, number, settings=self.settings, at=self.ago(days, minutes=184))

    def rehearse(self) -> None:
        """A rehearsal on a drand round of 2023, whose signature anybody can check."""
        made, due, value = DRAND_2023
        draw = draws.prepare(
            self.session, body=CITY, plan_line=self.line("001"), due=due, randomness=[{"kind": "drand"}], settings=self.settings,
            rehearsal=True, title="餐饮服务食品安全抽查（演练）", by="p-planner", at=made, on=clock.local(self.today).date(),
        )
        for role, person in (("operator", "p-planner"), ("supervisor", "p-supervisor")):
            draws.sign(self.session, draw.number, role=role, pin=PIN, settings=self.settings, by=person, at=made)
        draws.observe(self.session, draw.number, n=0, value=value, settings=self.settings, by="p-planner", at=due + timedelta(seconds=5))
        draws.run(self.session, draw.number, settings=self.settings, at=due + timedelta(seconds=30))
        draws.reveal(self.session, draw.number, settings=self.settings, at=due + timedelta(minutes=1))

    def catering_draw(self) -> None:
        """An open draw by published grade, from commitment to reveal, with every result published and its consequences."""
        number = self.commit(REVEALED, 100)
        self.draw(number, 100, salt=1)
        for position, task_id in enumerate(draws_queries.task_ids(self.session, draws_queries.draw(self.session, number))):
            self._inspect(task_id, position, days=96 - position * 0.4)
        draws.reveal(self.session, number, settings=self.settings, at=self.ago(60))
        proposed = credit_queries.records_in_sight(self.session, body_ids=[self._body(CITY).id or 0], status=CreditStatus.PROPOSED)
        for record in proposed[3:]:
            credit.decide(self.session, record.id or 0, confirm=True, opinion="事实清楚，依据充分。", by="p-credit", at=self.ago(58))

    def _inspect(self, task_id: int, position: int, *, days: float) -> None:
        """One visit: recorded by the lead, reviewed, published."""
        task = draws_queries.task_view(self.session, task_id)
        lead = next(member for member in task.team if member)
        code = ("5", "1", "1", "1", "2", "1", "1", "7", "1", "1")[position % 10]
        visited = self.ago(days)
        due = clock.local(visited).date() + timedelta(days=15)
        findings = [
            Finding(
                item, (code,), measure="ordered" if code == "5" else "none", due=due if code == "5" else None,
                finding="" if code == "1" else {"5": "后厨未分区存放生熟食品。", "2": "未公示食品安全等级。", "7": "检查当日未开展餐饮经营。"}[code],
            )
            for item in task.items
        ]
        named = next((person.person for person in PEOPLE if person.certificate == lead), f"p-{lead}")
        inspection = inspect.record_result(
            self.session, task_id, certificate=lead, visited_on=clock.local(visited).date(), method="on_site",
            findings=findings, summary="", by=named, at=self.ago(days, minutes=90),
        )
        publish.review_and_publish(
            self.session, inspection.id or 0, approve=True, opinion="", certificate="", settings=self.settings,
            by="p-reviewer", at=self.ago(days, minutes=300),
        )

    def voided_draw(self) -> None:
        """A draw voided before any visit, its would-be result shown; the one that supersedes it carries its list."""
        number = self.commit(SUPERSEDING, 20, batch=1)
        self.draw(number, 20, salt=2)
        draws.void_request(self.session, number, reason="wrong-scope", statement="对象范围漏了仓储企业。", by="p-planner", at=self.ago(19.5))
        draws.void_confirm(self.session, number, settings=self.settings, by="p-supervisor", at=self.ago(19.4))
        later = self.commit(SUPERSEDING, 18, batch=2, supersedes=number, filter_text="industry in (34, 61, 26, 54)")
        self.draw(later, 18, salt=3)

    def county_draw(self) -> None:
        """The small county: 900 subjects, 4 inspectors, soft grounds waived where too few would be left."""
        number = self.commit(SHIMEN, 15, body=COUNTY)
        self.draw(number, 15, salt=4)

    def closed_draw(self) -> None:
        """Stratified by credit-risk class as the measures shift it, so the subjects stay closed; drawn, visits under way."""
        number = self.commit(CLOSED, 10)
        self.draw(number, 10, salt=5)

    def has_countdown(self) -> bool:
        """Whether a committed draw still waits for its hour."""
        return bool(draws_queries.next_draws(self.session, at=clock.now()))

    def countdown_draw(self) -> None:
        """A committed draw that waits for its dice: the day after, at ten in the morning."""
        now = clock.now()
        tomorrow = clock.local(now + timedelta(hours=22)).replace(hour=10, minute=0, second=0)
        due = tomorrow.astimezone(UTC) if tomorrow > now + timedelta(hours=2) else now + timedelta(hours=26)
        batch = 1 + sum(row.annual_item.startswith(self.line(COUNTDOWN)) for row in draws_queries.draws(self.session, limit=1000))
        draw = draws.prepare(
            self.session, body=CITY, plan_line=self.line(COUNTDOWN), due=due, randomness=[DICE], settings=self.settings,
            batch=batch, secrets_parties=parties(CITY), by="p-planner", at=now - timedelta(minutes=30),
        )
        for role, person, minutes in (("operator", "p-planner", 20), ("supervisor", "p-supervisor", 10)):
            draws.sign(
                self.session, draw.number, role=role, pin=PIN, settings=self.settings, by=person, at=now - timedelta(minutes=minutes),
            )
