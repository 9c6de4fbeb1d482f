"""Visits: what counts against the caps, what is left of them, corrections, and visits from other systems."""

from datetime import date

import pytest
from registry.a_registry import NOON, a_body, a_code, a_rule_set_object, a_subject, some_subjects

from doublerandom.registry import queries, services
from doublerandom.registry.errors.visits import InvalidVisitError, InvalidVisitsError, VisitSupersededError
from doublerandom.registry.intake.importing import Import, import_file
from doublerandom.registry.intake.reports import Report
from doublerandom.registry.rules import exclusion_of
from doublerandom.registry.services import VisitIn
from doublerandom.registry.visit_checks import VisitFacts

DAY = date(2026, 2, 10)
ON = date(2026, 3, 2)
CAPS = {
    "per_year": 4,
    "per_level": 2,
    "per_agency": 1,
    "cool_down_days": 30,
    "drawn_years": 3,
    "upper_level_days": 90,
    "counting_kinds": ["random", "special"],
    "exempt_grounds": ["complaint"],
    "exempt_measures": True,
}


@pytest.fixture
def body(session):
    some_subjects(session, a_subject(1), a_subject(2))
    return a_body(session)


def visit(session, source, *, body_id=None, subject=None, on=DAY, **facts):
    return services.record_visit(
        session,
        subject_code=subject or a_code(1),
        body_id=body_id,
        visited_on=on,
        source=source,
        by="li",
        at=NOON,
        **facts,
    )


def facts_of(session, body, caps=CAPS):
    row = queries.subject_row(session, a_code(1), body=body, on=ON, caps=caps)
    return (
        *(row.visits_this_year, row.visits_at_level, row.visits_by_agency),
        *(row.last_visit, row.last_drawn, row.last_upper_visit),
    )


class TestFactsOfCaps:
    def test_kinds_exemptions_levels_and_agencies_are_told_apart(self, session, body):
        visit(session, "desk:1", body_id=body.id, kind="random")
        visit(session, "desk:2", outside="省药监局", level="province", line="scjg", kind="special")
        visit(session, "desk:3", outside="市城管局", level="city", kind="special", on=date(2025, 12, 1))
        visit(session, "desk:4", body_id=body.id, kind="case")
        visit(session, "desk:5", body_id=body.id, kind="special", exempt="complaint", evidence="投诉 1 号")
        visit(session, "desk:6", body_id=body.id, kind="special", counts=False)

        assert facts_of(session, body) == (2, 1, 1, DAY, DAY, DAY)
        assert facts_of(session, body, None)[:4] == (3, 0, 0, DAY)

    def test_what_a_site_is_visited_for_counts_at_its_operator(self, session, body):
        site = queries.subject(session, a_code(2))
        site.operator_id = queries.subject(session, a_code(1)).id
        session.commit()

        visit(session, "desk:1", body_id=body.id, subject=a_code(2))

        assert facts_of(session, body)[0] == 1

    def test_what_is_left_of_each_cap_is_told(self, session, body):
        visit(session, "desk:1", body_id=body.id)
        rules = a_rule_set_object(caps={**CAPS, "low_risk": {"classes": ["A"], "number": 1}})

        uses = queries.cap_use(
            session, queries.subject(session, a_code(1)), body=body, rules=rules, on=ON
        )

        assert [(use.cap, use.used, use.left, use.until) for use in uses] == [
            ("per_year", 1, 3, date(2027, 1, 1)),
            ("per_level", 1, 1, date(2027, 1, 1)),
            ("per_agency", 1, 0, date(2027, 1, 1)),
            ("cool_down_days", 20, 10, date(2026, 3, 12)),
            ("drawn_years", 20, 1076, date(2029, 2, 10)),
            ("upper_level_days", 0, 0, None),
        ]

    def test_who_is_visited_too_often_is_warned_about(self, session, body):
        for n in range(3):
            visit(session, f"desk:{n}", body_id=body.id, on=ON, kind="routine")
        visit(session, "desk:9", body_id=body.id, subject=a_code(2), on=ON)

        found = queries.frequent_visits(session, warn={"day": 1, "week": 2, "month": 3}, on=ON)

        assert [(each.span, each.visits) for each in found] == [("day", 3), ("week", 3)]


class TestCorrections:
    def test_the_same_source_with_another_day_supersedes_the_first(self, session, body):
        first = visit(session, "task:ab", body_id=body.id)
        again = visit(session, "task:ab", body_id=body.id)
        later = visit(session, "task:ab", body_id=body.id, on=date(2026, 2, 12), found=True)

        assert first.id == again.id
        assert (first.superseded, later.supersedes_id, later.source) == (True, first.id, "task:ab#2")
        assert queries.visit_by_source(session, "task:ab").visited_on == date(2026, 2, 12)
        assert facts_of(session, body)[0] == 1
        assert [row.id for row in queries.visit_history(session, first)] == [first.id, later.id]

    def test_a_corrected_visit_stays_readable_and_is_corrected_once(self, session, body):
        wrong = visit(session, "desk:1", body_id=body.id)
        right = VisitFacts(visited_on=DAY, body_id=body.id, counts=False)

        services.correct_visit(session, wrong.id, right, reason="没有去", by="li", at=NOON)

        assert facts_of(session, body)[0] == 0
        with pytest.raises(VisitSupersededError):
            services.correct_visit(session, wrong.id, right, reason="再改", by="li", at=NOON)

    @pytest.mark.parametrize(
        "facts",
        [
            {"kind": "stroll"},
            {"exempt": "complaint"},
            {"exempt": "mood", "evidence": "x"},
            {"time": "25:00"},
            {"body_id": None},
            {"visited_on": date(2026, 4, 1)},
            {"inspectors": ("",)},
            {"evidence": "\u202e"},
        ],
    )
    def test_what_no_visit_can_be_is_refused(self, session, body, facts):
        told = VisitFacts(**{"visited_on": DAY, "body_id": body.id, **facts})

        with pytest.raises(InvalidVisitError):
            services.enter_visit(session, a_code(1), told, source="desk:1", by="li", at=NOON)


class TestVisitsOfOtherSystems:
    def send(self, session, body, *visits):
        return services.record_outside_visits(session, visits, body=body, by="system", at=NOON)

    def test_sent_twice_is_once_and_sent_anew_corrects(self, session, body):
        one = VisitIn(key="a-1", code=a_code(1), visited_on=DAY, agency="省网信办", level="province")

        first, again = self.send(session, body, one), self.send(session, body, one)
        anew = self.send(session, body, one.model_copy(update={"kind": "special"}))

        assert (first.recorded, again.unchanged, anew.corrected) == (1, 1, 1)
        (row,) = queries.visits_of(session, queries.subject(session, a_code(1)).id)
        assert (row.kind, row.outside, row.source) == ("special", "省网信办", f"api:{body.id}:a-1#2")

    def test_all_errors_are_told_at_once_and_nothing_is_taken(self, session, body):
        good = VisitIn(key="a-1", code=a_code(1), visited_on=DAY)
        bad = VisitIn(key="a-1", code="9133", visited_on=date(2027, 1, 1), kind="stroll")

        with pytest.raises(InvalidVisitsError) as refused:
            self.send(session, body, good, bad)

        told = [(each["index"], each["field"]) for each in refused.value.params["errors"]]
        assert told == [(1, "key"), (1, "code"), (1, "visited_on"), (1, "kind")]
        assert queries.visits_of(session, queries.subject(session, a_code(1)).id) == []

    def test_a_sender_tells_of_itself_and_of_bodies_below_it_alone(self, session, body):
        below = a_body(session, "sc-scjg", region="330102", above=body)
        beside = a_body(session, "hz-fire")
        one = VisitIn(key="a-1", code=a_code(1), visited_on=DAY, agency=below.token)

        assert self.send(session, body, one).recorded == 1
        with pytest.raises(InvalidVisitsError) as refused:
            self.send(session, body, one.model_copy(update={"key": "a-2", "agency": beside.token}))

        assert [each["field"] for each in refused.value.params["errors"]] == ["agency"]

    def test_a_visit_sent_anew_for_another_subject_goes_over_to_that_one(self, session, body):
        one = VisitIn(key="a-1", code=a_code(1), visited_on=DAY)
        first, second = (queries.subject(session, a_code(n)) for n in (1, 2))
        self.send(session, body, one)

        anew = self.send(session, body, one.model_copy(update={"code": a_code(2)}))

        assert anew.corrected == 1
        assert queries.visits_of(session, first.id) == []
        (row,) = queries.visits_of(session, second.id)
        assert (row.subject_id, row.answerable_id) == (second.id, second.id)
        again = visit(session, f"api:{body.id}:a-1", body_id=body.id, kind="routine")
        assert again.subject_id == first.id


def test_a_file_of_visits_is_taken_row_by_row_and_once(session, body, tmp_path):
    path = tmp_path / "visits.csv"
    path.write_text(
        "统一社会信用代码,检查日期,检查机关,检查事项,人员证号,类型,豁免事由,豁免依据,是否发现问题\n"
        f"{a_code(1)},2026-02-10,{body.name},SC-01、SC-02,Z-1、Z-2,日常检查,,,否\n"
        f"{a_code(1)},2026-02-11,省药监局,,,专项检查,投诉举报,投诉 1 号,是\n"
        f"{a_code(2)},2026-02-11,省药监局,,,专项检查,投诉举报,,\n"
        f"{a_code(9)},2026-02-11,省药监局,,,,,,\n",
        encoding="utf-8",
    )
    outcomes = []
    for _turn in range(2):
        with Report() as report:
            import_file(session, Import("visits", path, by="li", at=NOON), report)
            outcomes.append((report.counts.accepted, report.counts.refused, report.counts.repeated))

    assert outcomes == [(2, 2, 0), (0, 2, 2)]
    late, early = queries.visits_of(session, queries.subject(session, a_code(1)).id)
    assert (early.items, early.inspectors, early.kind, early.found) == (
        ["SC-01", "SC-02"],
        ["Z-1", "Z-2"],
        "routine",
        False,
    )
    assert (late.outside, late.exempt, late.body_id) == ("省药监局", "complaint", None)


class TestItemsOfUpperLevels:
    def test_only_the_items_that_an_upper_level_looked_at_are_not_repeated(self, session, body):
        visit(session, "desk:1", outside="省药监局", level="province", line="drug", items=["YP-01"])

        def last(items):
            row = queries.subject_row(session, a_code(1), body=body, on=ON, caps=CAPS, items=items)
            return row.last_upper_visit

        assert (last(["YP-01", "SP-02"]), last(["SP-02"]), last(["YP-0_"])) == (DAY, None, None)

    def test_a_visit_whose_items_nobody_told_counts_in_its_line_of_work(self, session, body):
        visit(session, "desk:1", outside="省局", level="province", line=body.line)
        visit(session, "desk:2", outside="省厅", level="province", line="eco", subject=a_code(2))

        rows = list(
            queries.subjects_in_scope(
                session, body=body, filter_text="", on=ON, caps=CAPS, items=["SP-02"]
            )
        )

        assert [row.last_upper_visit for row in rows] == [DAY, None]


def test_who_stands_on_a_no_disturbance_list_is_not_drawn_unless_the_rules_say_so(session, body):
    services.put_on_list(
        session, a_code(1), kind="no_disturbance", valid_from=DAY, valid_to=ON, source="文件 1 号",
        by="li", at=NOON,
    )  # fmt: skip

    row = queries.subject_row(session, a_code(1), body=body, on=ON)
    later = queries.subject_row(session, a_code(1), body=body, on=date(2026, 12, 1))
    rules = a_rule_set_object(caps={"per_year": 9, "cool_down_days": 0, "exempt_measures": True})

    assert (row.no_disturbance, later.no_disturbance) == (True, False)
    assert exclusion_of(rules, row, on=ON) == "no-disturbance"
    rules["caps"]["draws_no_disturbance"] = True
    assert exclusion_of(rules, row, on=ON) != "no-disturbance"
