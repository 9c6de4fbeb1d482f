"""A reviewed result is public at once: its record, its digest in the log, its deadline by the calendar."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from draws.a_city import some_rules
from publish.a_result import REVIEWED, VISIT, clean, drawn_results, found
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from doublerandom.credit.models import CreditRecord
from doublerandom.db import transaction
from doublerandom.dr1.canon import canon
from doublerandom.dr1.errors import ProtocolError
from doublerandom.inspect.errors import NotForReviewError, OwnInspectionError
from doublerandom.inspect.models import InspectionStatus
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import verify_trail
from doublerandom.publish import queries, services
from doublerandom.publish.errors import DisclosureNotFoundError, NotForPublicationError
from doublerandom.publish.models import Disclosure


def acts(session):
    return [act.name for act in ledger.acts(session)]


def outcomes(results):
    entries = ledger.entries_of_draw(results.session, results.draw.number)
    return [entry for _index, entry in entries if entry["type"] == "outcome"]


def like(row, **changes):
    """Another row with the same members but these; its number is its own."""
    members = {name: getattr(row, name) for name in Disclosure.model_fields if name != "id"}
    return Disclosure(**{**members, **changes})


class TestWhatIsPublished:
    def test_an_approved_result_is_public_and_its_digest_stands_in_the_log(self, results):
        task = results.task()

        disclosure = results.publish(results.record(task))

        digest = hashlib.sha256(disclosure.record.encode()).hexdigest()
        assert disclosure.digest == digest
        assert outcomes(results) == [
            {
                "type": "outcome",
                "at": "2026-03-04T08:00:00Z",
                "draw": results.draw.number,
                "plan_hash": results.draw.plan_hash,
                "subject": task.subject,
                "digest": digest,
            }
        ]

    def test_the_record_is_canonical_and_says_what_by_whom_when_and_what_was_found(self, results):
        task = results.task()

        disclosure = results.published(
            task,
            findings=found(task, "5", "7", measure="ordered", due=VISIT, finding="油污。"),
            summary="内部",
        )

        record = queries.record_of(disclosure)
        assert canon(record).decode() == disclosure.record
        assert record == {
            "draw": task.draw,
            "subject": task.subject,
            "name": task.subject_name,
            "body": "hz-scjg",
            "visited_on": "2026-03-04",
            "method": "on_site",
            "inspectors": [member for member in task.team if member],
            "items": [
                {
                    "item": "SPJY-01",
                    "categories": [
                        {
                            "code": "5",
                            "zh": "发现问题已责令改正",
                            "en": "Problems found, correction ordered",
                        },
                        {
                            "code": "7",
                            "zh": "未发现开展本次抽查涉及的经营活动",
                            "en": "No business activity within the scope",
                        },
                    ],
                    "measure": "ordered",
                    "due": "2026-03-04",
                }
            ],
        }

    def test_the_words_of_the_team_stay_inside(self, results):
        task = results.task()

        disclosure = results.published(task, findings=found(task, "2", finding="暗语甲"), summary="暗语乙")

        assert "暗语" not in disclosure.record

    def test_every_room_below_is_told_and_each_is_on_record(self, results):
        before = len(acts(results.session))

        disclosure = results.published()

        told = acts(results.session)[before:]
        assert told == [
            "TaskVisited", "VisitRecorded", "ResultRecorded", "ResultReviewed", "TaskDisclosed",
            "ResultPublished", "CreditProposed",
        ]  # fmt: skip
        assert results.task().disclosed_at == REVIEWED
        assert queries.disclosure_of_inspection(results.session, disclosure.inspection_id) == disclosure
        verify_trail(results.session)

    def test_with_closed_subjects_neither_record_nor_log_joins_the_subject_and_the_draw(
        self, session, settings
    ):
        results = drawn_results(session, settings, by="class")
        task = results.task()
        assert task.subjects_closed

        disclosure = results.published(task)

        record = queries.record_of(disclosure)
        assert "draw" not in record
        assert results.draw.number not in disclosure.record
        assert record["subject"] == task.subject
        (outcome,) = outcomes(results)
        assert outcome["subject"] == task.commitment
        assert outcome["digest"] == hashlib.sha256(disclosure.record.encode()).hexdigest()


class TestWhatIsNot:
    def test_a_returned_result_is_not_published(self, results):
        inspection = results.record()

        outcome = results.publish(inspection, approve=False, opinion="重填")

        assert outcome is None
        assert inspection.status is InspectionStatus.RETURNED
        assert queries.count(results.session) == 0
        assert outcomes(results) == []

    def test_what_is_not_reviewed_cannot_be_published(self, results):
        inspection = results.record()
        before = acts(results.session)

        with pytest.raises(NotForPublicationError):
            services.publish_result(
                results.session, inspection.id, settings=results.settings, by="p-reviewer", at=REVIEWED
            )

        assert acts(results.session) == before
        assert queries.count(results.session) == 0

    def test_a_result_is_published_once(self, results):
        inspection = results.record()
        results.publish(inspection)

        with pytest.raises(NotForReviewError):
            results.publish(inspection)
        with pytest.raises(NotForPublicationError):
            services.publish_result(
                results.session, inspection.id, settings=results.settings, by="p-reviewer", at=REVIEWED
            )

        assert len(outcomes(results)) == 1

    def test_the_database_itself_holds_one_first_publication_of_an_inspection(self, results):
        published = results.published()
        twin = like(published)

        with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction(results.session):
            results.session.add(twin)

        assert queries.count(results.session) == 1

    def test_a_refused_review_leaves_nothing_behind(self, results):
        inspection = results.record()
        before, size = acts(results.session), ledger.log_size(results.session)

        with pytest.raises(OwnInspectionError):
            results.publish(inspection, by=inspection.entered_by)

        assert inspection.status is InspectionStatus.SUBMITTED
        assert (acts(results.session), ledger.log_size(results.session)) == (before, size)
        assert not results.session.exec(select(CreditRecord)).all()

    def test_a_command_that_fails_at_its_end_leaves_neither_review_nor_log_entry(self, results):
        published = results.published()
        other = results.record(results.task(1))
        before, size = acts(results.session), ledger.log_size(results.session)

        with pytest.raises(ProtocolError):
            results.publish(other, by="no token, which the trail refuses")

        results.session.refresh(other)
        assert other.status is InspectionStatus.SUBMITTED
        assert (acts(results.session), ledger.log_size(results.session)) == (before, size)
        assert [row.id for row in queries.disclosures(results.session)] == [published.id]

    def test_there_is_no_disclosure_that_was_not_made(self, session):
        with pytest.raises(DisclosureNotFoundError):
            queries.disclosure(session, 1)


class TestDeadline:
    def test_twenty_working_days_count_from_the_day_after_the_visit(self, results):
        disclosure = results.published()

        assert disclosure.due == date(2026, 4, 1)
        assert not disclosure.late

    @pytest.mark.parametrize(("day", "late"), [(date(2026, 4, 1), False), (date(2026, 4, 2), True)])
    def test_publication_after_the_last_day_is_made_all_the_same_and_marked_late(self, results, day, late):
        inspection = results.record()

        disclosure = results.publish(
            inspection, at=datetime(day.year, day.month, day.day, 15, 59, tzinfo=UTC)
        )

        assert disclosure.late is late
        assert len(outcomes(results)) == 1

    def test_the_day_ends_at_midnight_in_shanghai(self, results):
        inspection = results.record()

        disclosure = results.publish(inspection, at=datetime(2026, 4, 1, 16, 0, tzinfo=UTC))

        assert disclosure.late

    def test_where_the_calendar_does_not_reach_there_is_no_deadline_and_nothing_is_late(
        self, session, settings
    ):
        deadlines = some_rules()["deadlines"] | {"publish_working_days": 250}
        results = drawn_results(session, settings, deadlines=deadlines)

        disclosure = results.publish(results.record(), at=REVIEWED + timedelta(days=29))

        assert disclosure.due is None
        assert not disclosure.late


class TestReading:
    @pytest.fixture
    def named(self, results):
        """Three published results, renamed to hard names in the rows searched."""
        rows = [results.published(results.task(n)) for n in range(3)]
        with transaction(results.session):
            for row, name in zip(rows, ['老"王"100%餐馆', "under_score\\店", "ABC'Diner"], strict=True):
                row.name = name
        return rows

    @pytest.mark.parametrize(
        ("search", "expected"),
        [
            ('"王"', {0}),
            ("100%", {0}),
            ("%", {0}),
            ("_", {1}),
            ("\\", {1}),
            ("'", {2}),
            ("abc", {2}),
            ("2026", set()),
            ("hz-scjg", set()),
            ("", {0, 1, 2}),
        ],
    )
    def test_a_name_is_found_by_any_part_of_it_and_by_nothing_else(self, results, named, search, expected):
        found_rows = queries.disclosures(results.session, search=search)

        assert {row.id for row in found_rows} == {named[n].id for n in expected}

    def test_a_result_is_found_by_its_whole_code_in_any_case(self, results):
        disclosure = results.published()

        by_code = queries.disclosures(results.session, search=disclosure.subject.lower())
        by_part = queries.disclosures(results.session, search=disclosure.subject[:10])

        assert [row.id for row in by_code] == [disclosure.id]
        assert by_part == []

    def test_results_come_newest_first_and_page_by_page(self, results):
        rows = [results.published(results.task(n)) for n in range(3)]

        first = queries.disclosures(results.session, limit=2)
        rest = queries.disclosures(results.session, before=first[-1].id)

        assert [row.id for row in first + rest] == [row.id for row in reversed(rows)]
        assert queries.count(results.session) == 3

    def test_of_a_draws_subjects_the_latest_correction_counts(self, results):
        first, other = results.published(results.task(0)), results.published(results.task(1))
        mended = like(first, corrects_id=first.id, record=other.record)
        with transaction(results.session):
            results.session.add(mended)

        shown = queries.disclosures_of_tasks(
            results.session, results.draw.number, {first.subject, other.subject, "NOBODY"}
        )

        assert shown == {first.subject: mended, other.subject: other}

    def test_of_what_was_found_corrections_count_and_other_bodies_do_not(self, results):
        first = results.published(findings=found(results.task(), "7"))
        mended = results.published(results.task(1)).record
        correction = like(first, corrects_id=first.id, record=mended)
        with transaction(results.session):
            results.session.add(correction)

        assert queries.categories_found(results.session, first.subject, body="hz-scjg") == [{"1"}]
        assert queries.categories_found(results.session, first.subject, body="hz-fire") == []

    def test_a_result_of_nothing_found_is_clean(self, results):
        task = results.task()
        disclosure = results.published(task, findings=clean(task))

        assert queries.categories_found(results.session, disclosure.subject, body="hz-scjg") == [{"1"}]
