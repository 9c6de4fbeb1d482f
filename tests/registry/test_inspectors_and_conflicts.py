"""Who may inspect, who is away, and who must not inspect whom."""

from datetime import date, timedelta

import pytest
from registry.a_registry import NOON, TODAY, a_body, a_code, a_subject, an_inspector, some_subjects

from doublerandom.accounts.models import Body
from doublerandom.accounts.queries import Sight
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    AlreadyThereError,
    ConflictDecidedError,
    ConflictNotFoundError,
    DaysOutOfOrderError,
    InspectorNotFoundError,
    InvalidRecordError,
    OwnConflictError,
    SubjectNotFoundError,
)
from doublerandom.registry.queries.conflicts import ConflictFilter


def declare(session, inspector="Z-1", subject=None, *, by="li", **facts):
    facts = {"ground": "relative", "valid_from": date(2026, 1, 1), **facts}
    return services.declare_conflict(
        session, inspector=inspector, subject=subject or a_code(1), by=by, at=NOON, **facts
    )


def pairs(session, *inspectors, on=TODAY, **facts):
    numbers = [one.id for one in inspectors]
    return queries.conflict_pairs(session, **{"subject_ids": None, **facts}, inspector_ids=numbers, on=on)


class TestInspectors:
    def test_the_pool_holds_those_of_the_region_and_below_by_certificate(self, session):
        city, county = a_body(session), a_body(session, "xh-scjg", region="330106")
        elsewhere = a_body(session, "nb-scjg", region="330200")
        for certificate, body in (("z-9", city), ("Z-1", county), ("Z-2", elsewhere)):
            an_inspector(session, certificate, body=body)

        found = queries.inspectors_for(session, lines=[], region="330100", on=TODAY)

        assert [row.certificate for row in found] == ["Z-1", "Z-9"]

    def test_lines_of_work_choose_departments(self, session):
        body = a_body(session)
        an_inspector(session, "Z-1", body=body, department="food")
        an_inspector(session, "Z-2", body=body, department="fire")

        found = queries.inspectors_for(session, lines=["fire"], region="330100", on=TODAY)

        assert [row.certificate for row in found] == ["Z-2"]

    def test_who_cannot_inspect_stays_with_a_reason(self, session):
        body = a_body(session)
        an_inspector(session, "Z-1", body=body, certificate_until=date(2026, 3, 1))
        an_inspector(session, "Z-2", body=body, certificate_until=TODAY)
        an_inspector(session, "Z-3", body=body, expert=True)
        for certificate, last in (("Z-4", date(2026, 3, 1)), ("Z-5", TODAY)):
            an_inspector(session, certificate, body=body)
            services.add_absence(
                session,
                certificate,
                kind="leave",
                first_day=date(2026, 2, 1),
                last_day=last,
                by="li",
                at=NOON,
            )

        found = queries.inspectors_for(session, lines=[], region="330100", on=TODAY)

        assert [row.excluded for row in found] == ["certificate-expired", "", "expert", "", "leave"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"certificate": "张三"},
            {"name": ""},
            {"department": "食品"},
            {"regions": ["西湖"]},
            {"skills": ["a b"]},
        ],
    )
    def test_what_no_inspector_can_be_is_refused(self, session, fields):
        body = a_body(session)

        with pytest.raises(InvalidRecordError):
            an_inspector(session, **{"certificate": "Z-1", **fields}, body=body)

        assert queries.inspectors(session) == []

    def test_a_certificate_number_stands_once_in_any_case(self, session):
        body = a_body(session)
        an_inspector(session, "Z-1", body=body)

        with pytest.raises(AlreadyThereError):
            an_inspector(session, " z-1 ", body=body)
        with pytest.raises(InspectorNotFoundError):
            queries.inspector(session, "Z-2")
        with pytest.raises(InspectorNotFoundError):
            queries.inspector_by_id(session, 99)

    @pytest.mark.parametrize(
        ("facts", "error"),
        [({"kind": "party"}, InvalidRecordError), ({"last_day": date(2026, 1, 1)}, DaysOutOfOrderError)],
    )
    def test_an_absence_that_cannot_be_is_refused(self, session, facts, error):
        an_inspector(session, "Z-1", body=a_body(session))
        facts = {"kind": "leave", "first_day": TODAY, "last_day": TODAY, **facts}

        with pytest.raises(error):
            services.add_absence(session, "Z-1", **facts, by="li", at=NOON)


class TestConflicts:
    @pytest.fixture
    def inspector(self, session):
        some_subjects(session, a_subject(1), a_subject(2))
        return an_inspector(session, "Z-1", body=a_body(session))

    def test_a_declared_conflict_keeps_the_pair_apart_until_it_is_refused(self, session, inspector):
        conflict = declare(session)
        assert pairs(session, inspector) == [("Z-1", a_code(1), "relative", True)]

        services.decide_conflict(session, conflict.id, uphold=False, by="head", at=NOON)

        assert pairs(session, inspector) == []

    def test_an_upheld_conflict_goes_on_keeping_them_apart(self, session, inspector):
        conflict = declare(session)

        services.decide_conflict(session, conflict.id, uphold=True, by="head", at=NOON)

        assert len(pairs(session, inspector)) == 1
        assert queries.undecided_conflicts(session) == []
        with pytest.raises(ConflictDecidedError):
            services.decide_conflict(session, conflict.id, uphold=False, by="head", at=NOON)

    def test_nobody_decides_the_own_declaration(self, session, inspector):
        conflict = declare(session, by="head")

        with pytest.raises(OwnConflictError):
            services.decide_conflict(session, conflict.id, uphold=False, by="head", at=NOON)
        with pytest.raises(ConflictNotFoundError):
            services.decide_conflict(session, 99, uphold=False, by="head", at=NOON)

    def test_it_holds_from_its_first_to_its_last_day(self, session, inspector):
        declare(session, valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 3))

        held = [
            len(pairs(session, inspector, on=date(2026, day // 10, day % 10))) for day in (29, 31, 33, 34)
        ]
        assert held == [0, 1, 1, 0]

    def test_only_pairs_of_the_pools_are_given(self, session, inspector):
        declare(session)
        second = queries.subject(session, a_code(2))

        assert pairs(session) == []
        assert pairs(session, inspector, subject_ids=[second.id]) == []
        assert queries.conflicts_of_inspector(session, inspector.id)[0].ground == "relative"
        assert len(queries.undecided_conflicts(session, body_id=inspector.body_id)) == 1
        assert queries.undecided_conflicts(session, body_id=99) == []

    def test_what_would_tell_who_was_drawn_is_withheld_from_readers_and_the_trail_until_its_time(
        self, session, inspector
    ):
        until = NOON + timedelta(days=30)
        row = declare(session, withheld_until=until)
        services.decide_conflict(session, row.id, uphold=True, by="head", at=NOON)
        body = session.get(Body, inspector.body_id)
        sight = Sight(body.id, body.path, "3301", frozenset())

        def listed(shown_at):
            found = queries.conflicts_listed(session, ConflictFilter(), sight=sight, shown_at=shown_at)
            own = queries.conflicts_of_inspector(session, inspector.id, shown_at=shown_at)
            return len(found), len(own), len(pairs(session, inspector, shown_at=shown_at))

        assert [listed(at) for at in (NOON, until, None)] == [(0, 0, 0), (1, 1, 1), (1, 1, 1)]
        with pytest.raises(ConflictNotFoundError):
            queries.conflict_in_sight(session, row.id, sight=sight, shown_at=NOON)
        acts = ledger.acts_on(session, "conflict", str(row.id))
        assert [act.name for act in acts] == ["ConflictDeclared", "ConflictDecided"]
        assert not [act for act in acts if a_code(1) in act.facts or act.before_hash or act.after_hash]

    def test_with_rotation_the_last_inspectors_are_kept_away_softly(self, session, inspector):
        other = an_inspector(session, "Z-2", body=a_body(session, "fire"))
        for day, who in ((1, ["Z-1", "X"]), (2, ["Z-2"])):
            services.record_visit(
                session, subject_code=a_code(1), body_id=inspector.body_id, visited_on=date(2026, 2, day),
                inspectors=who, source=f"task:{day}", by="li", at=NOON,
            )  # fmt: skip

        found = pairs(session, inspector, other, rotation=True)

        assert found == [("Z-2", a_code(1), "inspected-last-time", False)]
        assert pairs(session, inspector, other) == []

    def test_the_regular_supervisor_is_kept_away_softly(self, session, inspector):
        services.set_standing(
            session, subject_code=a_code(2), body_id=inspector.body_id, kind="supervisor", value="Z-1",
            valid_from=TODAY, by="li", at=NOON,
        )  # fmt: skip

        assert pairs(session, inspector) == [("Z-1", a_code(2), "regular-supervisor", False)]

    @pytest.mark.parametrize(
        "facts",
        [
            {"ground": "看不顺眼"},
            {"source": "rumour"},
            {"valid_to": date(2025, 1, 1)},
            {"statement": "x\u0007"},
        ],
    )
    def test_what_no_conflict_can_be_is_refused(self, session, inspector, facts):
        with pytest.raises(InvalidRecordError):
            declare(session, **facts)

    def test_conflicts_name_who_is_there(self, session, inspector):
        with pytest.raises(SubjectNotFoundError):
            declare(session, subject=a_code(9))
        with pytest.raises(InspectorNotFoundError):
            declare(session, "Z-9")
