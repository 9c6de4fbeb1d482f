"""Who could sit where, and what simulated draws tell before anybody signs."""

from doublerandom.dr1.pools import subject_pool
from doublerandom.draws.eligibility import Conflicts, Eligibility, standing_conflicts, thin_spots
from doublerandom.draws.preflight import simulate
from doublerandom.registry.rules import Pair

TEAM = [{"seat": "lead", "department": "scjg", "skills": ["lead"]}, {"seat": "member"}]


def an_inspector(code, *, department="scjg", regions=(), skills=(), **others):
    return {
        "id": code,
        "department": department,
        "regions": list(regions),
        "skills": list(skills),
        "load": 0,
        **others,
    }


def a_subject(code, region="r1", **others):
    return {"id": code, "name": code, "region": region, "stratum": "s", **others}


def rules(needs=4):
    return {"conflicts": {"soft_needs": needs}}


def test_seats_ask_for_department_skill_and_region():
    inspectors = [
        an_inspector("A", skills=["lead"]),
        an_inspector("B", department="fire"),
        an_inspector("C", skills=["lead"], regions=["r2"]),
        an_inspector("D", skills=["lead"], excluded="leave"),
    ]
    eligibility = Eligibility(TEAM, inspectors)

    assert eligibility.of_seats("r1") == (frozenset("A"), frozenset("AB"))
    assert eligibility.of_seats("r2") == (frozenset("AC"), frozenset("ABC"))
    assert eligibility.anyone("r1") == frozenset("AB")


def test_a_team_needs_different_people_for_its_seats():
    two_leads = [an_inspector("A", skills=["lead"]), an_inspector("B", skills=["lead"])]
    one_lead = [an_inspector("A", skills=["lead"]), an_inspector("B")]
    twice = [TEAM[0], TEAM[0]]

    assert Eligibility(twice, two_leads).fills("r1", frozenset())
    assert not Eligibility(twice, one_lead).fills("r1", frozenset())
    assert Eligibility(TEAM, one_lead).fills("r1", frozenset())
    assert not Eligibility(TEAM, one_lead).fills("r1", frozenset("B"))
    assert not Eligibility(TEAM, []).fills("r1", frozenset())


def test_somebody_moves_on_where_that_fills_the_team():
    team = [{"seat": "any"}, {"seat": "lead", "skills": ["lead"]}]

    assert Eligibility(team, [an_inspector("A", skills=["lead"]), an_inspector("B")]).fills("r1", frozenset())


def test_soft_grounds_give_way_only_where_too_few_are_left():
    inspectors = [an_inspector(code, skills=["lead"]) for code in "ABCDE"]
    pool = subject_pool([a_subject("S1"), a_subject("S2", excluded="cool-down")])
    eligibility = Eligibility(TEAM, inspectors)
    soft = Pair("A", "S1", "inspected-last-time", hard=False)
    hard = Pair("B", "S1", "relative", hard=True)
    outside = Pair("A", "S9", "relative", hard=True)
    shut = Pair("A", "S2", "inspected-last-time", hard=False)

    kept = standing_conflicts([soft, outside], rules(), pool, eligibility)
    gone = standing_conflicts([soft, hard, shut], rules(), pool, eligibility)

    assert (kept.barred("S1"), kept.waived, len(kept)) == (frozenset("A"), 0, 1)
    assert (gone.barred("S1"), gone.waived) == (frozenset("B"), 1)
    assert gone.barred("S2") == frozenset("A")


def test_thin_and_scarce_subjects_are_counted_where_they_can_be_drawn():
    inspectors = [an_inspector(code, skills=["lead"]) for code in "ABC"] + [
        an_inspector(code, skills=["lead"], regions=["r2"]) for code in "DE"
    ]
    pool = subject_pool(
        [
            a_subject("S1"),
            a_subject("S2"),
            a_subject("S3", "r2"),
            a_subject("S4", "r2"),
            a_subject("S5", excluded="x"),
        ]
    )
    conflicts = Conflicts(
        [Pair(code, subject, "g", hard=True) for subject in ("S2", "S5") for code in "AB"]
        + [Pair("A", "S4", "g", hard=True), Pair("B", "S4", "g", hard=True)]
    )

    thin = thin_spots(pool, Eligibility(TEAM, inspectors), conflicts)

    assert (thin.unfillable, thin.unfillable_regions) == (1, ("r1",))
    assert thin.scarce == 2


def test_simulated_draws_tell_the_spread_of_load_and_the_largest_share():
    inspectors = [an_inspector(code, skills=["lead"], capacity=30) for code in "ABCDEF"]
    pool = subject_pool([a_subject(f"S{n:02d}") for n in range(40)])
    plan = {"team": TEAM, "strata": [{"id": "s", "size": 40, "excluded": 0, "take": 9}]}

    told = simulate(plan, pool, inspectors, [], 30)

    assert (told.draws, told.seats, told.empty_most) == (30, 18, 0)
    assert (told.load_least, told.load_most) == (3, 3)
    assert sum(told.loads.values()) == 30 * 6
    assert told.largest["eligible"] == 6
    assert not told.largest["above"]


def test_a_favoured_inspector_is_warned_of():
    rare = [
        an_inspector("A", skills=["lead"]),
        *(an_inspector(f"L{n}", skills=["lead"], load=50) for n in range(9)),
    ]
    pool = subject_pool([a_subject(f"S{n:02d}") for n in range(40)])
    plan = {"team": [TEAM[0]], "strata": [{"id": "s", "size": 40, "excluded": 0, "take": 5}]}

    told = simulate(plan, pool, rare, [], 30)

    assert told.largest["times"] == told.largest["places"] == 150
    assert told.largest["above"]


def test_capacity_that_cannot_carry_the_draw_shows_as_empty_seats():
    inspectors = [an_inspector(code, skills=["lead"], capacity=1) for code in "ABC"]
    pool = subject_pool([a_subject(f"S{n}") for n in range(5)])
    plan = {"team": TEAM, "strata": [{"id": "s", "size": 5, "excluded": 0, "take": 3}]}

    told = simulate(plan, pool, inspectors, [], 4)

    assert (told.empty_most, told.draws_with_empty, told.largest) == (3, 4, None)


def test_no_simulation_tells_nothing():
    told = simulate({"team": TEAM, "strata": []}, subject_pool([]), [], [], 0)

    assert (told.draws, told.seats, told.load_most) == (0, 0, 0)
