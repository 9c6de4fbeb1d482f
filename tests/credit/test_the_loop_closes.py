"""From a published result to the next draw: proposed, confirmed by others, a measure, another stratum."""

from datetime import date, timedelta

import pytest
from publish.a_result import (
    DECIDED,
    PENALTY,
    REWARD,
    VISIT,
    all_by_class,
    clean,
    day_after,
    drawn_results,
    found,
)
from sqlmodel import select

from doublerandom.credit import queries
from doublerandom.credit.errors import CreditDecidedError, CreditRecordNotFoundError, OwnCreditCaseError
from doublerandom.credit.models import CreditRecord, CreditStatus
from doublerandom.draws import queries as draws_queries
from doublerandom.draws.pools import find_record, open_pool
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import facts_of, verify_trail
from doublerandom.registry import queries as registry
from doublerandom.registry.models import Measure
from doublerandom.registry.rules import stratum_of

CONFIRMED_ON = day_after(DECIDED, 0)


def acts(session):
    return [act.name for act in ledger.acts(session)]


def row_of(results, subject, on):
    """The subject as a draw on that day would see it."""
    return registry.subject_row(results.session, subject, body=results.city.body, on=on)


def frozen(results, draw, subject):
    """The subject's record in a draw's frozen pool."""
    pool = draws_queries.frozen_pools(results.session, draw)["subjects"]
    with open_pool(pool, draw.number, results.settings) as file:
        return find_record(file, subject)


class TestProposing:
    def test_a_finding_proposes_a_penalty_and_changes_nothing_yet(self, results):
        task = results.task()

        disclosure = results.published(task, findings=found(task, "2"))

        (record,) = results.proposals()
        assert (record.subject, record.kind, record.level) == (task.subject, "penalty", "ordinary")
        assert record.source == f"inspection:{disclosure.inspection_id}:penalty:0"
        assert record.basis == "hz-scjg:scjg:1#credit/0"
        assert record.measure == {"effect": "raise", "days": 365}
        assert not results.session.exec(select(Measure)).all()
        assert not row_of(results, task.subject, CONFIRMED_ON).effect

    def test_a_clean_result_proposes_a_reward(self, results):
        results.published()

        assert [(record.kind, record.measure["effect"]) for record in results.proposals()] == [
            ("reward", "lower")
        ]

    def test_what_no_rule_names_proposes_nothing(self, results):
        task = results.task()

        results.published(task, findings=found(task, "7"))

        assert results.proposals() == []

    def test_a_reward_for_two_clean_visits_waits_for_the_second(self, session, settings):
        twice = {**REWARD, "when": {"categories": ["1"], "clean_visits": 2}}
        results = drawn_results(session, settings, credit=[PENALTY, twice])

        results.published()

        assert results.proposals() == []


class TestDeciding:
    def test_a_confirmed_penalty_is_a_dated_measure_that_the_next_draw_reads(self, results):
        task = results.task()
        results.published(task, findings=found(task, "2"))
        (record,) = results.proposals()

        decided = results.decide(record.id, opinion="事实清楚")

        assert (decided.status, decided.decided_by, decided.opinion) == (
            CreditStatus.ACTIVE,
            "p-credit",
            "事实清楚",
        )
        last = CONFIRMED_ON + timedelta(days=364)
        effects = [
            row_of(results, task.subject, day).effect
            for day in (CONFIRMED_ON - timedelta(days=1), CONFIRMED_ON, last, last + timedelta(days=1))
        ]
        assert effects == ["", "raise", "raise", ""]

    def test_display_counts_from_the_day_of_confirmation(self, results):
        task = results.task()
        results.published(task, findings=found(task, "2"))
        (record,) = results.proposals()
        assert record.effective == VISIT

        results.decide(record.id)

        assert record.effective == CONFIRMED_ON
        assert record.display_min == CONFIRMED_ON + timedelta(days=90)
        assert record.display_max == CONFIRMED_ON + timedelta(days=365)

    def test_a_rejected_record_has_no_effect(self, results):
        task = results.task()
        results.published(task, findings=found(task, "2"))
        (record,) = results.proposals()

        results.decide(record.id, confirm=False, opinion="证据不足")

        assert record.status is CreditStatus.REJECTED
        assert not row_of(results, task.subject, CONFIRMED_ON).effect
        assert not results.session.exec(select(Measure)).all()

    def test_each_decision_is_on_record_with_the_measure(self, results):
        results.published()
        (record,) = results.proposals()
        before = len(acts(results.session))

        results.decide(record.id, opinion="属实")

        assert acts(results.session)[before:] == ["MeasureApplied", "CreditDecided"]
        last = ledger.acts_on(results.session, "credit_record", str(record.id))[-1]
        assert facts_of(last) == {"on_id": str(record.id), "confirmed": True, "opinion": "属实"}
        assert last.before_hash
        assert last.before_hash != last.after_hash
        verify_trail(results.session)

    def test_a_record_is_decided_once(self, results):
        results.published()
        (record,) = results.proposals()
        results.decide(record.id)
        before = acts(results.session)

        for confirm in (True, False):
            with pytest.raises(CreditDecidedError):
                results.decide(record.id, confirm=confirm)

        assert acts(results.session) == before

    def test_who_inspected_recorded_or_reviewed_has_no_say(self, results):
        task = results.task()
        results.published(task, by="p-recorder")
        (record,) = results.proposals()
        before = acts(results.session)

        for own in ({"by": "p-recorder"}, {"by": "p-reviewer"}, {"certificate": task.team[0]}):
            with pytest.raises(OwnCreditCaseError):
                results.decide(record.id, **own)

        assert record.status is CreditStatus.PROPOSED
        assert acts(results.session) == before

    @pytest.mark.parametrize("body_ids", [[], [999]])
    def test_nobody_decides_outside_their_sight(self, results, body_ids):
        results.published()
        (record,) = results.proposals()

        with pytest.raises(CreditRecordNotFoundError):
            results.decide(record.id, body_ids=body_ids)

        assert record.status is CreditStatus.PROPOSED

    def test_there_is_no_record_that_was_not_proposed(self, results):
        with pytest.raises(CreditRecordNotFoundError):
            results.decide(999)

    @pytest.mark.parametrize("nothing", [{"effect": "none"}, {"days": 0}])
    def test_a_consequence_without_effect_is_shown_and_measures_nothing(self, session, settings, nothing):
        results = drawn_results(session, settings, credit=[{**PENALTY, **nothing}])
        task = results.task()
        results.published(task, findings=found(task, "2"))
        (record,) = results.proposals()

        results.decide(record.id)

        assert record.status is CreditStatus.ACTIVE
        assert not results.session.exec(select(Measure)).all()

    def test_a_decision_that_fails_leaves_nothing_behind(self, results):
        task = results.task()
        results.published(task, findings=found(task, "2"))
        (record,) = results.proposals()
        before = acts(results.session)

        with pytest.raises(Exception, match="by"):
            results.decide(record.id, by="no token at all")

        assert results.session.get(CreditRecord, record.id).status is CreditStatus.PROPOSED
        assert acts(results.session) == before
        assert not results.session.exec(select(Measure)).all()


class TestTheNextDraw:
    @pytest.fixture
    def everybody(self, session, settings):
        """A draw by class of which everybody is a task."""
        caps = {"per_year": 5, "cool_down_days": 0, "exempt_measures": True}
        return drawn_results(session, settings, by="class", subjects=12, strata=all_by_class(), caps=caps)

    def task_of_class(self, results, value):
        tasks = [results.task(n) for n in range(results.draw.tasks)]
        return next(task for task in tasks if row_of(results, task.subject, VISIT).credit_class == value)

    @pytest.mark.parametrize(
        ("categories", "start", "expected"),
        [(("2",), "B", "c"), (("1",), "C", "b"), (("2",), "D", "d"), (("1",), "A", "a")],
    )
    def test_a_measure_moves_the_class_by_one_beside_the_imported_one(
        self, everybody, categories, start, expected
    ):
        task = self.task_of_class(everybody, start)
        findings = clean(task) if categories == ("1",) else found(task, *categories)
        everybody.published(task, findings=findings)
        (record,) = everybody.proposals()

        everybody.decide(record.id)

        row = row_of(everybody, task.subject, CONFIRMED_ON)
        assert row.credit_class == start
        assert stratum_of(task.rules, row) == expected

    def test_the_next_draw_has_the_subject_in_another_stratum(self, everybody):
        task = self.task_of_class(everybody, "B")
        everybody.published(task, findings=found(task, "2"))
        (record,) = everybody.proposals()
        everybody.decide(record.id)

        later = everybody.city.committed(
            plan_line="2026-008",
            due=DECIDED + timedelta(hours=5),
            at=DECIDED + timedelta(hours=2),
            signed=DECIDED + timedelta(hours=3),
        )

        before, after = (frozen(everybody, draw, task.subject) for draw in (everybody.draw, later))
        assert (before["stratum"], after["stratum"]) == ("b", "c")
        assert "excluded" not in after


class TestSight:
    def test_records_come_newest_first_by_body_state_and_page(self, results):
        for n in range(3):
            results.published(results.task(n))
        newest, middle, oldest = results.proposals()
        results.decide(middle.id)
        here = [results.city.body.id]

        everything = queries.records_in_sight(results.session, body_ids=here)
        below = queries.records_in_sight(results.session, body_ids=here, before=middle.id)

        assert everything == [newest, middle, oldest]
        assert below == [oldest]
        assert results.proposals() == [newest, oldest]
        assert queries.records_in_sight(results.session, body_ids=[999]) == []
        assert queries.record(results.session, oldest.id) == oldest

    def test_days_are_those_of_shanghai(self, results):
        assert date(2026, 3, 5) == CONFIRMED_ON
        assert results.draw.number
