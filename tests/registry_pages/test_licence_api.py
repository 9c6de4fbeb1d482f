"""The API of licences: keyed, once per call, all errors at once; and the desk on which they are accepted."""

import pytest
from registry.a_registry import a_code, a_subject, some_subjects
from registry.test_licence_handover import NOON, an_event
from visitors import a_body, an_account, send, sign_in

from doublerandom import clock
from doublerandom.accounts import api_keys
from doublerandom.accounts.services import add_regions
from doublerandom.registry.services import handovers as services


@pytest.fixture
def key(session):
    a_body(session)
    rows = [
        ("330000", "浙江省", "", "province"),
        ("330100", "杭州市", "330000", "city"),
        ("330102", "上城区", "330100", "county"),
    ]
    add_regions(session, rows, by="system", at=NOON)
    services.set_licence_duty(session, "food", name="食品经营许可", line="scjg", basis="", by="chen", at=NOON)
    return api_keys.issue_api_key(
        session,
        name="市审批系统",
        scopes=["licences:write", "visits:write"],
        body_token="hz-scjg",
        days=30,
        by="chen",
        at=clock.now(),
    )


def deliver(client, key, event, name="call-1"):
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": name}
    return client.post("/api/v1/licences", json=event.plain(), headers=headers)


def test_a_licence_is_delivered_once_and_accepted_at_the_desk(client, session, key):
    answer = deliver(client, key, an_event())
    again = deliver(client, key, an_event())

    assert (answer.status_code, again.json) == (200, answer.json)
    assert answer.json | {"handover": 0} == {
        "handover": 0,
        "status": "pending",
        "department": "hz-scjg",
        "subject": an_event().subject.code,
    }
    an_account(session, roles=["registrar"])
    sign_in(client, "wang")
    address = f"/registry/handovers/{answer.json['handover']}"
    assert "第一商店" in client.get("/registry/handovers").get_data(as_text=True)
    assert send(client, f"{address}/acceptance", page=address).status_code == 303
    assert "已接收" in client.get(address).get_data(as_text=True)
    assert "第一商店" in client.get("/registry/handovers?format=csv").get_data(as_text=True)


def test_another_call_under_the_same_name_is_refused(client, key):
    deliver(client, key, an_event())

    answer = deliver(client, key, an_event(2))

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "idempotency_key_reused")


def test_wrong_data_is_answered_with_every_problem(client, key):
    answer = deliver(client, key, an_event(event="sold", subject={"code": "1", "region": "9"}))

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "licence_refused")
    assert [each["field"] for each in answer.json["error"]["params"]["problems"]] == [
        "event",
        "subject.code",
        "subject.region",
        "subject.region",
    ]


def test_visits_are_taken_together_once_and_corrected_by_their_key(client, session, key):
    some_subjects(session, a_subject(1))
    visit = {
        "key": "V1",
        "code": a_code(1),
        "visited_on": "2026-02-27",
        "agency": "海关",
        "level": "city",
        "line": "customs",
    }
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "v-1"}

    first = client.post("/api/v1/visits", json={"visits": [visit]}, headers=headers)
    again = client.post("/api/v1/visits", json={"visits": [visit]}, headers=headers)
    changed = client.post(
        "/api/v1/visits",
        json={"visits": [{**visit, "visited_on": "2026-02-26"}]},
        headers={**headers, "Idempotency-Key": "v-2"},
    )

    assert first.json == again.json == {"recorded": 1, "corrected": 0, "unchanged": 0}
    assert changed.json == {"recorded": 0, "corrected": 1, "unchanged": 0}


def test_a_call_of_another_shape_is_answered_field_by_field(client, key):
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "v-1"}

    answer = client.post("/api/v1/visits", json={"visits": [{"key": "V1"}], "more": 1}, headers=headers)

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid_call")
    assert {each["field"] for each in answer.json["error"]["params"]["problems"]} == {
        "visits.0.code",
        "visits.0.visited_on",
        "more",
    }


@pytest.mark.parametrize("shown", ["", "Bearer wrong"])
def test_without_a_valid_key_nothing_opens(client, key, shown):
    answer = client.post("/api/v1/licences", json={}, headers={"Authorization": shown} if shown else {})

    assert answer.status_code == 401


def test_a_key_that_ended_opens_nothing(client, session, key):
    api_keys.end_api_key(session, api_keys.api_keys(session)[0].id, by="chen", at=clock.now())

    assert deliver(client, key, an_event()).json["error"]["code"] == "api_key_refused"


def test_the_document_tells_scope_fields_and_answers(client):
    told = client.get("/api/openapi.json").json

    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]["/api/v1/licences"]["post"]["responses"]) >= {"200", "401", "409", "422"}
    assert "subject" in told["components"]["schemas"]["LicenceEvent"]["properties"]
