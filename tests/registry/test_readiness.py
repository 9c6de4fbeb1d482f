"""Whether an inspector may be dealt: certificates, absences, windows of days, qualifications, item range."""

from datetime import date, timedelta

import pytest
from registry.a_registry import NOON, TODAY, a_body, an_inspector
from registry.an_import import a_file, run

from doublerandom.accounts import queries as accounts
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries, readiness, services
from doublerandom.registry.errors import (
    AbsenceNotFoundError,
    AbsenceOverlapsError,
    AbsenceSupersededError,
    AlreadyThereError,
    CalendarYearMissingError,
    CertificateNotFoundError,
    CertificateOverlapsError,
    DaysOutOfOrderError,
    InspectorNotFoundError,
    InvalidRecordError,
    PastAbsenceError,
    QualificationNotFoundError,
)
from doublerandom.registry.models import Absence, Inspector
from doublerandom.registry.readiness import Away, Facts, Paper, Window

LI = {"by": "li", "at": NOON}


def day(n: int) -> date:
    """So many days after today."""
    return TODAY + timedelta(days=n)


def reasons(session, on=TODAY, **asked):
    rows = queries.inspectors_for(session, lines=[], region="330100", on=on, **asked)
    return {row.certificate: row.excluded for row in rows}


def away(session, certificate="Z-1", first=0, last=0, kind="leave", **facts):
    return services.add_absence(
        session, certificate, kind=kind, first_day=day(first), last_day=day(last), **{**LI, **facts}
    )


class TestCertificates:
    @pytest.fixture
    def body(self, session):
        return a_body(session)

    def test_an_inspector_comes_with_the_certificate_that_is_the_pool_id(self, session, body):
        row = an_inspector(session, "z-1", body=body, certificate_until=day(9), authority="省司法厅")

        (view,) = queries.certificates_of(session, row)

        assert (view.paper.number, view.paper.last, view.row.authority) == ("Z-1", day(9), "省司法厅")

    def test_a_row_from_before_tells_its_certificate_by_itself(self, session, body):
        session.add(
            Inspector(
                certificate="Z-1", name="王某", body_id=body.id, department="scjg", certificate_until=day(-1)
            )
        )
        session.commit()

        assert reasons(session) == {"Z-1": "certificate-expired"}
        services.add_certificate(session, "Z-1", valid_from=TODAY, valid_to=day(300), **LI)
        assert reasons(session) == {"Z-1": ""}
        assert queries.inspector(session, "Z-1").certificate_until == day(300)
        papers = queries.certificates_of(session, queries.inspector(session, "Z-1"))
        assert [view.paper.last for view in papers] == [day(-1), day(300)]

    def test_one_valid_certificate_of_several_is_enough(self, session, body):
        an_inspector(session, "Z-1", body=body, certificate_until=day(-1))

        services.add_certificate(
            session, "Z-1", number="PRO-7", kind="professional", valid_from=day(-9), valid_to=day(9), **LI
        )

        assert reasons(session) == {"Z-1": ""}
        assert reasons(session, on=day(10)) == {"Z-1": "certificate-expired"}
        assert queries.inspector(session, "Z-1").certificate_until == day(-1)

    @pytest.mark.parametrize("status", ["suspended", "revoked"])
    def test_a_suspended_or_revoked_certificate_excludes_until_it_is_restored(self, session, body, status):
        row = an_inspector(session, "Z-1", body=body)
        (view,) = queries.certificates_of(session, row)
        facts = {"reason": "年审未过", **LI}

        services.set_certificate_status(session, "Z-1", view.row.id, status=status, valid_from=TODAY, **facts)
        services.set_certificate_status(
            session, "Z-1", view.row.id, status="restored", valid_from=day(5), **facts
        )

        assert [reasons(session, on=day(n))["Z-1"] for n in (-1, 0, 4, 5)] == [
            "",
            f"certificate-{status}",
            f"certificate-{status}",
            "",
        ]

    def test_the_certificate_that_only_a_row_from_before_tells_can_be_suspended_too(self, session, body):
        session.add(Inspector(certificate="Z-1", name="王某", body_id=body.id, department="scjg"))
        session.commit()

        services.set_certificate_status(
            session, "Z-1", 0, status="suspended", valid_from=TODAY, reason="年审未过", **LI
        )

        assert reasons(session) == {"Z-1": "certificate-suspended"}
        with pytest.raises(CertificateNotFoundError):
            services.set_certificate_status(
                session, "Z-1", 0, status="restored", valid_from=TODAY, reason="误", **LI
            )

    def test_dates_of_one_number_stand_once_and_in_order(self, session, body):
        an_inspector(session, "Z-1", body=body, certificate_until=day(9))
        an_inspector(session, "Z-2", body=body)

        with pytest.raises(CertificateOverlapsError):
            services.add_certificate(session, "Z-1", valid_from=day(9), valid_to=day(99), **LI)
        with pytest.raises(DaysOutOfOrderError):
            services.add_certificate(session, "Z-1", valid_from=day(99), valid_to=day(10), **LI)
        for wrong in ({"number": "张三"}, {"kind": "a b"}):
            with pytest.raises(InvalidRecordError):
                services.add_certificate(session, "Z-1", **{"valid_from": TODAY, **wrong}, **LI)
        services.add_certificate(session, "Z-2", valid_from=day(-9), valid_to=day(-1), **LI)
        assert reasons(session)["Z-2"] == "certificate-expired"

    def test_a_status_needs_a_reason_and_the_right_certificate(self, session, body):
        row, other = (an_inspector(session, one, body=body) for one in ("Z-1", "Z-2"))
        (view,) = queries.certificates_of(session, other)

        for wrong in ({"status": "lost"}, {"reason": " "}):
            with pytest.raises(InvalidRecordError):
                services.set_certificate_status(
                    session,
                    row.certificate,
                    view.row.id,
                    **{"status": "suspended", "reason": "年审", "valid_from": TODAY, **wrong},
                    **LI,
                )
        for number in (view.row.id, 999):
            with pytest.raises(CertificateNotFoundError):
                services.set_certificate_status(
                    session, "Z-1", number, status="suspended", reason="年审", valid_from=TODAY, **LI
                )

    def test_certificates_that_follow_each_other_count_as_one_time(self):
        first, second = Paper("A", None, day(3)), Paper("A", day(4), day(9))

        assert readiness.valid_until([first, second], TODAY) == day(9)
        assert readiness.valid_until([first], TODAY) == day(3)
        assert readiness.valid_until([Paper("A")], TODAY) is None
        assert readiness.valid_until([Paper("A", None, day(-3))], TODAY) == day(-3)
        assert readiness.valid_until([Paper("A", steps=((day(2), "suspended"),))], TODAY) == day(1)
        assert readiness.valid_until([Paper("A", day(5))], TODAY) == day(-1)
        assert Paper("A", day(5)).status(TODAY) == "ahead"


class TestAbsences:
    @pytest.fixture(autouse=True)
    def inspector(self, session):
        return an_inspector(session, "Z-1", body=a_body(session))

    def test_a_later_entry_takes_the_place_of_an_earlier_one_and_nothing_is_deleted(self, session, inspector):
        first = away(session, last=9)

        second = services.correct_absence(
            session, "Z-1", first.id, kind="training", first_day=TODAY, last_day=day(3), **LI
        )
        assert reasons(session) == {"Z-1": "training"}
        assert reasons(session, on=day(4)) == {"Z-1": ""}
        services.correct_absence(
            session, "Z-1", second.id, kind="training", first_day=TODAY, last_day=day(3), withdrawn=True, **LI
        )

        assert reasons(session) == {"Z-1": ""}
        assert queries.absences_of(session, inspector.id) == []
        assert len(queries.absences_of(session, inspector.id, all_rows=True)) == 3
        for done in (first, second):
            with pytest.raises(AbsenceSupersededError):
                services.correct_absence(
                    session, "Z-1", done.id, kind="leave", first_day=TODAY, last_day=TODAY, **LI
                )

    def test_the_same_kind_does_not_overlap_itself_but_kinds_may_overlap(self, session):
        away(session, first=0, last=9)

        with pytest.raises(AbsenceOverlapsError):
            away(session, first=9, last=12)
        away(session, first=5, last=12, kind="duty")

        assert [reasons(session, on=day(n))["Z-1"] for n in (9, 10)] == ["leave", "duty"]

    def test_inspectors_announce_days_to_come_and_correct_their_own(self, session):
        with pytest.raises(PastAbsenceError):
            away(session, first=-1, last=3, announced=True, by="p-z")
        own = away(session, first=0, last=3, announced=True, by="p-z")
        entered = away(session, first=20, last=21)

        later = services.correct_absence(
            session, "Z-1", own.id, kind="leave", first_day=day(1), last_day=day(2), announced=True, **LI
        )

        assert later.announced
        assert reasons(session) == {"Z-1": ""}
        with pytest.raises(AbsenceNotFoundError):
            services.correct_absence(
                session,
                "Z-1",
                entered.id,
                kind="leave",
                first_day=day(20),
                last_day=day(20),
                announced=True,
                **LI,
            )
        with pytest.raises(PastAbsenceError):
            services.correct_absence(
                session,
                "Z-1",
                later.id,
                kind="leave",
                first_day=day(-5),
                last_day=day(2),
                announced=True,
                **LI,
            )

    def test_what_has_begun_is_shortened_but_not_taken_back(self, session):
        own = away(session, first=0, last=9, announced=True)
        after = {**LI, "at": NOON + timedelta(days=4)}
        facts = {"kind": "leave", "first_day": TODAY, "announced": True}

        for wrong in ({"last_day": day(9), "withdrawn": True}, {"last_day": day(2)}):
            with pytest.raises(PastAbsenceError):
                services.correct_absence(session, "Z-1", own.id, **facts, **wrong, **after)
        services.correct_absence(session, "Z-1", own.id, **facts, last_day=day(4), **after)

        assert reasons(session, on=day(5)) == {"Z-1": ""}

    def test_absences_of_others_are_not_corrected(self, session, inspector):
        an_inspector(session, "Z-2", body=a_body(session, "xh", region="330106"))
        row = away(session)

        for number in (row.id, 99):
            with pytest.raises(AbsenceNotFoundError):
                services.correct_absence(
                    session, "Z-2", number, kind="leave", first_day=TODAY, last_day=TODAY, **LI
                )

    def test_the_days_of_a_month_come_by_inspector(self, session, inspector):
        away(session, first=0, last=3)
        away(session, first=40, last=43)

        found = queries.absences_between(session, [inspector.id], first=day(-9), last=day(9))

        assert [row.first_day for row in found[inspector.id]] == [TODAY]


class TestWindows:
    @pytest.fixture(autouse=True)
    def calendar(self, session):
        services.seed_calendar(session, years=[2026], **LI)
        return a_body(session)

    def test_who_has_days_enough_in_the_window_is_dealt_though_away_today(self, session, calendar):
        an_inspector(session, "Z-1", body=calendar)
        away(session, last=4)

        assert reasons(session) == {"Z-1": "leave"}
        assert reasons(session, until=day(18), working_days=5) == {"Z-1": ""}
        assert reasons(session, until=day(7), working_days=5) == {"Z-1": "leave"}

    def test_several_kinds_are_not_days_enough_and_a_certificate_that_ends_is_named(self, session, calendar):
        for certificate, until in (("Z-1", None), ("Z-2", day(2))):
            an_inspector(session, certificate, body=calendar, certificate_until=until)
        away(session, first=0, last=2)
        away(session, first=3, last=9, kind="training")

        found = reasons(session, until=day(9), working_days=6)

        assert found == {"Z-1": "not-enough-days", "Z-2": "certificate-ends"}

    def test_a_year_that_the_calendar_lacks_is_an_error_and_no_guess(self, session, calendar):
        with pytest.raises(CalendarYearMissingError):
            reasons(session, on=date(2026, 12, 20), until=date(2027, 1, 10))

    def test_overlapping_absences_count_a_day_once(self):
        facts = Facts((Paper("A"),), (Away("leave", TODAY, day(1)), Away("duty", day(1), day(2))))

        assert readiness.free_days(facts, Window(tuple(day(n) for n in range(5)), 3)) == 2


class TestQualificationsAndRange:
    @pytest.fixture(autouse=True)
    def inspector(self, session):
        return an_inspector(session, "Z-1", body=a_body(session), skills=["food", "lead"])

    def skills(self, session, on=TODAY):
        return queries.inspectors_for(session, lines=[], region="330100", on=on)[0].skills

    def test_a_skill_with_dates_holds_on_those_days_alone(self, session, inspector):
        held = services.add_qualification(
            session, "Z-1", skill="food", valid_from=day(-9), valid_to=day(9), evidence="证书 7 号", **LI
        )
        assert self.skills(session) == ["food", "lead"]
        assert self.skills(session, on=day(10)) == ["lead"]

        services.add_qualification(session, "Z-1", skill="food", valid_from=day(-9), replaces=held.id, **LI)

        assert self.skills(session, on=day(10)) == ["food", "lead"]
        assert len(queries.qualifications_of(session, inspector.id)) == 1
        for skill, number in (("food", held.id), ("fire", held.id)):
            with pytest.raises(QualificationNotFoundError):
                services.add_qualification(
                    session, "Z-1", skill=skill, valid_from=TODAY, replaces=number, **LI
                )
        with pytest.raises(QualificationNotFoundError):
            services.add_qualification(session, "Z-1", skill="food", valid_from=TODAY, replaces=99, **LI)
        with pytest.raises(InvalidRecordError):
            services.add_qualification(session, "Z-1", skill="a b", valid_from=TODAY, **LI)

    def test_an_item_range_excludes_from_draws_on_other_items(self, session):
        facts = {"basis": "法", "level": "市级", "methods": "现场", "requirement": "2", "valid_from": day(-9)}
        for code, category in (("SC-01", "食品"), ("SC-05", "特种设备")):
            item = services.add_item(session, code, name=code, category=category, **LI, **facts)
            services.put_item_in_force(session, item.id, by="head", at=NOON)
        what = {"name": "王某", "body_id": queries.inspector(session, "Z-1").body_id, "department": "scjg"}

        found = []
        for own in (["食品"], ["SC-01"], ["SC-01", "特种设备"], []):
            services.change_inspector(session, "Z-1", services.InspectorIn(**what, items=own), **LI)
            found.append(
                (reasons(session, items=["SC-01"])["Z-1"], reasons(session, items=["SC-01", "SC-05"])["Z-1"])
            )

        assert found == [("", "item-range"), ("", "item-range"), ("", ""), ("", "")]

    def test_a_change_is_on_record_with_what_was_and_nothing_changed_is_no_act(self, session, inspector):
        what = services.InspectorIn("王某", inspector.body_id, "scjg", skills=["food"], active=False)

        services.change_inspector(session, "z-1", what, reason="调离", **LI)
        services.change_inspector(session, "Z-1", what, reason="调离", **LI)

        acts = [act for act in ledger.acts_on(session, "inspector", "Z-1") if act.name == "InspectorChanged"]
        assert len(acts) == 1
        assert "调离" in acts[0].facts
        assert reasons(session) == {"Z-1": "inactive"}
        with pytest.raises(InspectorNotFoundError):
            services.change_inspector(session, "Z-9", what, **LI)

    def test_a_number_that_names_a_team_names_no_inspector(self, session, inspector):
        body = accounts.body_by_id(session, inspector.body_id)
        an_inspector(session, "Z-2", body=body)
        team = services.found_team(
            session,
            name="一组",
            body_id=inspector.body_id,
            members=[services.MemberIn("Z-1", "lead"), services.MemberIn("Z-2", "member")],
            valid_from=TODAY,
            **LI,
        )

        with pytest.raises(AlreadyThereError):
            an_inspector(session, team.code, body=body)


def test_the_list_is_filtered_in_sight_and_counted(session):
    city = a_body(session)
    county = a_body(session, "xh-scjg", region="330106", above=city)
    far = a_body(session, "nb-scjg", region="330200")
    an_inspector(session, "Z-1", body=city, name="张三", skills=["food"], certificate_until=day(20))
    an_inspector(session, "Z-2", body=county, name="李四", skills=["food_x"], certificate_until=day(-1))
    an_inspector(session, "Z-3", body=county, name="王五", expert=True, department="fire")
    an_inspector(session, "Z-4", body=far, name="张六")
    away(session, "Z-3")
    services.add_qualification(session, "Z-2", skill="fire", valid_from=TODAY, **LI)
    row = queries.inspector(session, "Z-1")

    def found(**wanted):
        asked = {"below": "hz-scjg/", "on": TODAY}
        rows = queries.inspectors_page(session, queries.InspectorFilter(**wanted), **asked)
        assert queries.inspectors_found(session, queries.InspectorFilter(**wanted), **asked) == len(rows)
        return [one.certificate for one in rows]

    assert found() == ["Z-1", "Z-2", "Z-3"]
    assert found(words="张") == ["Z-1"]
    assert found(words="z-2") == ["Z-2"]
    assert found(words="%") == []
    assert found(body="hz-scjg/xh-scjg/") == ["Z-2", "Z-3"]
    assert found(department="fire") == ["Z-3"]
    assert found(skill="food") == ["Z-1"]
    assert found(skill="fire") == ["Z-2"]
    assert found(state="available") == ["Z-1"]
    assert found(state="away") == ["Z-3"]
    assert found(state="expert") == ["Z-3"]
    assert found(state="inactive") == []
    assert found(ending=day(30)) == ["Z-1", "Z-2"]
    assert found(expired=True) == ["Z-2"]
    assert queries.certificates_ending(session, below="hz-scjg/", until=day(30)) == 2
    assert [
        one.certificate
        for one in queries.inspectors_page(
            session, queries.InspectorFilter(), below="hz-scjg/", on=TODAY, after="Z-1", limit=1
        )
    ] == ["Z-2"]
    (view,) = queries.certificates_of(session, row)
    services.set_certificate_status(
        session, "Z-1", view.row.id, status="suspended", valid_from=TODAY, reason="年审", **LI
    )
    assert found(state="available") == []
    with pytest.raises(InspectorNotFoundError):
        queries.inspector_in_sight(session, "Z-4", below="hz-scjg/")


def test_an_absence_is_kept_with_who_entered_it(session):
    an_inspector(session, "Z-1", body=a_body(session))

    row = away(session, note=" 年休假 ")

    kept = session.get(Absence, row.id)
    assert (kept.by, kept.at, kept.note) == ("li", NOON, "年休假")


def test_a_file_of_inspectors_brings_their_certificates_and_ranges(session, tmp_path):
    body = a_body(session)
    an_inspector(session, "Z-8", body=body)
    an_inspector(session, "Z-9", body=body)
    members = [services.MemberIn("Z-8", "lead"), services.MemberIn("Z-9", "member")]
    services.found_team(session, name="一组", body_id=body.id, members=members, valid_from=TODAY, **LI)
    header = "执法证号,姓名,发证日期,有效期至,发证机关,可检查事项,是否专家,专家类型"
    rows = (
        "Z-1,王某,2024-01-01,2029-01-01,省司法厅,SC-01、餐饮,否,",
        "Z-2,李某,2029-01-01,2024-01-01,,,,",
        "HZ-SCJG-T01,张某,,,,,,",
        "X-1,顾某,,,,,是,food、law",
    )

    report = run(session, "inspectors", a_file(tmp_path, *rows, header=header), body=body)

    assert [row["code"] for row in report["rows"]] == ["days_out_of_order", "certificate_not_an_id"]
    row, expert = (queries.inspector(session, one) for one in ("Z-1", "X-1"))
    (view,) = queries.certificates_of(session, row)
    assert (view.paper.first, view.paper.last, view.row.authority) == (
        date(2024, 1, 1),
        date(2029, 1, 1),
        "省司法厅",
    )
    assert row.items == ["SC-01", "餐饮"]
    assert (expert.expert, expert.expert_types) == (True, ["food", "law"])
