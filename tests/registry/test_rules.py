"""What a rule set says of subjects, strata and pairs."""

from copy import deepcopy
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry.a_registry import TODAY, a_rule_set_object

from doublerandom.dr1.canon import H, canon
from doublerandom.registry.errors import InvalidRuleSetError
from doublerandom.registry.rule_shape import DRAW_NEEDS, HEAD, SECTIONS
from doublerandom.registry.rule_words import CHAPTERS
from doublerandom.registry.rules import (
    Pair,
    SubjectFacts,
    categories_on,
    check_complete,
    check_rules,
    digest_of,
    exclusion_of,
    is_hard,
    kept_pairs,
    merged,
    shifted,
    strata_of,
    stratum_of,
    text_of,
    verdict_of,
)

RULES = a_rule_set_object()
BY_GRADE = a_rule_set_object(
    strata={
        "by": "grade",
        "quotas": [
            {"stratum": "good", "when": ["A", "B"], "quota": {"kind": "rate", "rate": "1/20"}},
            {"stratum": "other", "when": [], "quota": {"kind": "all"}},
        ],
        "otherwise": "other",
    }
)
MORE = {
    "quorum": {"persons": 2},
    "availability": {"working_days": 5, "window_days": 30, "reminder_days": 60},
    "load": {"period_days": 180, "bands": [5, 10]},
    "visit": {"hours_before": 12},
    "class_snapshot_days": 45,
    "caps": {
        **RULES["caps"],
        "per_level": 2,
        "per_agency": 1,
        "low_risk": {"classes": ["A"], "number": 1},
        "drawn_years": 3,
        "upper_level_days": 90,
        "counting_kinds": ["routine", "special"],
        "exempt_grounds": ["complaint"],
        "warn": {"day": 1, "week": 2, "month": 3},
        "no_finding_limit": 3,
    },
    "conflicts": {**RULES["conflicts"], "supervisor": True, "related": True},
    "deadlines": {
        **RULES["deadlines"],
        "emergency_approval_hours": 24,
        "penalty_working_days": 20,
        "penalty_cross_province_working_days": 10,
        "withdraw_working_days": 3,
        "abnormal_list_working_days": 10,
        "letters_min_days": 15,
        "letters_max_days": 30,
        "repair_working_days": 10,
    },
    "display": [{"record": "credit", "level": "serious", "min_days": 365, "max_days": 1095, "basis": "x"}],
    "categories": {
        "table": [
            {
                "code": "1",
                "zh": "未发现问题",
                "en": "Nothing found",
                "exclusive": True,
                "follow_up": False,
                "proposes": False,
                "ends_eligibility": False,
                "valid_from": "2026-01-01",
            }
        ],
        "names": [{"system": "gsxt", "code": "1", "text": "正常", "category": "1"}],
    },
}


def members(value, chapter):
    """The dotted paths of the members of a section, as its words name them; rows and values have none."""
    if chapter.form != "object":
        return {""}
    found = set()
    for name, inner in value.items():
        found |= {f"{name}.{each}" for each in inner} if isinstance(inner, dict) else {name}
    return found


class TestShape:
    def test_a_rule_set_as_it_should_be_is_taken(self):
        check_rules(RULES)
        check_rules(BY_GRADE)

    def test_its_digest_is_the_hash_of_its_canon(self):
        assert digest_of(RULES) == H(canon(RULES).decode()) == H(text_of(RULES))
        assert digest_of(dict(reversed(RULES.items()))) == digest_of(RULES)

    @pytest.mark.parametrize("member", HEAD)
    def test_no_member_of_the_head_may_be_missing(self, member):
        rules = {name: value for name, value in RULES.items() if name != member}

        with pytest.raises(InvalidRuleSetError) as refused:
            check_rules(rules)

        assert refused.value.params["where"] == f"rules.{member}"

    @pytest.mark.parametrize("section", DRAW_NEEDS)
    def test_a_section_may_be_left_to_the_body_above_but_no_draw_goes_without(self, section):
        rules = {name: value for name, value in RULES.items() if name != section}

        check_rules(rules)

        with pytest.raises(InvalidRuleSetError) as refused:
            check_complete(rules)
        assert refused.value.params["where"] == f"rules.{section}"

    def test_every_section_has_its_words_and_every_member_its_source(self):
        assert CHAPTERS.keys() == SECTIONS.keys()
        check_rules({**RULES, **MORE})
        for name, chapter in CHAPTERS.items():
            assert chapter.source, name
            assert members({**RULES, **MORE}[name], chapter) <= {each.path for each in chapter.parameters}

    def test_experts_do_not_make_a_quorum(self):
        seats = [{"seat": "lead"}, {"seat": "expert"}]

        with pytest.raises(InvalidRuleSetError) as refused:
            check_rules({**RULES, "team": seats, "quorum": {"persons": 2}})

        assert refused.value.params["where"] == "rules.team"
        check_rules({**RULES, "team": [*seats, {"seat": "member"}], "quorum": {"persons": 2}})

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("extra",), 1),
            (("version",), 0),
            (("version",), True),
            (("valid_from",), "2026-1-1"),
            (("valid_from",), 20260101),
            (("body",), "a b"),
            (("strata", "by"), "size"),
            (("strata", "otherwise"), "nowhere"),
            (("strata", "quotas"), []),
            (("strata", "quotas", 0, "quota"), {"kind": "rate", "rate": "3/2"}),
            (("strata", "quotas", 0, "quota"), {"kind": "rate", "rate": 0.05}),
            (("strata", "quotas", 0, "quota"), {"kind": "fixed", "number": -1}),
            (("strata", "quotas", 0, "quota"), {"kind": "all", "rate": "1/2"}),
            (("strata", "quotas", 0, "quota"), {"kind": "some"}),
            (("strata", "quotas", 0, "quota"), "all"),
            (("strata", "quotas", 1, "stratum"), "a"),
            (("strata", "quotas", 1, "when"), ["A"]),
            (("caps", "per_year"), 0),
            (("caps", "exempt_measures"), 1),
            (("caps", "per_month"), 1),
            (("conflicts", "hard"), ["relative", "relative"]),
            (("team",), []),
            (("team", 0), {"seat": "lead", "skills": "lead"}),
            (("capacity",), 0),
            (("deadlines", "reveal_days"), 0),
            (("credit", 0, "when", "categories"), []),
            (("credit", 0, "effect"), "double"),
            (("credit", 0, "display_max_days"), 89),
            (("strata", "quotas", 0, "quota"), {"kind": "per_inspector", "rate": "0/1"}),
            (("strata", "quotas", 0, "quota"), {"kind": "per_inspector", "rate": 5}),
            (("caps", "low_risk"), {"classes": [], "number": 1}),
            (("caps", "warn"), {"year": 1}),
            (("quorum",), {"persons": 1}),
            (("categories", "table", 0, "zh"), " "),
            (("categories", "table", 1), {**MORE["categories"]["table"][0]}),
            (("categories", "names", 0, "category"), "99"),
            (("categories", "names", 1), {**MORE["categories"]["names"][0]}),
            (("deadlines", "letters_max_days"), 14),
            (("display", 0, "record"), "gossip"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(self, path, value):
        rules = deepcopy({**RULES, **MORE})
        inner = rules
        for step in path[:-1]:
            inner = inner[step]
        if path[-1] == 1 and len(inner) == 1:
            inner.append(value)
        else:
            inner[path[-1]] = value

        with pytest.raises(InvalidRuleSetError) as refused:
            check_rules(rules)

        assert refused.value.params["where"].startswith("rules")
        assert refused.value.params["reason_zh"]

    def test_texts_without_canonical_form_are_refused(self):
        rules = deepcopy(RULES)
        rules["strata"]["quotas"][0]["when"] = ["A\u0007"]

        with pytest.raises(InvalidRuleSetError):
            check_rules(rules)

    @pytest.mark.parametrize("rules", [None, [], "rules", 1])
    def test_what_is_no_object_is_refused(self, rules):
        with pytest.raises(InvalidRuleSetError):
            check_rules(rules)


class TestStrata:
    @pytest.mark.parametrize(
        ("effect", "classes"),
        [("", "ABCD"), ("raise", "BCDD"), ("lower", "AABC"), ("exempt", "ABCD")],
    )
    def test_a_measure_shifts_the_class_by_one(self, effect, classes):
        assert "".join(shifted(one, effect) for one in "ABCD") == classes

    def test_a_class_that_is_none_is_not_shifted(self):
        assert not shifted("", "raise")

    @pytest.mark.parametrize(
        ("facts", "stratum"),
        [
            (SubjectFacts(credit_class="A"), "a"),
            (SubjectFacts(credit_class="A", effect="raise"), "b"),
            (SubjectFacts(credit_class="D", effect="lower"), "c"),
            (SubjectFacts(), "rest"),
            (SubjectFacts(grade="A"), "rest"),
        ],
    )
    def test_by_class_the_shifted_class_tells_the_stratum(self, facts, stratum):
        assert stratum_of(RULES, facts) == stratum

    def test_by_grade_neither_class_nor_measure_counts(self):
        assert stratum_of(BY_GRADE, SubjectFacts(grade="B", credit_class="D", effect="raise")) == "good"
        assert stratum_of(BY_GRADE, SubjectFacts(credit_class="A")) == "other"

    def test_quotas_are_what_they_say(self):
        counts = {"a": (101, 0), "b": (101, 2), "c": (5, 1), "d": (9, 3), "rest": (4, 4)}

        assert strata_of(RULES, counts) == [
            {"id": "a", "size": 101, "excluded": 0, "rate": "1/50", "take": 3},
            {"id": "b", "size": 101, "excluded": 2, "take": 4},
            {"id": "c", "size": 5, "excluded": 1, "take": 4},
            {"id": "d", "size": 9, "excluded": 3, "rate": "1/1", "take": 6},
            {"id": "rest", "size": 4, "excluded": 4, "take": 0},
        ]

    def test_a_stratum_without_records_is_not_listed(self):
        assert [stratum["id"] for stratum in strata_of(RULES, {"d": (1, 0)})] == ["d"]

    @given(st.integers(1, 999), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 999))
    def test_minimum_rates_round_up_and_maximum_rates_down(self, a, size, excluded, more):
        rate, excluded = f"{a}/{a + more}", min(size, excluded)
        rules = deepcopy(RULES)
        rules["strata"]["quotas"][0]["quota"]["rate"] = rate
        rules["strata"]["quotas"][1]["quota"]["rate"] = rate

        least, most = strata_of(rules, {"a": (size, excluded), "b": (size, excluded)})

        exact = Fraction(a, a + more) * (size - excluded)
        assert (least["take"], most["take"]) == (ceil(exact), floor(exact))
        assert "rate" not in most

    @given(st.integers(1, 99), st.integers(1, 99), st.integers(0, 400), st.integers(0, 10**4))
    def test_quotas_by_head_count_are_whole_and_never_more_than_asked(self, a, b, inspectors, size):
        rules = deepcopy(RULES)
        rules["strata"]["quotas"][0]["quota"] = {"kind": "per_inspector", "rate": f"{a}/{b}"}

        (stratum,) = strata_of(rules, {"a": (size, 0)}, inspectors=inspectors)

        assert stratum == {
            "id": "a",
            "size": size,
            "excluded": 0,
            "take": min(floor(Fraction(a, b) * inspectors), size),
        }


class TestLayers:
    @given(st.lists(st.sets(st.sampled_from(sorted(SECTIONS))), min_size=1, max_size=5))
    def test_each_section_comes_whole_from_the_nearest_set_that_has_it(self, held):
        sets = [
            {
                "body": f"b{n}",
                "domain": "all",
                "version": n + 1,
                "valid_from": "2026-01-01",
                **{name: f"{name} of {n}" for name in sections},
            }
            for n, sections in enumerate(held)
        ]

        rules = merged(sets)

        assert {name: rules[name] for name in ("body", "version")} == {"body": "b0", "version": 1}
        for name in SECTIONS:
            nearest = next((n for n, sections in enumerate(held) if name in sections), None)
            if nearest is None:
                assert name not in rules
                assert name not in rules["sources"]
            else:
                assert rules[name] == f"{name} of {nearest}"
                assert rules["sources"][name] == f"b{nearest}:all:{nearest + 1}"

    def test_a_set_alone_says_what_it_says(self):
        assert {**RULES, "sources": merged([RULES])["sources"]} == merged([RULES])
        check_complete(merged([RULES]))


class TestCategories:
    def test_those_of_a_day_are_found_in_their_order(self):
        row = MORE["categories"]["table"][0]
        later = {**row, "code": "2", "valid_from": "2026-05-01", "valid_to": "2026-05-31"}
        rules = {"categories": {"table": [row, later]}}

        assert categories_on(rules, date(2025, 12, 31)) == categories_on({}, TODAY) == []
        assert categories_on(rules, date(2026, 4, 30)) == categories_on(rules, date(2026, 6, 1)) == [row]
        assert categories_on(rules, date(2026, 5, 31)) == [row, later]


class TestExclusions:
    @pytest.mark.parametrize(
        ("facts", "reason"),
        [
            (SubjectFacts(credit_class="A"), ""),
            (SubjectFacts(credit_class="A", excluded="court-order", status="revoked"), "court-order"),
            (SubjectFacts(credit_class="A", status="moved_out", effect="exempt"), "status-moved-out"),
            (SubjectFacts(credit_class="A", effect="exempt", visits_this_year=9), "exempt-by-measure"),
            (SubjectFacts(credit_class="A", visits_this_year=2, last_visit=TODAY), "cap-per-year"),
            (SubjectFacts(credit_class="A", visits_this_year=1, last_visit=TODAY), "cool-down"),
            (SubjectFacts(credit_class="A", last_visit=TODAY - timedelta(days=30)), ""),
            (SubjectFacts(credit_class="A", last_visit=TODAY - timedelta(days=29)), "cool-down"),
            (SubjectFacts(), "stratum-excluded"),
        ],
    )
    def test_the_first_reason_that_holds_is_named(self, facts, reason):
        assert exclusion_of(RULES, facts, on=TODAY) == reason
        assert verdict_of(RULES, facts, on=TODAY) == (stratum_of(RULES, facts), reason)

    @pytest.mark.parametrize(
        ("facts", "reason"),
        [
            ({}, ""),
            ({"visits_this_year": 4}, "cap-per-year"),
            ({"visits_this_year": 3, "visits_at_level": 2}, "cap-per-level"),
            ({"visits_this_year": 2, "visits_at_level": 1, "visits_by_agency": 1}, "cap-per-agency"),
            ({"credit_class": "A", "visits_this_year": 1}, "cap-low-risk"),
            ({"credit_class": "B", "effect": "lower", "visits_this_year": 1}, "cap-low-risk"),
            ({"credit_class": "A", "effect": "raise", "visits_this_year": 1}, ""),
            ({"visits_this_year": 1, "last_visit": TODAY, "last_drawn": TODAY}, "cool-down"),
            ({"last_drawn": date(2023, 3, 3)}, "drawn-recently"),
            ({"last_drawn": date(2023, 3, 2)}, ""),
            ({"last_drawn": date(2024, 2, 29)}, "drawn-recently"),
            ({"last_upper_visit": TODAY - timedelta(days=89)}, "upper-level-recently"),
            ({"last_upper_visit": TODAY - timedelta(days=90)}, ""),
        ],
    )
    def test_every_cap_has_its_reason(self, facts, reason):
        caps = {**MORE["caps"], "per_year": 4}
        found = SubjectFacts(**{"credit_class": "B", **facts})

        assert exclusion_of({**RULES, "caps": caps}, found, on=TODAY) == reason

    def test_caps_that_are_not_set_exclude_nobody(self):
        facts = SubjectFacts(
            credit_class="A",
            visits_this_year=1,
            visits_at_level=9,
            visits_by_agency=9,
            last_drawn=TODAY,
            last_upper_visit=TODAY,
        )

        assert not exclusion_of(RULES, facts, on=TODAY)

    def test_where_strata_go_by_grade_low_risk_is_a_grade_and_tells_no_class(self):
        rules = {**BY_GRADE, "caps": {**MORE["caps"], "low_risk": {"classes": ["A"], "number": 1}}}

        by_class = SubjectFacts(credit_class="A", grade="B", visits_this_year=1)
        by_grade = SubjectFacts(credit_class="D", grade="A", visits_this_year=1)

        assert exclusion_of(rules, by_class, on=TODAY) == ""
        assert exclusion_of(rules, by_grade, on=TODAY) == "cap-low-risk"

    def test_three_years_after_a_leap_day_end_with_the_first_of_march(self):
        rules = {**RULES, "caps": MORE["caps"]}
        facts = SubjectFacts(credit_class="A", last_drawn=date(2024, 2, 29))

        assert exclusion_of(rules, facts, on=date(2027, 2, 28)) == "drawn-recently"
        assert exclusion_of(rules, facts, on=date(2027, 3, 1)) == ""

    def test_where_the_rules_say_so_an_exemption_is_no_exclusion(self):
        rules = a_rule_set_object(caps={"per_year": 9, "cool_down_days": 0, "exempt_measures": False})

        assert not exclusion_of(rules, SubjectFacts(credit_class="A", effect="exempt"), on=TODAY)
        assert not exclusion_of(rules, SubjectFacts(credit_class="A", last_visit=TODAY), on=TODAY)


PAIRS = st.lists(
    st.builds(
        Pair,
        st.sampled_from(["p1", "p2", "p3", "p4"]),
        st.sampled_from(["s1", "s2"]),
        st.sampled_from(["inspected-last-time", "other", "relative"]),
        st.booleans(),
    ),
    max_size=12,
)


class TestPairs:
    def test_the_lists_of_the_rules_go_before_the_declaration(self):
        assert is_hard(RULES, "relative", declared_hard=False)
        assert not is_hard(RULES, "regular-supervisor", declared_hard=True)
        assert is_hard(RULES, "dispute", declared_hard=True)
        assert not is_hard(RULES, "dispute", declared_hard=False)

    def test_soft_grounds_give_way_where_too_few_would_be_left(self):
        pairs = [Pair("p1", "s1", "relative", True), Pair("p2", "s1", "regular-supervisor", False)]

        enough, none_waived = kept_pairs(
            RULES, pairs, eligible=lambda _: ["p1", "p2", "p3", "p4", "p5", "p6"]
        )
        few, waived = kept_pairs(RULES, pairs, eligible=lambda _: ["p1", "p2", "p3", "p4", "p5"])

        assert (enough, none_waived) == (pairs, 0)
        assert (few, waived) == (pairs[:1], 1)

    @given(PAIRS, st.sets(st.sampled_from(["p1", "p2", "p3", "p4", "p5", "p6", "p7"])))
    def test_hard_pairs_always_stand_and_each_pair_once(self, pairs, eligible):
        kept, waived = kept_pairs(RULES, pairs, eligible=lambda _: eligible)

        hard = {(pair.inspector, pair.subject) for pair in pairs if pair.hard}
        every = {(pair.inspector, pair.subject) for pair in pairs}
        found = [(pair.inspector, pair.subject) for pair in kept]
        assert hard <= set(found) <= every
        assert len(found) == len(set(found)) == len(every) - waived
        assert found == sorted(found)
        assert all(pair.hard for pair in kept if (pair.inspector, pair.subject) in hard)
        assert kept_pairs(RULES, reversed(pairs), eligible=lambda _: eligible) == (kept, waived)


def test_facts_have_defaults_that_exclude_nobody():
    assert SubjectFacts().last_visit is None
    assert not exclusion_of(BY_GRADE, SubjectFacts(), on=date(2026, 1, 1))
