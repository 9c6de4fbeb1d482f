"""A draw's scope: which subjects, in which order, with what bodies, credit and visits say of them."""

from dataclasses import replace
from datetime import date

import pytest
from registry.a_registry import NOON, TODAY, a_body, a_code, a_subject, some_subjects

from doublerandom.ledger.queries import acts_on
from doublerandom.registry import queries, services
from doublerandom.registry.errors import AlreadyThereError, InvalidCodeError, SubjectNotFoundError

pytestmark = pytest.mark.every_case


def scope(session, body, text="", on=TODAY):
    return list(queries.subjects_in_scope(session, body=body, filter_text=text, on=on))


def codes(session, body, text="", on=TODAY):
    return [row.code for row in scope(session, body, text, on)]


def say(session, body, code, kind, value, **dates):
    dates = {"valid_from": date(2026, 1, 1), **dates}
    services.set_standing(
        session, subject_code=code, body_id=body.id, kind=kind, value=value, by="zhang", at=NOON, **dates
    )


def measure(session, body, code, effect, source, first=date(2026, 1, 1), last=date(2026, 12, 31)):
    return services.apply_measure(
        session,
        subject_code=code,
        body_id=body.id,
        effect=effect,
        valid_from=first,
        valid_to=last,
        source=source,
        by="qian",
        at=NOON,
    )


def visit(session, body, code, on, source, **facts):
    return services.record_visit(
        session, subject_code=code, body_id=body.id, visited_on=on, source=source, by="li", at=NOON, **facts
    )


class TestWhoIsInScope:
    def test_a_body_sees_the_subjects_of_its_region_and_below_and_no_others(self, session):
        city, county = a_body(session), a_body(session, "sc-scjg", region="330102")
        here, beside, elsewhere = some_subjects(
            session, a_subject(1), a_subject(2, region="330106"), a_subject(3, region="330203")
        )

        assert codes(session, city) == [here, beside]
        assert codes(session, county) == [here]
        assert elsewhere not in codes(session, city)

    def test_subjects_come_in_the_order_of_the_bytes_of_their_codes(self, session):
        body = a_body(session)
        issued = [
            replace(a_subject(n), code=code, kind="site")
            for n, code in enumerate(("a-1", "a.1", "Z9", "A_1"))
        ]
        known = [replace(one, code=one.code.upper()) for one in issued[2:]]
        some_subjects(session, a_subject(9), a_subject(2), *known)

        assert codes(session, body) == sorted(codes(session, body), key=str.encode)
        assert len(codes(session, body)) == 4

    def test_subjects_that_cannot_be_drawn_stay_in_scope(self, session):
        body = a_body(session)
        gone, shut = some_subjects(session, a_subject(1, status="revoked"), a_subject(2))
        say(session, body, shut, "excluded", "court-order")

        assert [(row.code, row.status, row.excluded) for row in scope(session, body)] == [
            (gone, "revoked", ""),
            (shut, "active", "court-order"),
        ]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", {1, 2, 3}),
            ("region = 330102", {1, 2}),
            ("region in (330106, 330203)", {3}),
            ("industry = 62", {1, 3}),
            ("industry = 62 and not region = 330102", {3}),
            ("class = A or class = D", {1, 3}),
            ("class != A", {2, 3}),
            ("status = deregistered", {2}),
            ("name ~ '饭店'", {1}),
            ("name ~ 'abc'", set()),
            ("name ~ 'ABC'", {2}),
            ("kind not in (enterprise)", {3}),
        ],
    )
    def test_the_filter_takes_what_it_says(self, session, text, expected):
        body = a_body(session)
        some_subjects(
            session,
            a_subject(1, industry="6210", credit_class="A", name="一号饭店"),
            a_subject(2, industry="5211", credit_class="B", name="ABC%超市", status="deregistered"),
            a_subject(3, region="330106", industry="6220", credit_class="D", kind="self_employed"),
        )

        found = {row.code for row in scope(session, body, text)}

        assert found == {a_code(n, region="330106" if n == 3 else "330102") for n in expected}

    def test_tags_and_grades_in_a_filter_are_those_of_the_body_itself_on_that_day(self, session):
        body, other = a_body(session), a_body(session, "hz-fire")
        tagged, graded, elsewhere = some_subjects(session, a_subject(1), a_subject(2), a_subject(3))
        say(session, body, tagged, "tag", "school-canteen", valid_to=date(2026, 6, 30))
        say(session, body, graded, "grade", "B")
        say(session, other, elsewhere, "tag", "school-canteen")

        assert codes(session, body, "tag = school-canteen") == [tagged]
        assert codes(session, body, "tag = school-canteen", on=date(2026, 7, 1)) == []
        assert codes(session, body, "grade in (B, C)") == [graded]


class TestWhatIsSaidOfThem:
    def test_the_last_grade_that_is_valid_on_the_day_speaks(self, session):
        body = a_body(session)
        (code,) = some_subjects(session, a_subject(1))
        say(session, body, code, "grade", "A", valid_from=date(2025, 1, 1))
        say(session, body, code, "grade", "C", valid_from=date(2026, 2, 1))
        say(session, body, code, "grade", "B", valid_from=date(2026, 4, 1))

        assert scope(session, body)[0].grade == "C"
        assert scope(session, body, on=date(2026, 1, 31))[0].grade == "A"
        assert scope(session, body, on=date(2026, 4, 1))[0].grade == "B"

    def test_one_bureaus_exclusion_changes_nothing_for_another(self, session):
        body, other = a_body(session), a_body(session, "hz-fire")
        (code,) = some_subjects(session, a_subject(1))
        say(session, other, code, "excluded", "court-order")

        assert scope(session, other)[0].excluded == "court-order"
        assert not scope(session, body)[0].excluded

    def test_measures_of_the_body_and_of_those_above_it_apply_while_they_last(self, session):
        province = a_body(session, "zj-scjg", region="330000")
        city = a_body(session, above=province)
        other = a_body(session, "hz-fire")
        mine, above, strangers = some_subjects(session, a_subject(1), a_subject(2), a_subject(3))
        measure(session, city, mine, "lower", "credit:1", last=date(2026, 3, 2))
        measure(session, province, above, "raise", "credit:2")
        measure(session, other, strangers, "raise", "credit:3")

        assert [row.effect for row in scope(session, city)] == ["lower", "raise", ""]
        assert [row.effect for row in scope(session, city, on=date(2026, 3, 3))] == ["", "raise", ""]

    def test_the_strictest_of_several_measures_wins_but_an_exemption_wins_over_all(self, session):
        body = a_body(session)
        both, exempt = some_subjects(session, a_subject(1), a_subject(2))
        measure(session, body, both, "lower", "credit:1")
        measure(session, body, both, "raise", "credit:2")
        measure(session, body, exempt, "raise", "credit:3")
        measure(session, body, exempt, "exempt", "credit:4")

        assert [row.effect for row in scope(session, body)] == ["raise", "exempt"]

    def test_counting_visits_of_this_year_up_to_the_day_are_counted_whoever_came(self, session):
        body, other = a_body(session), a_body(session, "hz-fire")
        (code, never) = some_subjects(session, a_subject(1), a_subject(2))
        visit(session, body, code, date(2025, 12, 31), "task:1")
        visit(session, other, code, date(2026, 1, 10), "task:2")
        visit(session, body, code, date(2026, 2, 10), "task:3")
        visit(session, body, code, date(2026, 2, 20), "task:4", counts=False)
        visit(session, body, code, date(2026, 3, 3), "task:5")

        row, untouched = scope(session, body)
        assert (row.visits_this_year, row.last_visit) == (2, date(2026, 2, 10))
        assert (untouched.code, untouched.visits_this_year, untouched.last_visit) == (never, 0, None)

    def test_a_visit_learnt_twice_from_one_source_counts_once(self, session):
        body = a_body(session)
        (code,) = some_subjects(session, a_subject(1))

        first = visit(session, body, code, date(2026, 2, 10), "task:1")
        second = visit(session, body, code, date(2026, 2, 10), "task:1")

        assert first.id == second.id
        assert scope(session, body)[0].visits_this_year == 1

    @pytest.mark.parametrize(("source", "bound"), [("task:" + "0" * 64, False), ("file:fire:1", True)])
    def test_a_visit_is_on_record_by_its_source_and_never_by_its_subject(self, session, source, bound):
        body = a_body(session)
        (code,) = some_subjects(session, a_subject(1))

        visit(session, body, code, date(2026, 2, 10), source)

        (act,) = acts_on(session, "visit", source)
        assert code not in act.facts
        assert bool(act.after_hash) is bound

    def test_one_subject_is_seen_as_the_scope_would_show_it(self, session):
        body, county = a_body(session), a_body(session, "sc-scjg", region="330106")
        (code,) = some_subjects(session, a_subject(1, credit_class="C"))

        assert queries.subject_row(session, code, body=body, on=TODAY) == scope(session, body)[0]
        assert queries.subject_row(session, code, body=county, on=TODAY) is None


class TestSubjectsComeInAllOrNone:
    def test_a_wrong_check_character_refuses_them_all(self, session):
        wrong = replace(a_subject(2), code=a_code(2)[:-1] + ("0" if a_code(2)[-1] != "0" else "1"))

        with pytest.raises(InvalidCodeError):
            some_subjects(session, a_subject(1), wrong)

        assert queries.subjects_count(session) == 0
        assert queries.import_batches(session) == []

    def test_a_code_that_is_there_refuses_them_all(self, session):
        some_subjects(session, a_subject(1))

        with pytest.raises(AlreadyThereError):
            some_subjects(session, a_subject(2), a_subject(1))

        assert queries.subjects_count(session) == 1

    def test_the_same_code_twice_refuses_them_all(self, session):
        with pytest.raises(AlreadyThereError):
            some_subjects(session, a_subject(1), a_subject(1))

        assert queries.subjects_count(session) == 0

    def test_a_measure_for_nobody_is_refused(self, session):
        body = a_body(session)

        with pytest.raises(SubjectNotFoundError):
            measure(session, body, a_code(1), "raise", "credit:1")

    def test_standings_for_many_come_all_or_none(self, session):
        body = a_body(session)
        first, second = some_subjects(session, a_subject(1), a_subject(2))
        facts = {"body_id": body.id, "kind": "grade", "valid_from": TODAY, "by": "zhang", "at": NOON}

        with pytest.raises(SubjectNotFoundError):
            services.set_standings(session, values={first: "A", a_code(9): "B"}, **facts)
        services.set_standings(session, values={first: "A", second: "B"}, **facts)

        assert [row.grade for row in scope(session, body)] == ["A", "B"]
        assert len(queries.standings_of(session, queries.subject(session, first).id, on=TODAY)) == 1


def test_a_page_of_subjects_goes_on_after_the_last_code(session):
    some_subjects(
        session, *(a_subject(n) for n in range(1, 6)), a_subject(7, region="440303", name="深圳饭店")
    )

    first = queries.subjects(session, region="330000", limit=3)
    rest = queries.subjects(session, region="330000", after=first[-1].code, limit=3)

    assert [row.code for row in first + rest] == sorted(a_code(n) for n in range(1, 6))
    assert [row.name for row in queries.subjects(session, words="饭店")] == ["深圳饭店"]
    assert queries.subjects_count(session, region="330102") == 5


def test_subjects_are_found_by_code_in_any_case_and_in_bulk(session):
    first, second = some_subjects(session, a_subject(1), a_subject(2))

    assert queries.subject(session, f" {first.lower()} ").code == first
    assert [row.code for row in queries.subjects_by_codes(session, [second, first, a_code(3)])] == [
        first,
        second,
    ]
    with pytest.raises(SubjectNotFoundError):
        queries.subject(session, a_code(3))
