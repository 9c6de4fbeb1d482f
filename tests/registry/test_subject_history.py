"""Base fields change by a source that is named; a subject and a pool can be had as they were on any day."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registry.a_registry import NOON, TODAY, a_body, a_code, a_subject, some_subjects
from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.ledger.queries import acts_on
from doublerandom.registry import former_regions, industries, queries, services
from doublerandom.registry.errors import (
    AlreadyThereError,
    InvalidCodeError,
    InvalidRecordError,
    OperatorNeededError,
    RecordNotFoundError,
    SourceNeededError,
    StandingEndedError,
)

FACTS = {"source": "登记机关变更通知 3 号", "by": "zhang"}


def change(session, code, day=0, **fields):
    return services.change_subject(session, code, fields, at=NOON + timedelta(days=day), **FACTS)


def as_of(session, body, day, text=""):
    rows = queries.subjects_as_of(session, body=body, filter_text=text, on=TODAY + timedelta(days=day))
    return {row.code: row for row in rows}


class TestAChangeOfABaseField:
    def test_each_field_that_differs_is_on_record_with_source_and_person(self, session):
        a_body(session)
        (code,) = some_subjects(session, a_subject(1, name="旧名", industry="6210"))

        made = change(session, code, name="新名", industry="6210", established=date(2020, 5, 1))
        again = change(session, code, name="新名")

        assert [(row.field, row.was, row.now, row.by, row.day) for row in made] == [
            ("name", "旧名", "新名", "zhang", TODAY),
            ("established", "", "2020-05-01", "zhang", TODAY),
        ]
        assert again == []
        assert queries.subject(session, code).established == date(2020, 5, 1)
        assert acts_on(session, "subject", code)[-1].name == "SubjectChanged"
        assert len(queries.changes_of(session, made[0].subject_id, until=TODAY - timedelta(days=1))) == 0

    def test_it_needs_a_source_and_values_that_fit(self, session):
        (code,) = some_subjects(session, a_subject(1))

        with pytest.raises(SourceNeededError):
            services.change_subject(session, code, {"name": "新"}, source=" ", by="zhang", at=NOON)
        for wrong in (
            {"code": "X"}, {"name": ""}, {"kind": "planet"}, {"status": "asleep"}, {"credit_class": "E"},
            {"industry": "6998"}, {"region": "杭州"}, {"address": "长" * 513},
        ):  # fmt: skip
            with pytest.raises(InvalidRecordError):
                services.change_subject(session, code, wrong, at=NOON, **FACTS)
        with pytest.raises(OperatorNeededError):
            services.change_subject(session, code, {"operator": a_code(1)}, at=NOON, **FACTS)

        assert queries.changes_of(session, queries.subject(session, code).id) == []

    def test_an_import_changes_many_at_once_and_each_stays_on_record(self, session):
        codes = some_subjects(session, *(a_subject(n) for n in range(1, 4)))
        batch = queries.import_batches(session)[0]
        changes = {code: {"name": "改名", "address": "新址"} for code in codes[:2]} | {
            codes[2]: {"name": "第3号商店"}, a_code(9): {"name": "没有"},
        }  # fmt: skip

        changed = services.change_subjects(
            session, changes, source="file.csv", batch_id=batch.id, by="li", at=NOON
        )

        assert changed == 2
        assert [queries.subject(session, code).address for code in codes] == ["新址", "新址", ""]
        rows = queries.changes_of(session, queries.subject(session, codes[0]).id)
        assert {(row.field, row.was, row.batch_id) for row in rows} == {
            ("name", "第1号商店", batch.id),
            ("address", "", batch.id),
        }


class TestAsItWas:
    def test_a_subject_is_shown_as_it_was_at_the_end_of_a_day(self, session):
        (code,) = some_subjects(session, a_subject(1, name="一"))
        change(session, code, day=1, name="二", established=date(2020, 1, 1))
        change(session, code, day=3, name="三", established=None)

        names = [queries.subject_as_of(session, code, TODAY + timedelta(days=n)).name for n in range(4)]
        days = [queries.subject_as_of(session, code, TODAY + timedelta(days=n)).established for n in range(4)]

        assert names == ["一", "二", "二", "三"]
        assert days == [None, date(2020, 1, 1), date(2020, 1, 1), None]
        assert queries.subject_as_of(session, code, TODAY - timedelta(days=1)) is None
        assert queries.subject(session, code).name == "三"

    def test_a_pool_is_as_it_was_class_filter_and_membership_among_it(self, session):
        body = a_body(session)
        one, two = some_subjects(session, a_subject(1, credit_class="A"), a_subject(2, industry="6210"))
        change(session, one, day=2, credit_class="D", region="330203", established=date(2026, 3, 1))
        services.leave_pool(session, two, body.id, reason="merged", by="li", at=NOON + timedelta(days=3))
        services.add_subjects(session, [a_subject(3)], source="later", by="li", at=NOON + timedelta(days=4))

        assert {code: row.credit_class for code, row in as_of(session, body, 1).items()} == {
            one: "A",
            two: "",
        }
        assert set(as_of(session, body, 2)) == {two}
        assert set(as_of(session, body, 3)) == set()
        assert set(as_of(session, body, 4)) == {a_code(3)}
        assert set(as_of(session, body, 1, "class = A or industry = 62")) == {one, two}
        assert set(as_of(session, body, 1, "established > 2026-01-01")) == set()
        assert as_of(session, body, -1) == {}

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.sampled_from(["name", "industry", "status", "credit_class", "established"]),
                st.integers(0, 2),
                st.integers(1, 3),
            ),
            min_size=1,
            max_size=8,
        )
    )
    def test_replaying_the_changes_gives_the_same(self, session, history):
        values = {
            "name": ["甲", "乙", "丙"], "industry": ["", "6210", "5211"],
            "status": ["active", "revoked", "deregistered"], "credit_class": ["", "A", "D"],
            "established": [None, date(2020, 1, 1), date(2021, 2, 2)],
        }  # fmt: skip
        body = _once(session)
        codes = _three(session)
        last = NOON + timedelta(days=_days_gone(session))
        state = {
            code: {field: getattr(queries.subject(session, code), field) for field in values}
            for code in codes
        }
        seen = []
        for which, field, value, days in history:
            seen.append((last, {code: dict(fields) for code, fields in state.items()}))
            last += timedelta(days=days)
            new = values[field][value]
            services.change_subject(session, codes[which], {field: new}, at=last, **FACTS)
            state[codes[which]][field] = new

        for moment, then in seen:
            on = moment.date()
            rows = {
                row.code: row for row in queries.subjects_as_of(session, body=body, filter_text="", on=on)
            }
            for code, fields in then.items():
                was = queries.subject_as_of(session, code, on)
                assert {field: getattr(was, field) for field in fields} == fields
                assert (rows[code].name, rows[code].credit_class) == (fields["name"], fields["credit_class"])


def _once(session):
    """The body of all examples."""
    found = accounts.bodies(session)
    return found[0] if found else a_body(session)


def _three(session):
    codes = [a_code(n) for n in (1, 2, 3)]
    if queries.subject_or_none(session, codes[0]) is None:
        some_subjects(session, *(a_subject(n) for n in (1, 2, 3)))
    return codes


def _days_gone(session):
    """Days after NOON on which something changed already: every example goes on from there."""
    ids = [queries.subject(session, a_code(n)).id for n in (1, 2, 3)]
    days = [row.day for number in ids for row in queries.changes_of(session, number)]
    return (max(days) - TODAY).days if days else 0


class TestSubjectsWithoutACodeOfTheirOwn:
    def test_a_project_gets_the_next_code_of_its_region_and_year_and_names_its_operator(self, session):
        (firm,) = some_subjects(session, a_subject(1))
        values = {"kind": "project", "name": "一号工地", "region": "330106", "operator": firm}

        made = [
            services.add_subject(session, values, source="施工许可", by="zhang", at=NOON) for _ in range(2)
        ]

        assert [subject.code for subject in made] == ["XM-330106-2026-00001", "XM-330106-2026-00002"]
        assert {subject.operator_id for subject in made} == {queries.subject(session, firm).id}
        operated = queries.operated_by(session, queries.subject(session, firm).id)
        assert [subject.code for subject in operated] == [subject.code for subject in made]

    def test_without_an_operator_that_is_an_enterprise_nothing_is_added(self, session):
        (firm,) = some_subjects(session, a_subject(1))
        values = {"kind": "site", "name": "广场", "region": "330106"}
        site = services.add_subject(session, {**values, "operator": firm}, source="s", by="li", at=NOON)

        for operator in ("", a_code(7), site.code):
            with pytest.raises(OperatorNeededError):
                services.add_subject(session, {**values, "operator": operator}, source="s", by="li", at=NOON)
        with pytest.raises(SourceNeededError):
            services.add_subject(session, {**values, "operator": firm}, source="", by="li", at=NOON)
        for kind, region in (("enterprise", "330106"), ("site", "杭州")):
            with pytest.raises(InvalidRecordError):
                services.issue_code(session, kind=kind, region=region, at=NOON)

        assert queries.subjects_count(session) == 2
        other = services.add_subject(session, {**values, "operator": firm}, source="s", by="li", at=NOON)
        assert other.code == "CS-330106-2026-00002"

    def test_an_enterprise_comes_with_its_own_code_once(self, session):
        values = {"name": "新企业", "region": "330106"}
        services.add_subject(session, values, code=a_code(1).lower(), source="s", by="li", at=NOON)

        with pytest.raises(AlreadyThereError):
            services.add_subject(session, values, code=a_code(1), source="s", by="li", at=NOON)
        with pytest.raises(InvalidCodeError):
            services.add_subject(session, values, source="s", by="li", at=NOON)

    def test_codes_issued_at_the_same_moment_differ(self, engine):
        def issue(_):
            with Session(engine) as session:
                return services.issue_code(session, kind="product", region="330100", at=NOON)

        with ThreadPoolExecutor(4) as threads:
            codes = list(threads.map(issue, range(12)))

        assert sorted(codes) == [f"CP-330100-2026-{n:05d}" for n in range(1, 13)]


class TestLicencesAndLists:
    def test_a_licence_that_changes_is_a_new_version_and_the_same_twice_is_one(self, session):
        (code,) = some_subjects(session, a_subject(1))
        facts = {
            "number": "JY1330106",
            "name": "食品经营许可",
            "source": "handover:1",
            "by": "zhang",
            "at": NOON,
        }
        services.record_licence(session, code, granted=date(2025, 1, 1), **facts)
        services.record_licence(session, code, **facts)
        services.record_licence(session, code, status="revoked", **facts)

        subject = queries.subject(session, code)
        (licence,) = queries.licences_of(session, subject.id)
        assert (licence.version, licence.status, licence.granted) == (2, "revoked", date(2025, 1, 1))
        assert queries.licence_of(session, subject.id, "JY1330106") == licence
        for wrong in ({"status": "x"}, {"granted": TODAY, "valid_until": date(2026, 1, 1)}):
            with pytest.raises(InvalidRecordError):
                services.record_licence(session, code, **facts, **wrong)

    def test_a_place_on_a_list_is_dated_and_ends_with_a_reason(self, session):
        (code,) = some_subjects(session, a_subject(1))
        facts = {"kind": "abnormal_list", "valid_from": date(2026, 1, 5), "source": "决定书 7 号"}
        listing = services.put_on_list(session, code, by="zhang", at=NOON, **facts)
        assert services.put_on_list(session, code, by="zhang", at=NOON, **facts).id == listing.id

        services.take_off_list(session, listing.id, reason="已补报", by="li", at=NOON)

        assert listing.valid_to == TODAY - timedelta(days=1)
        with pytest.raises(StandingEndedError):
            services.take_off_list(session, listing.id, reason="again", by="li", at=NOON)
        with pytest.raises(RecordNotFoundError):
            services.take_off_list(session, 99, reason="none", by="li", at=NOON)
        for wrong in ({"kind": "good_list"}, {"valid_to": date(2026, 1, 1)}):
            with pytest.raises(InvalidRecordError):
                services.put_on_list(session, code, by="zhang", at=NOON, **{**facts, **wrong})
        assert queries.listings_of(session, listing.subject_id) == [listing]


class TestRegionsAndIndustries:
    def test_the_seed_table_of_industries_is_whole_and_seeded_once(self, session):
        levels = [row.level for row in industries.standard()]

        assert services.seed_industries(session, by="system", at=NOON) == 1972
        assert services.seed_industries(session, by="system", at=NOON) == 0

        assert [levels.count(level) for level in (1, 2, 3, 4)] == [20, 97, 473, 1382]
        assert queries.industry_names(session, ["6210", "9"]) == {"6210": "正餐服务"}
        assert [code for code, _ in queries.industry_chain(session, "6210")] == ["H", "62", "621", "6210"]
        assert [row.code for row in queries.industries_below(session, "H")] == ["61", "62"]
        assert industries.subtree_prefixes("H") == ("H", "61", "62")
        assert industries.subtree_prefixes("H62") == industries.subtree_prefixes("62") == ("62", "H62")
        assert industries.subtree_prefixes("6X") == ("6X",)
        assert industries.chain("9011") == ("R", "90", "901", "9011")
        assert industries.chain("H6210") == ("H", "62", "621", "6210")
        assert industries.chain("99X") == ("99X",)

    def test_an_abolished_region_is_known_by_its_former_name(self):
        assert former_regions.former_region("110103") == ("110103", "崇文区", 1980, 2009)
        assert former_regions.former_region("330106") is None
        assert former_regions.former_names("999999") == []

    def test_the_tables_say_what_the_sources_say(self, real_data):
        with (real_data / "gbt4754_2017.csv").open(encoding="utf-8-sig") as file:
            names = {row["code"]: row["name"] for row in csv.DictReader(file)}
        with (real_data / "gb2260_history_1980_2018.csv").open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        abolished = {row["code"] for row in rows} - {
            row["code"] for row in rows if row["in_last_revision"] == "Y"
        }

        assert {row.code: row.name for row in industries.standard()} == names
        assert all(former_regions.former_region(code) for code in abolished)
