"""A draw that deals standing teams: one seat for each, the tasks of all members, a bundle that verifies."""

import json
import zipfile
from datetime import timedelta

import pytest
from draws.a_city import DUE, MORNING, a_city, some_rules
from draws.test_whole_chain import verdict

from doublerandom.draws import bundles, queries
from doublerandom.draws.errors import PlanRefusedError
from doublerandom.draws.pools import find_record, open_pool
from doublerandom.registry import queries as registry
from doublerandom.registry import services
from doublerandom.registry.services import MemberIn

BY = {"by": "zhang", "at": MORNING}
DAY = MORNING.date()


def found(city, *certificates):
    """A team of these, the first as lead."""
    members = [MemberIn(one, "member" if n else "lead") for n, one in enumerate(certificates)]
    return services.found_team(
        city.session, name="组", body_id=city.body.id, members=members, valid_from=DAY, **BY
    ).code


@pytest.fixture
def teams(city):
    """Three teams of the city's inspectors; the last has one who is on leave."""
    codes = [found(city, "P000", "P001"), found(city, "P002", "P003"), found(city, "P004", "P005")]
    services.add_absence(
        city.session, "P005", kind="leave", first_day=DAY, last_day=DAY + timedelta(days=9), **BY
    )
    return codes


def test_teams_are_dealt_as_one_and_every_member_has_the_tasks(city, teams):
    services.declare_conflict(
        city.session, inspector="P003", subject=city.codes[10], ground="relative", valid_from=DAY, **BY
    )

    draw = city.drawn(inspectors="teams")

    plan = queries.plan_of(draw)
    assert plan["team"] == [{"seat": "team", "department": "scjg", "skills": ["lead"]}]
    assert draw.preflight["inspectors_excluded"] == {"leave": 1}
    assert (draw.preflight["teams"], draw.preflight["team_members"]) == (3, 6)
    tasks = queries.tasks_of_draw(city.session, draw)
    assert {task.team for task in tasks} == {(teams[0],), (teams[1],)}
    assert all(
        task.people == (("P000", "P001") if task.team == (teams[0],) else ("P002", "P003")) for task in tasks
    )
    assert tasks[0].crew[0][0] == "lead"
    both = [queries.tasks_of_inspector(city.session, one) for one in ("P000", "P001")]
    assert both[0] == both[1] != []
    assert queries.tasks_of_inspector(city.session, "P004") == []
    loads = registry.loads(city.session, ["P000", "P003", "P004"], first=DAY, last=DAY)
    assert loads["P000"].dealt == len(both[0])
    assert loads["P000"].dealt + loads["P003"].dealt == len(tasks)

    services.change_team(
        city.session,
        teams[0],
        members=[MemberIn("P001", "lead"), MemberIn("P006", "member")],
        valid_from=DAY + timedelta(days=1),
        **BY,
    )
    assert queries.tasks_of_inspector(city.session, "P000") == both[0]
    assert queries.tasks_of_inspector(city.session, "P006") == []

    city.reveal(draw)
    verify(city, draw, teams)


def verify(city, draw, teams):
    """The bundle verifies by the command's code and by verify.py, and shows the members."""
    path = bundles.bundle(city.session, draw, settings=city.settings)
    with zipfile.ZipFile(path) as bundle:
        pool = [json.loads(line) for line in bundle.read("inspectors.jsonl").splitlines()]
    assert [(record["id"], record["members"]) for record in pool][:1] == [(teams[0], ["P000", "P001"])]
    verdict(city, draw, draw.reveal_by)


def test_a_conflict_of_any_member_is_one_of_the_team(city, teams):
    code = city.codes[10]
    services.declare_conflict(
        city.session, inspector="P003", subject=code, ground="relative", valid_from=DAY, **BY
    )

    draw = city.drawn(inspectors="teams")

    assert draw.preflight["conflicts"] == 1
    held = [task.team for task in queries.tasks_of_draw(city.session, draw) if task.subject == code]
    assert held in ([], [(teams[0],)])


def test_a_voided_draw_loads_nobody(city, teams):
    draw = city.drawn(inspectors="teams")
    city.void(draw, DUE + timedelta(hours=1))

    loads = registry.loads(city.session, ["P000", "P002"], first=DAY, last=DAY)

    assert [load.together for load in loads.values()] == [0, 0]


def test_who_is_dealt_is_persons_or_teams(city):
    with pytest.raises(PlanRefusedError):
        city.prepare(inspectors="robots")


def test_load_is_carried_in_bands_only_where_the_rules_say_so(session, settings):
    rules = {
        "load": {"period_days": 90, "bands": [1, 3]},
        "availability": {"working_days": 2, "window_days": 10},
    }
    city = a_city(session, settings, rules=some_rules(**rules))
    services.seed_calendar(session, years=[2026], **BY)
    services.note_dealt(session, "OLD", {"P000": 5, "P001": 1}, on=DAY)
    services.add_certificate(session, "P002", valid_from=DAY, valid_to=DAY + timedelta(days=5), **BY)

    draw = city.prepare()

    pool = queries.frozen_pools(session, draw)["inspectors"]
    with open_pool(pool, draw.number, settings) as file:
        records = [find_record(file, one) for one in ("P000", "P001", "P002")]
    assert draw.preflight["certificates_ending"] == 1
    assert [record["load"] for record in records] == [2, 1, 0]
    assert [record.get("certificate_until") for record in records] == [None, None, "2026-03-07"]
