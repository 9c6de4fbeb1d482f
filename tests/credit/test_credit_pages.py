"""A credit officer's pages: what waits, one record, the decision; who else may look, and from where."""

import pytest
from publish.a_result import found
from publish.staff import anew, somebody, text
from visitors import a_body, an_account, send, sign_in

from doublerandom.credit.models import CreditRecord, CreditStatus

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def record(results):
    """A proposed penalty."""
    task = results.task()
    results.published(task, findings=found(task, "2"))
    return results.proposals()[0]


def status_of(results, record_id):
    return anew(results).session.get(CreditRecord, record_id).status


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", ["credit_officer", "head", "overseer"])
def test_records_are_listed_and_opened_in_both_languages(results, client, record, role, language):
    name = results.task().subject_name
    somebody(results, client, role)

    listed = client.get(f"/credit?lang={language}")
    opened = client.get(f"/credit/{record.id}?lang={language}")

    assert (listed.status_code, opened.status_code) == (200, 200)
    assert name in text(listed)
    assert name in text(opened)
    assert ("失信惩戒" if language == "zh" else "Penalty") in text(listed)
    assert ("提交处理意见" if language == "zh" else "Submit the decision") in text(
        opened
    ) or role != "credit_officer"
    assert (f'action="/credit/{record.id}/decision"' in opened.get_data(as_text=True)) is (
        role == "credit_officer"
    )


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "没有符合条件的信用记录"), ("en", "No credit record fits")]
)
def test_without_records_the_page_says_where_they_come_from(results, client, language, words):
    somebody(results, client, "credit_officer")

    assert words in text(client.get(f"/credit?lang={language}"))


def test_records_are_filtered_by_state(results, client, record):
    somebody(results, client, "credit_officer")

    shown = [
        state
        for state in ("", "proposed", "active", "nonsense")
        if record.subject in text(client.get(f"/credit?status={state}"))
    ]

    assert shown == ["", "proposed", "nonsense"]
    assert record.subject not in text(client.get(f"/credit?after={record.id}"))
    assert record.subject in text(client.get("/credit?after=٣"))


def test_a_confirmed_record_shows_from_when_it_counts(results, client, record):
    somebody(results, client, "credit_officer")
    assert record.subject in text(client.get("/desk"))

    sent = send(client, f"/credit/{record.id}/decision", decision="confirm", opinion="属实")

    assert (sent.status_code, sent.location) == (303, f"/credit/{record.id}")
    page = text(client.get(sent.location))
    for said in ("有效", "属实", "生效日期2026-03-04", "credit-officer某", "365 天"):
        assert said in page
    assert status_of(results, record.id) is CreditStatus.ACTIVE
    assert record.subject not in text(client.get("/desk"))


def test_a_decision_without_a_choice_keeps_the_opinion_typed(results, client, record):
    somebody(results, client, "credit_officer")

    refused = send(client, f"/credit/{record.id}/decision", opinion="想了很久")

    assert refused.status_code == 422
    assert "想了很久" in text(refused)
    assert status_of(results, record.id) is CreditStatus.PROPOSED


def test_a_record_is_decided_once(results, client, record):
    results.decide(record.id, confirm=False)
    somebody(results, client, "credit_officer")

    refused = send(client, f"/credit/{record.id}/decision", decision="confirm")

    assert refused.status_code == 409
    assert status_of(results, record.id) is CreditStatus.REJECTED


def test_who_was_on_the_team_does_not_decide(results, client, record):
    somebody(results, client, "credit_officer", certificate=results.task().team[0])

    refused = send(client, f"/credit/{record.id}/decision", decision="confirm")

    assert refused.status_code == 403
    assert "须由他人确认" in text(refused)
    assert status_of(results, record.id) is CreditStatus.PROPOSED


@pytest.mark.parametrize("role", ["head", "overseer", "reviewer", "inspector"])
def test_nobody_but_a_credit_officer_decides(results, client, record, role):
    somebody(results, client, role)

    assert send(client, f"/credit/{record.id}/decision", decision="confirm").status_code == 403
    assert status_of(results, record.id) is CreditStatus.PROPOSED


def test_other_bodies_see_and_decide_nothing(results, client, record):
    a_body(results.session, "nb-scjg", region="330200")
    an_account(results.session, "far", roles=["credit_officer"], body="nb-scjg")
    sign_in(client, "far")

    assert record.subject not in text(client.get("/credit?status="))
    assert client.get(f"/credit/{record.id}").status_code == 404
    assert send(client, f"/credit/{record.id}/decision", decision="confirm").status_code == 404
    assert status_of(results, record.id) is CreditStatus.PROPOSED


def test_strangers_are_asked_to_sign_in(results, client, record):
    assert client.get(f"/credit/{record.id}").location.startswith("/sign-in")
    assert client.get("/credit/99999999999999999999").status_code == 404
