"""A team records what it found, once, for every item; a reviewer of nobody's team approves or returns it."""

from datetime import timedelta

import pytest
from publish.a_result import RECORDED, REVIEWED, VISIT, clean, drawn_results, found
from sqlmodel import select

from doublerandom.draws import queries as draws_queries
from doublerandom.draws.errors import TaskNotFoundError
from doublerandom.inspect import queries, services
from doublerandom.inspect.core import Category, Finding
from doublerandom.inspect.errors import (
    ForeignItemError,
    InspectionNotFoundError,
    ItemsIncompleteError,
    NotExclusiveError,
    NotForReviewError,
    OwnInspectionError,
    TaskNotOpenError,
    TaskNotYoursError,
    UnknownCategoryError,
    UnknownMethodError,
    VisitDateError,
)
from doublerandom.inspect.models import Inspection, InspectionStatus, ItemResult
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import facts_of, verify_trail
from doublerandom.registry import queries as registry


def acts(session):
    return [act.name for act in ledger.acts(session)]


def nothing_recorded(results, before):
    """Neither rows nor acts nor a visit came of it."""
    session, task = results.session, results.task()
    assert not session.exec(select(Inspection)).all()
    assert not session.exec(select(ItemResult)).all()
    assert task.closed_at is None
    assert acts(session) == before


class TestRecording:
    def test_a_member_of_the_team_records_and_hands_it_to_the_reviewer(self, results):
        task = results.task()

        inspection = results.record(task, findings=found(task, "2", finding="未公示年报"))

        assert inspection.status is InspectionStatus.SUBMITTED
        assert (inspection.round, inspection.entered_at, inspection.submitted_at) == (1, RECORDED, RECORDED)
        assert queries.findings(results.session, inspection) == found(task, "2", finding="未公示年报")

    def test_the_visit_is_told_to_the_draw_and_the_registry(self, results):
        task = results.task()

        results.record(task)

        session = results.session
        subject = registry.subject(session, task.subject)
        visit = registry.visit_by_source(session, f"task:{task.commitment}")
        assert results.task().closed_at == RECORDED
        assert (visit.subject_id, visit.visited_on, visit.items) == (subject.id, VISIT, list(task.items))
        assert visit.inspectors == [member for member in task.team if member]

    def test_each_thing_told_is_on_record(self, results):
        before = acts(results.session)

        inspection = results.record()

        assert acts(results.session)[len(before) :] == ["TaskVisited", "VisitRecorded", "ResultRecorded"]
        facts = facts_of(ledger.acts_on(results.session, "inspection", str(inspection.id))[-1])
        assert facts["items"] == ["SPJY-01"]
        verify_trail(results.session)

    def test_the_trail_names_the_task_by_its_commitment_and_never_the_subject(self, results):
        session, task = results.session, results.task()
        before = len(acts(session))

        inspection = results.record(task, findings=found(task, "2"))
        results.review(inspection)

        written = list(ledger.acts(session))[before:]
        visit = next(act for act in written if act.name == "VisitRecorded")
        recorded = next(act for act in written if act.name == "ResultRecorded")
        assert (visit.on_kind, visit.on_id) == ("visit", f"task:{task.commitment}")
        assert facts_of(recorded)["commitment"] == task.commitment
        assert not [act.name for act in written if task.subject in act.on_id + act.facts]
        assert visit.after_hash == ""

    @pytest.mark.parametrize("certificate", ["", "P999", "p000"])
    def test_nobody_else_records(self, results, certificate):
        before = acts(results.session)

        with pytest.raises(TaskNotYoursError):
            results.record(certificate=certificate)

        nothing_recorded(results, before)

    def test_an_empty_seat_is_nobodys(self, session, settings):
        results = drawn_results(session, settings, capacity=1)
        ids = draws_queries.task_ids(session, results.draw)
        empty = [task for task in map(results.task, range(len(ids))) if "" in task.team]

        for task in empty:
            with pytest.raises(TaskNotYoursError):
                services.record_result(
                    session,
                    task.id,
                    certificate="",
                    visited_on=VISIT,
                    method="on_site",
                    findings=clean(task),
                    by="p-nobody",
                    at=RECORDED,
                )

    def test_there_is_no_result_without_a_task(self, results):
        with pytest.raises(TaskNotFoundError):
            services.record_result(
                results.session,
                999_999,
                certificate="P000",
                visited_on=VISIT,
                method="on_site",
                findings=[],
                by="p-P000",
                at=RECORDED,
            )

    @pytest.mark.parametrize(
        ("wishes", "error"),
        [
            ({"visited_on": VISIT - timedelta(days=3)}, VisitDateError),
            ({"visited_on": VISIT + timedelta(days=1)}, VisitDateError),
            ({"method": "by_telephone"}, UnknownMethodError),
            ({"findings": []}, ItemsIncompleteError),
            ({"findings": [Finding("SPJY-01", ("1",)), Finding("SPJY-02", ("1",))]}, ForeignItemError),
            ({"findings": [Finding("SPJY-01", ("99",))]}, UnknownCategoryError),
            ({"findings": [Finding("SPJY-01", ("1", "7"), finding="矛盾")]}, NotExclusiveError),
        ],
    )
    def test_a_refused_result_leaves_nothing_behind(self, results, wishes, error):
        before = acts(results.session)

        with pytest.raises(error):
            results.record(**wishes)

        nothing_recorded(results, before)

    def test_a_result_waits_for_its_reviewer_and_is_not_recorded_again(self, results):
        results.record()

        with pytest.raises(TaskNotOpenError):
            results.record()

    def test_a_category_counts_on_the_days_on_which_it_is_in_force(self, results):
        services.add_categories(
            results.session,
            [Category("11", "新类别", "New")],
            valid_from=VISIT + timedelta(days=1),
            by="head",
            at=RECORDED,
        )
        task = results.task()

        with pytest.raises(UnknownCategoryError):
            results.record(task, findings=found(task, "11"), at=RECORDED + timedelta(days=1))

        later = results.record(
            task,
            findings=found(task, "11"),
            visited_on=VISIT + timedelta(days=1),
            at=RECORDED + timedelta(days=1),
        )
        assert later.status is InspectionStatus.SUBMITTED

    def test_a_voided_draw_takes_no_results(self, results):
        results.city.void(results.draw, RECORDED)
        before = acts(results.session)

        with pytest.raises(TaskNotOpenError):
            results.record()

        nothing_recorded(results, before)

    def test_a_recorded_visit_keeps_the_draw_from_being_voided(self, results):
        results.record()

        with pytest.raises(Exception, match="visited"):
            results.city.void(results.draw, REVIEWED)

    def test_after_the_reveal_results_still_come_in(self, results):
        task = results.task()
        results.city.reveal(results.draw)

        late = results.record(task, at=results.draw.reveal_by)

        assert late.status is InspectionStatus.SUBMITTED


class TestReviewing:
    def test_a_returned_result_is_recorded_anew_and_the_first_stays(self, results):
        task = results.task()
        first = results.record(task, findings=found(task, "7", finding="看不清"))
        results.review(first, approve=False, opinion="请写明情况")
        assert first.status is InspectionStatus.RETURNED

        again = results.record(task, by="p-other", at=REVIEWED)

        assert (again.id, again.round, again.status) == (first.id, 2, InspectionStatus.SUBMITTED)
        assert queries.findings(results.session, again) == clean(task)
        rows = results.session.exec(select(ItemResult).order_by(ItemResult.id)).all()
        assert [(row.round, row.categories) for row in rows] == [(1, ["7"]), (2, ["1"])]

    def test_the_visit_of_a_result_recorded_anew_counts_once(self, results):
        task = results.task()
        results.review(results.record(task), approve=False)

        results.record(task, at=REVIEWED)

        subject = registry.subject(results.session, task.subject)
        assert len(registry.visits_of(results.session, subject.id)) == 1

    def test_whoever_recorded_or_inspected_does_not_review(self, results):
        inspection = results.record()
        before = acts(results.session)

        for own in ({"by": inspection.entered_by}, {"certificate": results.task().team[-1]}):
            with pytest.raises(OwnInspectionError):
                results.review(inspection, **own)

        assert inspection.status is InspectionStatus.SUBMITTED
        assert acts(results.session) == before

    def test_a_result_is_reviewed_once(self, results):
        inspection = results.record()
        results.review(inspection)

        with pytest.raises(NotForReviewError):
            results.review(inspection, approve=False)

        assert inspection.status is InspectionStatus.REVIEWED

    def test_there_is_nothing_to_review_where_nothing_was_recorded(self, results):
        with pytest.raises(InspectionNotFoundError):
            services.review(results.session, 999, approve=True, by="p-reviewer", at=REVIEWED)

    def test_only_what_is_reviewed_is_marked_published(self, results):
        inspection = results.record()

        with pytest.raises(NotForReviewError):
            services.mark_published(results.session, inspection.id)

        assert inspection.status is InspectionStatus.SUBMITTED


class TestSight:
    def test_reviewers_see_the_bodies_in_their_sight_and_no_others(self, results):
        inspection = results.record()
        submitted = InspectionStatus.SUBMITTED

        waiting = queries.waiting(results.session, body_path="hz-scjg/", status=submitted)

        assert [row.id for row, _task in waiting] == [inspection.id]
        assert queries.waiting(results.session, body_path="nb-scjg/", status=submitted) == []
        with pytest.raises(InspectionNotFoundError):
            queries.inspection_in_sight(
                results.session, inspection.id, body_path="nb-scjg/", status=submitted
            )
        with pytest.raises(InspectionNotFoundError):
            queries.inspection_in_sight(
                results.session, inspection.id, body_path="hz-scjg/", status=InspectionStatus.REVIEWED
            )

    def test_categories_of_a_day_come_in_their_order(self, results):
        assert list(queries.categories_on(results.session, VISIT)) == ["1", "2", "5", "7", "9"]
        assert queries.categories_on(results.session, VISIT.replace(year=2025)) == {}

    def test_what_was_recorded_is_found_by_task(self, results):
        first, second = results.task(0), results.task(1)
        inspection = results.record(second)

        assert queries.inspections_of_tasks(results.session, [first.id, second.id]) == {second.id: inspection}
        assert queries.inspection_of_task(results.session, first.id) is None
