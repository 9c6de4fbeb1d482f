"""Standing teams: who may be in one, on which days, and how a draw sees them; loads in a period."""

from datetime import timedelta

import pytest
from registry.a_registry import NOON, TODAY, a_body, a_subject, an_inspector, some_subjects

from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    DaysOutOfOrderError,
    InvalidRecordError,
    MemberElsewhereError,
    MemberInTeamError,
    MemberIsExpertError,
    MemberNotExpertError,
    MemberNotReadyError,
    TeamEndedError,
    TeamLeadError,
    TeamMemberTwiceError,
    TeamNotFoundError,
    TeamTooSmallError,
)
from doublerandom.registry.queries import Load
from doublerandom.registry.services import MemberIn

LI = {"by": "li", "at": NOON}


@pytest.fixture
def body(session):
    """A city's regulator with six inspectors, an expert, and two people who cannot be in its teams."""
    city = a_body(session)
    county = a_body(session, "xh-scjg", region="330106", above=city)
    far = a_body(session, "nb-scjg", region="330200")
    for n in range(1, 7):
        an_inspector(
            session, f"Z-{n}", body=county if n == 2 else city, skills=["lead"] if n == 1 else [f"s{n}"]
        )
    an_inspector(session, "X-1", body=city, expert=True)
    an_inspector(session, "X-2", body=city, department="fire")
    an_inspector(session, "X-3", body=far)
    an_inspector(session, "X-4", body=city, certificate_until=TODAY - timedelta(days=1))
    return city


def members(*certificates, lead="Z-1", experts=()):
    rest = [MemberIn(one, "member") for one in certificates]
    return [MemberIn(lead, "lead"), *rest, *(MemberIn(one, "expert") for one in experts)]


def found(session, body, *certificates, **facts):
    facts = {"name": "一组", "valid_from": TODAY, "members": members(*certificates), **facts}
    return services.found_team(session, body_id=body.id, **facts, **LI)


def dealt(session, on=TODAY, **asked):
    return queries.teams_for(session, lines=["scjg"], region="330100", on=on, **asked)


def test_a_team_gets_a_code_and_is_dealt_with_what_its_members_have_together(session, body):
    team = found(session, body, "Z-3", "Z-2", members=members("Z-3", "Z-2", experts=["X-1"]))

    (row,) = dealt(session)

    assert team.code == "HZ-SCJG-T01"
    assert (row.code, row.members, row.excluded) == (team.code, ["Z-1", "Z-2", "Z-3"], "")
    assert row.skills == ["lead", "s2", "s3"]
    assert queries.teams_for(session, lines=["fire"], region="330100", on=TODAY) == []
    roles = [view.row.role for view in queries.members_of(session, [team.id], on=TODAY)[team.id]]
    assert roles == ["lead", "member", "member", "expert"]


@pytest.mark.parametrize(
    ("list_", "error"),
    [
        (members(), TeamTooSmallError),
        (members(experts=["X-1"]), TeamTooSmallError),
        ([MemberIn("Z-1", "member"), MemberIn("Z-2", "member")], TeamLeadError),
        (members("Z-1"), TeamMemberTwiceError),
        (members("X-1"), MemberIsExpertError),
        (members("Z-2", experts=["Z-3"]), MemberNotExpertError),
        (members("X-2"), MemberElsewhereError),
        (members("X-3"), MemberElsewhereError),
        (members("X-4"), MemberNotReadyError),
        ([*members("Z-2"), MemberIn("Z-3", "driver")], InvalidRecordError),
    ],
)
def test_what_makes_no_team_is_refused_and_leaves_nothing(session, body, list_, error):
    with pytest.raises(error):
        found(session, body, members=list_)

    assert queries.teams(session, below="") == []


def test_nobody_is_in_two_teams_at_a_time(session, body):
    first = found(session, body, "Z-2")

    with pytest.raises(MemberInTeamError):
        found(session, body, "Z-2", members=members("Z-2", lead="Z-3"))
    services.change_team(
        session, first.code, members=members("Z-4"), valid_from=TODAY + timedelta(days=5), **LI
    )
    second = found(
        session, body, members=members("Z-2", lead="Z-3"), valid_from=TODAY + timedelta(days=5), name="二组"
    )

    assert second.code == "HZ-SCJG-T02"
    assert [row.members for row in dealt(session, on=TODAY + timedelta(days=4))] == [["Z-1", "Z-2"]]
    assert [row.members for row in dealt(session, on=TODAY + timedelta(days=5))] == [
        ["Z-1", "Z-4"],
        ["Z-3", "Z-2"],
    ]
    kept = [
        (view.inspector.certificate, view.row.valid_to)
        for view in queries.membership_history(session, first.id)
    ]
    assert kept == [("Z-4", None), ("Z-2", TODAY + timedelta(days=4)), ("Z-1", None)]


def test_a_team_stays_in_the_pool_with_the_reason_of_any_member(session, body):
    found(session, body, "Z-2")
    services.add_absence(session, "Z-2", kind="training", first_day=TODAY, last_day=TODAY, **LI)

    assert [row.excluded for row in dealt(session)] == ["training"]
    assert [row.excluded for row in dealt(session, on=TODAY + timedelta(days=1))] == [""]


@pytest.mark.parametrize(
    ("regions", "together", "excluded"),
    [
        ([[], []], [], ""),
        ([["330106"], []], ["330106"], ""),
        ([["330100"], ["330106", "330105"]], ["330105", "330106"], ""),
        ([["330105"], ["330106"]], [], "no-common-region"),
    ],
)
def test_a_team_goes_where_all_of_it_may_go(session, body, regions, together, excluded):
    for certificate, own in zip(("Z-1", "Z-2"), regions, strict=True):
        row = queries.inspector(session, certificate)
        what = services.InspectorIn(row.name, row.body_id, row.department, regions=own)
        services.change_inspector(session, certificate, what, **LI)
    found(session, body, "Z-2")

    (row,) = dealt(session)

    assert (row.regions, row.excluded) == (together, excluded)


def test_an_ended_team_is_dealt_no_more_and_cannot_be_changed(session, body):
    team = found(session, body, "Z-2")
    with pytest.raises(DaysOutOfOrderError):
        services.end_team(session, team.code, last_day=TODAY - timedelta(days=1), **LI)
    with pytest.raises(DaysOutOfOrderError):
        services.change_team(
            session, team.code, members=members("Z-2"), valid_from=TODAY - timedelta(days=1), **LI
        )

    services.end_team(session, team.code, last_day=TODAY, **LI)

    tomorrow = TODAY + timedelta(days=1)
    assert len(dealt(session)) == 1
    assert dealt(session, on=tomorrow) == []
    assert queries.teams(session, below="hz-scjg/", on=tomorrow) == []
    with pytest.raises(TeamEndedError):
        services.end_team(session, team.code, last_day=tomorrow, **LI)
    with pytest.raises(TeamEndedError):
        services.change_team(session, team.code, members=members("Z-2"), valid_from=tomorrow, **LI)
    found(session, body, "Z-2", valid_from=tomorrow)


def test_teams_of_other_bodies_are_out_of_sight(session, body):
    team = found(session, body, "Z-2")

    assert queries.team_in_sight(session, team.code.lower(), below="hz-scjg/") == team
    for asked in ({"code": team.code, "below": "nb-scjg/"}, {"code": "T-9", "below": ""}):
        with pytest.raises(TeamNotFoundError):
            queries.team_in_sight(session, **asked)
    with pytest.raises(TeamNotFoundError):
        queries.team(session, "T-9")


def test_load_is_what_draws_dealt_and_what_was_visited_beside(session, body):
    (code,) = some_subjects(session, a_subject(1))
    for n, (source, days) in enumerate((("file:1:1", 0), ("file:1:2", -400), ("task:abc", -1))):
        services.record_visit(
            session,
            subject_code=code,
            body_id=body.id,
            visited_on=TODAY + timedelta(days=days),
            inspectors=["Z-1", f"Z-{n + 2}"],
            source=source,
            **LI,
        )
    services.note_dealt(session, "D-1", {"Z-1": 3, "Z-2": 1}, on=TODAY)
    services.note_dealt(session, "D-1", {"Z-1": 9}, on=TODAY)
    services.note_dealt(session, "D-2", {"Z-2": 5}, on=TODAY)
    services.void_dealt(session, "D-2", on=TODAY)

    first, last = queries.load_period({}, TODAY)
    loads = queries.loads(session, ["Z-1", "Z-2", "Z-3"], first=first, last=last)

    assert (first.isoformat(), last) == ("2026-01-01", TODAY)
    assert queries.load_period({"load": {"period_days": 30}}, TODAY)[0] == TODAY - timedelta(days=30)
    assert loads == {"Z-1": Load(3, 1), "Z-2": Load(1, 1), "Z-3": Load(0, 0)}
    assert loads["Z-1"].together == 4


def test_codes_go_past_numbers_that_inspectors_bear(session, body):
    an_inspector(session, "HZ-SCJG-T01", body=body)

    assert found(session, body, "Z-2").code == "HZ-SCJG-T02"
    with pytest.raises(InvalidRecordError):
        found(session, body, members=members("Z-4", lead="Z-3"), department="食品")


def test_memberships_that_have_ended_stay_as_they_were(session, body):
    team = found(session, body, "Z-2")
    for n, member in enumerate(("Z-3", "Z-4"), start=1):
        services.change_team(
            session, team.code, members=members(member), valid_from=TODAY + timedelta(days=n), **LI
        )

    history = queries.membership_history(session, team.id)

    assert {view.inspector.certificate: view.row.valid_to for view in history} == {
        "Z-1": None,
        "Z-2": TODAY,
        "Z-3": TODAY + timedelta(days=1),
        "Z-4": None,
    }


def test_a_team_that_lost_its_members_to_others_is_too_small(session, body):
    team = found(session, body, "Z-2", "Z-3")
    for view in queries.membership_history(session, team.id):
        if view.row.role == "member":
            view.row.valid_to = TODAY
    session.commit()

    assert [row.excluded for row in dealt(session, on=TODAY + timedelta(days=1))] == ["too-few-members"]
