"""A reviewer's pages: what waits, one result whole, approved and public at once or returned with words."""

import pytest
from publish.a_result import found
from publish.staff import anew, somebody, text
from visitors import a_body, an_account, send, sign_in

from doublerandom.inspect.models import Inspection, InspectionStatus
from doublerandom.publish import queries

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def inspection(results):
    """A submitted result."""
    task = results.task()
    return results.record(task, findings=found(task, "2", finding="未公示年报"), summary="两人到场")


def status_of(results, inspection_id):
    return anew(results).session.get(Inspection, inspection_id).status


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_waits_is_listed_and_shown_whole(results, client, inspection, language):
    task = results.task()
    somebody(results, client, "reviewer")

    listed = client.get(f"/reviews?lang={language}")
    opened = client.get(f"/reviews/{inspection.id}?lang={language}")

    assert (listed.status_code, opened.status_code) == (200, 200)
    assert task.subject in text(listed)
    for said in (task.subject_name, "未公示年报", "两人到场", inspection.entered_by):
        assert said in text(opened)
    assert task.title in text(client.get("/desk"))
    assert task.subject_name not in text(client.get("/desk"))


@pytest.mark.parametrize(("language", "words"), [("zh", "没有待审核的结果"), ("en", "No result is waiting")])
def test_nothing_waits(results, client, language, words):
    somebody(results, client, "reviewer")

    assert words in text(client.get(f"/reviews?lang={language}"))


def test_an_approved_result_is_public_at_once(results, client, inspection):
    somebody(results, client, "reviewer")

    sent = send(client, f"/reviews/{inspection.id}/decision", decision="approve")

    assert (sent.status_code, sent.location) == (303, "/reviews")
    assert "结果已公示" in text(client.get("/reviews"))
    assert status_of(results, inspection.id) is InspectionStatus.PUBLISHED
    (disclosure,) = queries.disclosures(results.session)
    assert disclosure.by == "REVIEWER"
    assert client.get(f"/reviews/{inspection.id}").status_code == 404


def test_a_returned_result_goes_back_with_words(results, client, inspection):
    somebody(results, client, "reviewer")

    sent = send(client, f"/reviews/{inspection.id}/decision", decision="return", opinion="请补充照片")

    assert sent.status_code == 303
    assert status_of(results, inspection.id) is InspectionStatus.RETURNED
    assert results.session.get(Inspection, inspection.id).opinion == "请补充照片"
    assert queries.count(results.session) == 0


def test_a_decision_without_a_choice_keeps_the_words_typed(results, client, inspection):
    somebody(results, client, "reviewer")

    refused = send(client, f"/reviews/{inspection.id}/decision", opinion="想了很久")

    assert refused.status_code == 422
    assert "想了很久" in text(refused)
    assert status_of(results, inspection.id) is InspectionStatus.SUBMITTED


def test_nobody_reviews_an_own_inspection_nor_is_asked_to(results, client, inspection):
    somebody(results, client, "reviewer", certificate=results.task().team[-1])

    page = client.get(f"/reviews/{inspection.id}").get_data(as_text=True)
    refused = send(client, f"/reviews/{inspection.id}/decision", decision="approve")

    assert "您是检查组成员" in page
    assert f'action="/reviews/{inspection.id}/decision"' not in page
    assert refused.status_code == 403
    assert status_of(results, inspection.id) is InspectionStatus.SUBMITTED


def test_reviewers_of_other_bodies_see_and_decide_nothing(results, client, inspection):
    a_body(results.session, "nb-scjg", region="330200")
    an_account(results.session, "far", roles=["reviewer"], body="nb-scjg")
    sign_in(client, "far")

    assert results.task().subject not in text(client.get("/reviews"))
    assert client.get(f"/reviews/{inspection.id}").status_code == 404
    assert send(client, f"/reviews/{inspection.id}/decision", decision="approve").status_code == 404
    assert status_of(results, inspection.id) is InspectionStatus.SUBMITTED


@pytest.mark.parametrize("role", ["inspector", "head", "credit_officer"])
def test_only_reviewers_review(results, client, inspection, role):
    assert client.get("/reviews").location.startswith("/sign-in")
    somebody(results, client, role)

    assert client.get("/reviews").status_code == 403
    assert client.get(f"/reviews/{inspection.id}").status_code == 403
    assert send(client, f"/reviews/{inspection.id}/decision", decision="approve").status_code == 403
    assert status_of(results, inspection.id) is InspectionStatus.SUBMITTED
