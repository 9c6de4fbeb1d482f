"""Conflicts that rules make, applications of subjects, decisions, and the preview."""

from datetime import date

import pytest
from registry.a_registry import (
    NOON,
    TODAY,
    a_body,
    a_code,
    a_rule_set_object,
    a_subject,
    an_inspector,
    some_subjects,
)
from visitors import an_account

from doublerandom.accounts.errors import StandsInForOtherSideError
from doublerandom.accounts.services import set_stand_in
from doublerandom.registry import queries, services
from doublerandom.registry.errors import InvalidRecordError
from doublerandom.registry.errors.conflicts import (
    BadEvidenceError,
    ConflictNotInForceError,
    OwnConflictError,
    TieWithdrawnError,
)
from doublerandom.registry.models import Link

PDF = b"%PDF-1.4 ..."


@pytest.fixture
def body(session):
    some_subjects(session, *(a_subject(n) for n in range(1, 5)))
    return a_body(session)


@pytest.fixture
def inspector(session, body):
    return an_inspector(session, "Z-1", body=body)


def pairs(session, *inspectors, on=TODAY, **asked):
    found = queries.conflict_pairs(
        session, subject_ids=None, inspector_ids=[one.id for one in inspectors], on=on, **asked
    )
    return [(pair.subject, pair.ground, pair.hard) for pair in found]


def tie(session, code, relation="employed", **facts):
    return services.add_tie(
        session, inspector="Z-1", code=code, relation=relation, by="hr", at=NOON, **facts
    )


def link(session, settings, kind, text, **whose):
    return services.add_link(session, kind=kind, text=text, settings=settings, by="hr", at=NOON, **whose)


class TestTies:
    def test_a_former_employment_counts_for_the_years_of_the_rules(self, session, inspector):
        tie(session, a_code(1), last_day=date(2024, 1, 1))

        assert pairs(session, inspector, former_years=3) == [(a_code(1), "former-employee", True)]
        assert pairs(session, inspector, former_years=2) == []
        assert pairs(session, inspector) == []

    def test_an_interest_counts_while_it_lasts_and_not_once_withdrawn(self, session, inspector):
        found = tie(session, a_code(2), "relative-works")
        assert pairs(session, inspector) == [(a_code(2), "relative", True)]

        services.withdraw_tie(session, found.id, reason="登记错误", by="hr", at=NOON)

        assert pairs(session, inspector) == []
        with pytest.raises(TieWithdrawnError):
            services.withdraw_tie(session, found.id, reason="再撤", by="hr", at=NOON)

    def test_what_holds_for_an_operator_holds_for_its_sites(self, session, inspector):
        queries.subject(session, a_code(3)).operator_id = queries.subject(session, a_code(1)).id
        session.commit()

        tie(session, a_code(1), "owns")

        assert [code for code, _, _ in pairs(session, inspector)] == [a_code(1), a_code(3)]

    @pytest.mark.parametrize(
        "facts", [{"relation": "likes"}, {"code": "9133"}, {"first_day": TODAY, "last_day": date(2026, 1, 1)}]
    )
    def test_what_no_tie_can_be_is_refused(self, session, inspector, facts):
        with pytest.raises(InvalidRecordError):
            tie(session, **{"code": a_code(1), **facts})


class TestRelated:
    def test_a_conflict_extends_to_who_shares_an_identifier(self, session, settings, inspector):
        tie(session, a_code(1), "owns")
        link(session, settings, "phone", "0571-88 00", subject=a_code(1))
        link(session, settings, "phone", "05718800", subject=a_code(2))
        link(session, settings, "phone", "05718801", subject=a_code(3))

        found = pairs(session, inspector, related=True)

        assert found == [(a_code(1), "relative", True), (a_code(2), "related", False)]
        assert pairs(session, inspector) == found[:1]

    def test_a_parent_outside_the_pool_and_a_relative_count_too(self, session, settings, inspector):
        parent = a_code(77)
        tie(session, parent, "employed")
        link(session, settings, "parent", parent.lower(), subject=a_code(2))
        link(session, settings, "person", "330102199001011234", inspector="Z-1")
        link(session, settings, "person", "330102199001011234", subject=a_code(3))

        found = pairs(session, inspector, related=True)

        assert found == [(a_code(2), "related", False), (a_code(3), "related", False)]

    def test_no_identifier_of_a_person_is_kept_in_clear(self, session, settings, inspector):
        first = link(session, settings, "person", "330102199001011234", inspector="Z-1")
        again = link(session, settings, "person", "3301 0219 9001 0112 34", inspector="Z-1")

        assert first.id == again.id
        assert len(session.get(Link, first.id).value) == 64
        with pytest.raises(InvalidRecordError):
            link(session, settings, "phone", " - ", subject=a_code(1))


def test_who_found_nothing_too_often_stays_away_for_a_year(session, body, inspector):
    for n, (found, on) in enumerate(
        [(False, date(2025, 2, 1)), (False, date(2025, 6, 1)), (True, TODAY), (False, TODAY)]
    ):
        services.record_visit(
            session, subject_code=a_code(1), body_id=body.id, visited_on=on, inspectors=["Z-1"],
            source=f"desk:{n}", found=found, by="li", at=NOON,
        )  # fmt: skip

    assert pairs(session, inspector, no_finding_limit=2) == [(a_code(1), "nothing-found-repeatedly", True)]
    assert pairs(session, inspector, no_finding_limit=3) == []


def test_a_regular_supervisor_is_known_by_certificate_and_by_person(session, body, inspector):
    an_account(session, "wang", roles=["inspector"], certificate="Z-1")
    queries.subject(session, a_code(3)).operator_id = queries.subject(session, a_code(1)).id
    session.commit()
    for n, named in ((1, "WANG"), (2, "Z-1")):
        services.set_standing(
            session, subject_code=a_code(n), body_id=body.id, kind="supervisor", value=named,
            valid_from=TODAY, by="li", at=NOON,
        )  # fmt: skip

    assert pairs(session, inspector) == [(a_code(n), "regular-supervisor", False) for n in (1, 2, 3)]


def test_rotation_counts_at_the_operator(session, body, inspector):
    queries.subject(session, a_code(2)).operator_id = queries.subject(session, a_code(1)).id
    queries.subject(session, a_code(3)).operator_id = queries.subject(session, a_code(1)).id
    session.commit()
    second = an_inspector(session, "Z-2", body=body)
    for n, (code, who, on) in enumerate([(1, "Z-1", date(2026, 2, 1)), (2, "Z-2", TODAY)]):
        services.record_visit(
            session, subject_code=a_code(code), body_id=body.id, visited_on=on, inspectors=[who],
            source=f"desk:{n}", by="li", at=NOON,
        )  # fmt: skip
    last = [(a_code(n), "inspected-last-time", False) for n in (1, 2, 3)]

    assert pairs(session, inspector, second, rotation=True) == last
    asked = {"inspector_ids": [inspector.id, second.id], "on": TODAY, "rotation": True}
    third = queries.subject(session, a_code(3)).id
    found = queries.conflict_pairs(session, subject_ids=[third], **asked)
    assert [(pair.inspector, pair.subject) for pair in found] == [("Z-2", a_code(3))]


class TestApplications:
    def apply(self, session, **facts):
        facts = {"statement": "曾与我有纠纷", "applicant": "王经理", **facts}
        return services.apply_for_recusal(
            session, inspector="Z-1", subject=a_code(1), by="counter", at=NOON, **facts
        )

    def test_work_goes_on_until_it_is_granted(self, session, settings, inspector):
        applied = self.apply(session, document=("申请.pdf", PDF), settings=settings)
        assert pairs(session, inspector) == []

        services.decide_conflict(session, applied.id, uphold=True, by="head", at=NOON)

        assert pairs(session, inspector) == [(a_code(1), "applied", True)]
        assert len(applied.evidence_file) == 64

    def test_a_document_is_judged_by_its_content_and_nothing_is_half_applied(
        self, session, settings, inspector
    ):
        with pytest.raises(BadEvidenceError):
            self.apply(session, document=("申请.pdf", b"<html>"), settings=settings)

        assert queries.conflicts_of_inspector(session, inspector.id) == []

    def test_it_is_refused_with_a_reason_and_never_by_who_entered_it(self, session, inspector):
        applied = self.apply(session)

        with pytest.raises(InvalidRecordError):
            services.decide_conflict(session, applied.id, uphold=False, by="head", at=NOON)
        with pytest.raises(OwnConflictError):
            services.decide_conflict(session, applied.id, uphold=True, by="counter", at=NOON)


class TestDeciding:
    def declare(self, session, code):
        return services.declare_conflict(
            session, inspector="Z-1", subject=code, ground="relative", source="hr",
            valid_from=TODAY, by="hr", at=NOON,
        ).id  # fmt: skip

    def test_many_are_decided_alike_or_none_is(self, session, inspector):
        numbers = [self.declare(session, a_code(n)) for n in (1, 2)]
        with pytest.raises(OwnConflictError):
            services.decide_conflicts(session, numbers, uphold=True, by="hr", at=NOON)
        session.rollback()

        done = services.decide_conflicts(session, numbers, uphold=False, reason="核实", by="head", at=NOON)

        assert (done, pairs(session, inspector)) == (2, [])
        assert queries.conflict(session, numbers[0]).decision_reason == "核实"

    def test_nobody_decides_only_in_the_place_of_the_inspector(self, session, inspector):
        an_account(session, "wang", roles=["inspector", "head"], certificate="Z-1")
        an_account(session, "qi", roles=["registrar"])
        days = {"first_day": TODAY, "last_day": TODAY, "reason": "出差"}
        set_stand_in(session, "WANG", "QI", roles=["head"], **days, by="WANG", at=NOON)
        number = self.declare(session, a_code(1))

        with pytest.raises(StandsInForOtherSideError):
            services.decide_conflict(session, number, uphold=True, by="QI", at=NOON)
        with pytest.raises(StandsInForOtherSideError):
            services.end_conflict(session, number, ended_on=TODAY, reason="已离职", by="QI", at=NOON)

    def test_ended_early_it_holds_until_the_day_before(self, session, inspector):
        number = self.declare(session, a_code(1))
        ended = date(2026, 3, 5)

        services.end_conflict(session, number, ended_on=ended, reason="已离婚", by="head", at=NOON)

        held = [bool(pairs(session, inspector, on=date(2026, 3, day))) for day in (4, 5)]
        assert held == [True, False]
        with pytest.raises(ConflictNotInForceError):
            services.end_conflict(session, number, ended_on=ended, reason="再", by="head", at=NOON)


def test_the_preview_shows_pairs_waivers_and_thin_subjects(session, body, inspector):
    others = [an_inspector(session, f"Z-{n}", body=body, skills=["lead"]) for n in range(2, 6)]
    for n in range(1, 4):
        services.declare_conflict(
            session, inspector=others[n].certificate, subject=a_code(1), ground="relative",
            valid_from=TODAY, by="li", at=NOON,
        )  # fmt: skip
    services.set_standing(
        session, subject_code=a_code(1), body_id=body.id, kind="supervisor", value="Z-1",
        valid_from=TODAY, by="li", at=NOON,
    )  # fmt: skip

    found = queries.conflict_preview(session, body=body, rules=a_rule_set_object(), filter_text="", on=TODAY)

    assert [(each.ground, each.pairs, each.waived) for each in found.grounds] == [
        ("relative", 3, 0),
        ("regular-supervisor", 1, 1),
    ]
    assert (found.subjects, found.inspectors, found.standing, found.waived) == (4, 5, 3, 1)
    assert [(thin.code, thin.eligible, thin.left, thin.seats_short) for thin in found.thin] == [
        (a_code(1), 5, 2, False)
    ]
    assert found.thin_regions == []
