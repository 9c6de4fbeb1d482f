"""What a planner may choose beyond line and rules: whole populations, neighbours, experts, a window."""

from datetime import date, timedelta

import pytest
from draws.a_city import BEGIN, DUE, MORNING, a_city, hours, some_rules
from sqlmodel import Session

from doublerandom.accounts.services import create_body
from doublerandom.draws import queries
from doublerandom.draws.errors import ThinPoolError, TooFewSeatsError, WholeRefusedError
from doublerandom.draws.pools import open_pool
from doublerandom.draws.services.groundwork import read_groundwork
from doublerandom.draws.services.helping import helps_for
from doublerandom.registry import queries as registry
from doublerandom.registry import services as registrar
from doublerandom.registry.services.plans import PlanLineIn

KEY = {"basis": "特种设备安全法", "level": "市级", "methods": "现场", "requirement": "2", "valid_from": BEGIN}
LINES = [PlanLineIn("2026-007", "餐饮", ["SPJY-01"]), PlanLineIn("2026-009", "电梯", ["TS-01"])]


def records(city, draw, name):
    import orjson

    with open_pool(queries.frozen_pools(city.session, draw)[name], draw.number, city.settings) as file:
        return {record["id"]: record for record in map(orjson.loads, file)}


def an_item(session, code, **facts):
    item = registrar.add_item(session, code, name=code, by="zhang", at=MORNING, **{**KEY, **facts})
    registrar.put_item_in_force(session, item.id, by="head", at=MORNING)


def an_inspector(city, certificate, *, body=None, **facts):
    registrar.add_inspector(
        city.session, certificate, name=certificate, body_id=(body or city.body).id, department="scjg",
        by="z", at=MORNING, **facts,
    )  # fmt: skip


@pytest.fixture
def two_lines(session: Session, settings):
    """A city whose second line is of a key item, which asks for a qualification."""
    an_item(session, "TS-01", key=True, skills=["special-equipment"])
    city = a_city(session, settings, lines=LINES)
    for n in range(4):
        an_inspector(city, f"T{n:03d}", skills=["lead", "special-equipment"])
    return city


def test_only_key_items_are_inspected_in_full_in_batches(two_lines):
    with pytest.raises(WholeRefusedError) as refused:
        two_lines.prepare(whole=True)
    assert refused.value.params == {"items": "SPJY-01"}

    draw = two_lines.prepare(plan_line="2026-009", whole=True, batches=[25, 25])

    plan, told = queries.plan_of(draw), draw.preflight
    assert {(row["rate"], row["size"] - row["excluded"] - row["take"]) for row in plan["strata"]} == {
        ("1/1", 0)
    }
    assert (told["take"], told["whole"], told["batches"]) == (59, True, [25, 25, 9])


def test_the_items_qualifications_are_asked_of_the_first_seat(two_lines):
    draw = two_lines.prepare(plan_line="2026-009")

    assert queries.plan_of(draw)["team"][0]["skills"] == ["lead", "special-equipment"]
    assert draw.preflight["skills_of_items"] == ["special-equipment"]
    assert "skills_of_items" not in two_lines.prepare().preflight


def test_experts_go_along_and_take_nobodys_seat(session, settings):
    team = [*some_rules()["team"], {"seat": "expert", "skills": ["food"]}]
    city = a_city(session, settings, rules=some_rules(team=team, quorum={"persons": 2}))
    an_inspector(city, "E001", expert=True, expert_types=["food"])
    an_inspector(city, "E002", expert=True, expert_types=["law"])

    draw = city.prepare()

    experts = records(city, draw, "inspectors")
    assert queries.plan_of(draw)["team"][2] == {"seat": "expert", "department": "expert", "skills": ["food"]}
    assert (experts["E001"]["department"], experts["E001"]["skills"]) == ("expert", ["food"])
    assert "excluded" not in experts["E001"]
    assert draw.preflight["experts"] == 2
    with pytest.raises(TooFewSeatsError):
        city.prepare(team=[team[0], team[2]])


def test_a_window_leaves_out_whoever_lacks_days_and_names_the_certificate(two_lines):
    registrar.seed_calendar(two_lines.session, years=[2026], by="z", at=MORNING)
    an_inspector(two_lines, "Q001", certificate_until=DUE.date() + timedelta(days=3))
    registrar.add_absence(
        two_lines.session, "P001", kind="leave", first_day=DUE.date(),
        last_day=DUE.date() + timedelta(days=60), by="z", at=MORNING,
    )  # fmt: skip

    draw = two_lines.prepare(days=20)

    found = records(two_lines, draw, "inspectors")
    assert found["P001"]["excluded"] == "leave"
    assert "excluded" not in found["Q001"]
    assert draw.preflight["window"] == {"until": "2026-03-22", "working_days": 1}
    assert draw.preflight["certificates_ending"] == 1


class TestNeighbours:
    @pytest.fixture
    def thin(self, session, settings):
        """A city with nobody for its second district, beside a city that has inspectors."""
        city = a_city(session, settings, inspectors=0)
        beside = create_body(
            session, token="nb-scjg", name="宁波", line="scjg", level="city", region="330200",
            by="admin", at=MORNING,
        )  # fmt: skip
        for n in range(5):
            an_inspector(city, f"P{n:03d}", skills=["lead"], regions=["330102"])
            an_inspector(city, f"N{n:03d}", body=beside, skills=["lead"])
        return city

    def test_they_are_lent_to_where_there_are_too_few_and_that_is_published(self, thin):
        with pytest.raises(ThinPoolError) as refused:
            thin.prepare()
        draw = thin.prepare(neighbours=["330200", "330100"])

        found = records(thin, draw, "inspectors")
        assert (found["N000"]["lent"], found["N000"]["regions"]) == ("330200", ["330103"])
        assert found["P000"]["regions"] == ["330102"]
        assert draw.preflight["neighbours"] == [{"region": "330200", "inspectors": 5, "to": ["330103"]}]
        lack = refused.value.params["lacks"][0]
        assert (lack["region"], [seat["eligible"] for seat in lack["seats"]]) == ("330103", [0, 0])

    def test_a_refusal_says_who_is_lacking_where_and_who_could_lend(self, thin):
        with pytest.raises(ThinPoolError) as refused:
            thin.prepare()
        ground = read_groundwork(thin.session, body="hz-scjg", plan_line="2026-007", on=DUE.date())

        helps = helps_for(thin.session, refused.value, ground)

        assert [(each["kind"], each["region"]) for each in helps] == [("lack", "330103"), ("lend", "330200")]
        assert (helps[0]["lacking"], helps[1]["inspectors"]) == ([0, 1], 5)

    def test_where_nobody_is_needed_nobody_is_lent(self, thin):
        draw = thin.prepare(neighbours=["330200"], filter_text="region = 330102")

        found = records(thin, draw, "inspectors")
        assert found["N000"]["excluded"] == "not-needed"
        assert draw.preflight["neighbours"] == [{"region": "330200", "inspectors": 0, "to": []}]


def test_the_pool_is_held_against_the_lines_last_draw(city):
    assert "last" not in city.prepare(number="A-1").preflight
    before = city.committed(number="A-2")
    city.observe(before)
    city.run(before)

    told = city.prepare(batch=2, due=hours(9), at=hours(2), filter_text="region = 330102").preflight["last"]

    assert (told["number"], told["subjects"], told["open"], told["same_filter"]) == ("A-2", 60, 59, False)


def test_a_list_of_no_disturbance_keeps_its_subjects_out_of_the_draw(city):
    registrar.put_on_list(
        city.session, city.codes[5], kind="no_disturbance", valid_from=BEGIN, valid_to=date(2026, 12, 31),
        source="文件", by="z", at=MORNING,
    )  # fmt: skip

    assert city.prepare().preflight["excluded"] == {"no-disturbance": 1, "status-deregistered": 1}
    assert registry.subject_row(city.session, city.codes[5], body=city.body, on=BEGIN).no_disturbance
