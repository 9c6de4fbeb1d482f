"""审管衔接: a licence delivered waits in its department's inbox, once, or is refused whole."""

import pytest
from registry.a_registry import NOON, a_body, a_code, a_subject, some_subjects
from sqlmodel import select

from doublerandom.accounts.queries import Sight
from doublerandom.registry import queries
from doublerandom.registry.errors.handovers import (
    HandoverNotFoundError,
    LicenceRefusedError,
    WrongHandoverStateError,
)
from doublerandom.registry.licence_events import LicenceEvent
from doublerandom.registry.models.handovers import LicenceHandover
from doublerandom.registry.models.subjects import Subject
from doublerandom.registry.queries import handovers as handover_queries
from doublerandom.registry.services import handovers as services

TODAY = NOON.date()


@pytest.fixture
def regions(session):
    from doublerandom.accounts.services import add_regions

    rows = [
        ("330000", "浙江省", "", "province"),
        ("330100", "杭州市", "330000", "city"),
        ("330102", "上城区", "330100", "county"),
    ]
    add_regions(session, rows, by="system", at=NOON)


@pytest.fixture
def offices(session, regions):
    """A city's market regulation and, below it, a county's; the city's supervises food."""
    city = a_body(session, "hz-scjg")
    county = a_body(session, "sc-scjg", region="330102", above=city)
    services.set_licence_duty(
        session, "food", name="食品经营许可", line="scjg", basis="某文件", by="chen", at=NOON
    )
    return {"city": city, "county": county}


def an_event(n=1, **fields):
    subject = {"code": a_code(n), "name": "第一商店", "region": "330102", **fields.pop("subject", {})}
    given = {
        "event": "granted",
        "number": "JY1",
        "kind": "food",
        "kind_name": "食品经营许可",
        "authority": "市审批局",
        "occurred_on": "2026-02-27",
        **fields,
    }
    return LicenceEvent.model_validate({**given, "subject": subject})


def deliver(session, event):
    return services.receive_licence(session, event, by="api:1", at=NOON)


def sight(body, *roles):
    return Sight(
        body_id=body.id,
        body_path=body.path,
        region_prefix=body.region.rstrip("0"),
        roles=frozenset(roles or {"registrar"}),
    )


def test_a_licensed_subject_waits_in_the_inbox_of_the_nearest_responsible_body(session, offices):
    handover = deliver(session, an_event())

    subject = queries.subject(session, a_code(1))
    assert (handover.status, handover.department_id) == ("pending", offices["county"].id)
    assert (subject.name, subject.region) == ("第一商店", "330102")
    assert [row.value for row in queries.standings_of(session, subject.id, on=TODAY)] == ["licence:food"]
    assert [
        each.id
        for each in handover_queries.handovers(session, sight=sight(offices["county"]), statuses=["pending"])
    ] == [handover.id]


def test_delivered_twice_changes_nothing(session, offices):
    first = deliver(session, an_event())

    again = deliver(session, an_event())

    assert again.id == first.id
    assert len(session.exec(select(LicenceHandover)).all()) == 1


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_taken(session, offices):
    wrong = an_event(
        event="sold",
        number="",
        occurred_on="2026-02-30",
        approver="nobody",
        colour="red",
        subject={"code": "91330102MA0000001X", "region": "999999", "name": ""},
    )

    with pytest.raises(LicenceRefusedError) as refused:
        deliver(session, wrong)

    fields = [each["field"] for each in refused.value.params["problems"]]
    assert fields == [
        "colour",
        "event",
        "number",
        "occurred_on",
        "subject.code",
        "subject.name",
        "subject.region",
        "approver",
    ]
    assert session.exec(select(Subject)).all() == []


def test_a_change_corrects_the_subject_and_keeps_what_it_was(session, offices):
    some_subjects(session, a_subject(1, name="旧名商店"))
    deliver(session, an_event(subject={"name": "旧名商店"}))

    deliver(session, an_event(event="changed", occurred_on="2026-03-01", subject={"name": "新名商店"}))

    assert queries.subject(session, a_code(1)).name == "新名商店"


def test_a_licence_that_never_came_is_neither_changed_nor_revoked(session, offices):
    with pytest.raises(LicenceRefusedError) as refused:
        deliver(session, an_event(event="revoked"))

    assert [each["field"] for each in refused.value.params["problems"]] == ["number"]


def test_a_sender_delivers_for_its_own_area_alone(session, offices):
    with pytest.raises(LicenceRefusedError) as refused:
        services.receive_licence(session, an_event(), by="api:1", at=NOON, within="3302")

    assert [each["field"] for each in refused.value.params["problems"]] == ["subject.region"]


def test_the_department_accepts_and_has_the_subject_in_its_pool(session, offices):
    handover = deliver(session, an_event())

    services.accept_handover(session, handover.id, sight=sight(offices["county"]), by="li", at=NOON)

    assert queries.codes_in_pool(session, [a_code(1)], body=offices["county"], on=TODAY) == {a_code(1)}
    with pytest.raises(WrongHandoverStateError):
        services.accept_handover(session, handover.id, sight=sight(offices["county"]), by="li", at=NOON)


def test_another_department_neither_sees_nor_accepts_it(session, offices):
    handover = deliver(session, an_event())
    other = a_body(session, "xh-scjg", region="330106", above=offices["city"])

    with pytest.raises(HandoverNotFoundError):
        services.accept_handover(session, handover.id, sight=sight(other), by="li", at=NOON)


def test_a_disputed_responsibility_is_decided_by_the_supervision_office(session, offices):
    handover = deliver(session, an_event())
    services.return_handover(
        session, handover.id, reason="应由市局监管", sight=sight(offices["county"]), by="li", at=NOON
    )

    decided = services.decide_handover(
        session,
        handover.id,
        department_token="hz-scjg",
        reason="按权力清单",
        sight=sight(offices["city"], "overseer"),
        by="chen",
        at=NOON,
    )

    assert (decided.status, decided.department_id) == ("pending", offices["city"].id)
    assert [step.what for step in handover_queries.steps_of(session, handover.id)] == [
        "assigned",
        "returned",
        "assigned",
    ]


def test_a_kind_that_nobody_supervises_goes_to_the_supervision_office(session, offices):
    handover = deliver(session, an_event(kind="pharmacy"))

    assert (handover.status, handover.department_id) == ("unassigned", None)
    office = handover_queries.handovers(
        session, sight=sight(offices["city"], "overseer"), statuses=["unassigned"]
    )
    assert [each.id for each in office] == [handover.id]


def test_a_project_names_who_answers_for_it(session, offices):
    project = {"kind": "project", "code": "XM-330102-2026-1", "name": "某工地"}

    with pytest.raises(LicenceRefusedError) as refused:
        deliver(session, an_event(subject=project))
    some_subjects(session, a_subject(7))
    deliver(session, an_event(subject={**project, "operator": a_code(7)}))

    assert [each["field"] for each in refused.value.params["problems"]] == ["subject.operator"]
    assert queries.subject(session, "XM-330102-2026-1").operator_id == queries.subject(session, a_code(7)).id


def test_a_subject_registered_outside_the_senders_area_is_not_moved_into_it(session, offices):
    some_subjects(session, a_subject(1, name="第一商店"))
    moved = an_event(subject={"region": "330200"})

    with pytest.raises(LicenceRefusedError) as refused:
        services.receive_licence(session, moved, by="api:1", at=NOON, within="3302")

    fields = [each["field"] for each in refused.value.params["problems"]]
    assert fields == ["subject.region", "subject.code"]
    assert queries.subject(session, a_code(1)).region == "330102"


def test_a_licence_is_changed_and_revoked_at_its_own_subject_alone(session, offices):
    deliver(session, an_event())
    some_subjects(session, a_subject(2))

    for event in ("changed", "revoked"):
        with pytest.raises(LicenceRefusedError) as refused:
            deliver(session, an_event(2, event=event, occurred_on="2026-03-01"))
        assert [each["field"] for each in refused.value.params["problems"]] == ["subject.code"]
