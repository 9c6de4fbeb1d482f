"""One row for the platform, a pool for each body: who joins, who leaves, why, by whom."""

from datetime import date, timedelta

import pytest
from registry.a_registry import NOON, TODAY, a_body, a_code, a_subject, some_subjects

from doublerandom.accounts.core import Sight
from doublerandom.db import transaction
from doublerandom.ledger.queries import acts_on
from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    InvalidRecordError,
    NotInPoolError,
    OutsideRegionError,
    StandingEndedError,
    SubjectNotFoundError,
)

TOMORROW = NOON + timedelta(days=1)


def pool(session, body, on=TODAY):
    return [row.code for row in queries.subjects_in_scope(session, body=body, filter_text="", on=on)]


def a_listed_body(session, token, **facts):
    body = a_body(session, token, **facts)
    with transaction(session):
        body.pool = "listed"
        session.add(body)
    return body


def leave(session, body, code, reason="not-supervised", by="zhang", at=NOON):
    return services.leave_pool(session, code, body.id, reason=reason, by=by, at=at)


def sight_of(body):
    return Sight(body.id, body.path, "3301", frozenset())


def test_one_bureaus_removal_changes_nothing_for_anothers_pool(session):
    city, fire = a_body(session), a_body(session, "hz-fire")
    first, second = some_subjects(session, a_subject(1), a_subject(2))

    leave(session, city, first)

    assert pool(session, city) == [second]
    assert pool(session, fire) == [first, second]
    assert pool(session, city, on=TODAY - timedelta(days=1)) == [first, second]
    assert queries.subject_row(session, first, body=city, on=TODAY) is None


def test_one_bureaus_import_into_its_list_changes_nothing_for_anothers(session):
    school, fire = a_listed_body(session, "hz-edu"), a_listed_body(session, "hz-fire")
    first, second = some_subjects(session, a_subject(1), a_subject(2, region="330203"))

    assert services.join_pool(session, [first, second], school.id, by="zhang", at=NOON) == 2
    assert services.join_pool(session, [first], school.id, by="zhang", at=NOON) == 0

    assert pool(session, school) == [first, second]
    assert pool(session, fire) == []


def test_who_left_can_join_again_and_leave_again(session):
    body = a_body(session)
    (code,) = some_subjects(session, a_subject(1))
    leave(session, body, code)

    with pytest.raises(NotInPoolError):
        leave(session, body, code)
    services.join_pool(session, [code], body.id, by="li", at=TOMORROW)

    assert pool(session, body) == []
    assert pool(session, body, on=TOMORROW.date()) == [code]
    assert (
        services.leave_pool_many(session, [code, a_code(9)], body.id, reason="merged", by="li", at=TOMORROW)
        == 1
    )
    assert pool(session, body, on=TOMORROW.date()) == []


def test_a_pool_that_is_a_region_takes_nobody_from_elsewhere(session):
    body = a_body(session)
    (away,) = some_subjects(session, a_subject(1, region="330203"))

    with pytest.raises(OutsideRegionError):
        services.join_pool(session, [away], body.id, by="zhang", at=NOON)
    with pytest.raises(SubjectNotFoundError):
        services.join_pool(session, [a_code(9)], body.id, by="zhang", at=NOON)


def test_leaving_needs_a_reason_of_the_list(session):
    body = a_body(session)
    (code,) = some_subjects(session, a_subject(1))

    with pytest.raises(InvalidRecordError):
        leave(session, body, code, reason="a friend of mine")
    with pytest.raises(InvalidRecordError):
        services.set_standing(
            session, subject_code=code, body_id=body.id, kind="member", value="x", valid_from=TODAY,
            by="zhang", at=NOON,
        )  # fmt: skip

    assert pool(session, body) == [code]


def test_a_row_taken_back_is_in_no_pool(session):
    body, other = a_body(session), a_listed_body(session, "hz-fire")
    (code,) = some_subjects(session, a_subject(1))
    services.join_pool(session, [code], other.id, by="zhang", at=NOON)

    services.change_subject(session, code, {"status": "withdrawn"}, source="batch 1", by="li", at=NOON)

    assert pool(session, body) == []
    assert pool(session, other) == []


def test_it_is_counted_who_took_how_many_out_and_why_in_sight_only(session):
    city, elsewhere = a_body(session), a_body(session, "nb-scjg", region="330200")
    one, two, three, away = some_subjects(
        session, a_subject(1), a_subject(2), a_subject(3), a_subject(4, region="330203")
    )
    leave(session, city, one, by="zhang")
    leave(session, city, two, reason="duplicate", by="li")
    leave(session, elsewhere, away, by="li")
    services.set_standing(
        session, subject_code=three, body_id=city.id, kind="excluded", value="court-order",
        valid_from=TODAY, by="zhang", at=NOON,
    )  # fmt: skip
    services.change_subject(session, three, {"status": "revoked"}, source="notice 5", by="li", at=NOON)
    sight = sight_of(city)
    days = {"since": TODAY, "until": TODAY}

    counts = queries.pool_change_counts(session, sight=sight, **days)

    assert [tuple(each) for each in counts] == [
        ("li", "member", "duplicate", 1),
        ("li", "status", "revoked", 1),
        ("zhang", "excluded", "court-order", 1),
        ("zhang", "member", "not-supervised", 1),
    ]
    assert [row.code for row in queries.pool_changes(session, sight=sight, **days)] == [two, one]
    assert [row.code for row in queries.pool_changes(session, sight=sight, person="li", **days)] == [two]
    ended = queries.pool_changes(session, sight=sight, kind="status", value="revoked", person="li", **days)
    assert [(row.code, row.reason) for row in ended] == [(three, "notice 5")]
    newest = queries.pool_changes(session, sight=sight, limit=1, **days)[0]
    rest = queries.pool_changes(session, sight=sight, before=newest.id, value="not-supervised", **days)
    assert [row.code for row in rest] == [one]
    assert queries.pool_changes(session, sight=sight, kind="status", before=ended[0].id, **days) == []


def test_what_a_body_said_ends_and_stays_on_record(session):
    body = a_body(session)
    (code,) = some_subjects(session, a_subject(1))
    facts = {"subject_code": code, "body_id": body.id, "by": "zhang", "at": NOON}
    grade = services.set_standing(session, kind="grade", value="C", valid_from=date(2026, 1, 1), **facts)
    tag = services.set_standing(session, kind="tag", value="canteen", valid_from=date(2026, 1, 1), **facts)
    left = leave(session, body, code)
    subject = queries.subject(session, code)

    services.end_standing(session, grade.id, reason="graded anew", by="li", at=NOON)
    services.end_standing(session, tag.id, reason="closes", last_day=date(2026, 5, 1), by="li", at=NOON)

    assert [row.kind for row in queries.standings_of(session, subject.id, on=TODAY)] == ["member", "tag"]
    before = TODAY - timedelta(days=1)
    assert [row.kind for row in queries.standings_of(session, subject.id, on=before)] == ["grade", "tag"]
    assert len(queries.all_standings_of(session, subject.id, bodies=[body.id])) == 3
    assert (grade.ended_by, grade.end_reason) == ("li", "graded anew")
    for row, last_day in ((grade, None), (left, None), (tag, date(2026, 2, 1))):
        with pytest.raises(StandingEndedError):
            services.end_standing(session, row.id, reason="again", last_day=last_day, by="li", at=NOON)
    assert [act.name for act in acts_on(session, "subject", code)][-2:] == ["StandingEnded", "StandingEnded"]


def test_subjects_in_sight_are_those_of_the_region_and_of_the_lists_of_bodies_below(session):
    city = a_body(session)
    below = a_listed_body(session, "sc-edu", region="330102", above=city)
    here, listed, away = some_subjects(
        session, a_subject(1), a_subject(2, region="330203"), a_subject(3, region="330203")
    )
    services.join_pool(session, [listed], below.id, by="zhang", at=NOON)

    assert queries.subject_in_sight(session, here.lower(), sight=sight_of(city)).code == here
    assert queries.subject_in_sight(session, listed, sight=sight_of(city)).code == listed
    with pytest.raises(SubjectNotFoundError):
        queries.subject_in_sight(session, away, sight=sight_of(city))
    found = queries.memberships(session, queries.subject(session, listed), bodies=[city, below], on=TODAY)
    assert [(body.token, inside) for body, inside in found] == [("sc-edu", True)]
