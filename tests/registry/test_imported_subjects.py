"""Subjects out of files: which row is kept, what the report says, and that an error leaves nothing behind."""

import csv
import json

import pytest
from click.testing import CliRunner
from registry.a_registry import NOON, a_body, a_code, a_subject, some_subjects
from registry.an_import import a_file, run
from sqlmodel import Session, select

from doublerandom.db import make_engine
from doublerandom.ledger.models import Act
from doublerandom.ledger.trail import verify_trail
from doublerandom.migrations import upgrade
from doublerandom.registry import queries
from doublerandom.registry.cli import registry
from doublerandom.registry.errors import MissingColumnsError, UnreadableFileError
from doublerandom.registry.intake import subject_writing
from doublerandom.registry.intake.beside import reader_of
from doublerandom.registry.models import ImportBatch

FULL = "企业名称,统一社会信用代码,成立日期,登记状态,信用风险分类,行政区划代码,行业代码,注册地址"


def one(report):
    """The only entry of a report, without its sentences."""
    (row,) = report["rows"]
    return {key: row[key] for key in ("line", "outcome", "code", "value")}


def test_words_of_offices_are_kept_as_what_they_mean(session, tmp_path):
    row = f"西湖饭店,{a_code(1)},2019年3月2日,吊销,c类,330106000000,H6210,西湖区1号"

    report = run(session, "subjects", a_file(tmp_path, row, header=FULL))

    kept = queries.subject(session, a_code(1))
    assert (report["accepted"], report["rows"]) == (1, [])
    assert (kept.status, kept.credit_class, kept.region, kept.industry) == ("revoked", "C", "330106", "6210")
    assert kept.established.isoformat() == "2019-03-02"


def test_what_the_file_does_not_say_is_read_from_the_code(session, tmp_path):
    codes = [a_code(n, kind=kind) for n, kind in enumerate(("91", "92", "93", "12"))]

    run(session, "subjects", a_file(tmp_path, *(f"店,{code}" for code in codes)))

    kept = [queries.subject(session, code) for code in codes]
    assert [one.kind for one in kept] == ["enterprise", "self_employed", "cooperative", "institution"]
    assert {(one.region, one.status, one.established) for one in kept} == {("330102", "active", None)}


def test_things_that_are_no_enterprises_have_codes_of_their_own(session, tmp_path):
    header = "名称,代码,对象类型,行政区划代码"
    rows = (
        "塔吊,TD-001,产品,330106",
        "工地,GD 1,项目,330106",
        "库房,KF1,场所,",
        f"店,{a_code(1)},飞船,330106",
    )

    report = run(session, "subjects", a_file(tmp_path, *rows, header=header.replace("代码,", "主体代码,", 1)))

    assert queries.subject(session, "TD-001").kind == "product"
    assert [(row["line"], row["code"]) for row in report["rows"]] == [
        (3, "code_not_an_id"),
        (4, "region_not_a_code"),
        (5, "kind_unknown"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f",{a_code(1)},2019-01-01,存续,A,,,x", "name_missing"),
        (f"店,{a_code(1)},2019-02-30,存续,A,,,x", "date_unreadable"),
        (f"店,{a_code(1)},2019-01-01,怪,A,,,x", "status_unknown"),
        (f"店,{a_code(1)},2019-01-01,存续,E,,,x", "credit_class_unknown"),
        (f"店,{a_code(1)},2019-01-01,存续,A,西湖区,,x", "region_not_a_code"),
        (f"店,{a_code(1)},2019-01-01,存续,A,,,{'x' * 513}", "too_long"),
        (f"店,{a_code(1)},2019-01-01,存续,A,,", "broken_quoting_shifted_columns"),
        (f"店,{a_code(1)},2019-01-01,存续,A,,,x,y", "broken_quoting_shifted_columns"),
    ],
)
def test_a_row_is_refused_whole_for_what_is_wrong_in_it(session, tmp_path, row, code):
    report = run(session, "subjects", a_file(tmp_path, row, f"好店,{a_code(2)},,,,,,", header=FULL))

    assert (one(report)["line"], one(report)["outcome"], one(report)["code"]) == (2, "refused", code)
    assert queries.subjects_count(session) == report["accepted"] == 1


def test_an_industry_in_words_is_noted_and_not_kept(session, tmp_path):
    report = run(session, "subjects", a_file(tmp_path, f"店,{a_code(1)},,,,,餐饮业,", header=FULL))

    assert one(report) == {"line": 2, "outcome": "noted", "code": "industry_not_a_code", "value": "餐饮业"}
    assert not queries.subject(session, a_code(1)).industry


def test_several_notes_on_a_row_are_one_entry_with_all_reasons(session, tmp_path):
    report = run(session, "subjects", a_file(tmp_path, f"\u3000店?,{a_code(1).lower()}"))

    assert one(report)["code"] == "code_lowercase_valid_if_upper"
    assert report["rows"][0]["reason_zh"].count("；") == 3
    assert report["noted"] == report["accepted"] == 1
    assert queries.subject(session, a_code(1)).name == "店?"


def test_the_first_of_repeated_rows_is_kept_and_both_are_shown(session, tmp_path):
    rows = (f"甲店,{a_code(1)}", f"乙店,{a_code(2)}", f"丙店,{a_code(1).lower()}", f"乙店,{a_code(2)}")

    report = run(session, "subjects", a_file(tmp_path, *rows))

    assert queries.subject(session, a_code(1)).name == "甲店"
    assert [(row["line"], row["outcome"], row["code"]) for row in report["rows"]] == [
        (4, "repeated", "duplicate_code_fields_differ"),
        (5, "repeated", "duplicate_row"),
    ]
    assert "第 2 行" in report["rows"][0]["reason_zh"]
    assert "甲店 ≠ 丙店" in report["rows"][0]["reason_en"]


def test_a_code_of_an_earlier_import_is_repeated_and_its_record_kept(session, tmp_path):
    some_subjects(session, a_subject(1, name="老店"), a_subject(2, name="同店"))

    report = run(
        session, "subjects", a_file(tmp_path, f"新店,{a_code(1)}", f"同店,{a_code(2)}", f"别店,{a_code(3)}")
    )

    assert (report["accepted"], report["repeated"]) == (1, 2)
    assert [row["code"] for row in report["rows"]] == [
        "already_registered_fields_differ",
        "already_registered",
    ]
    assert "老店 ≠ 新店" in report["rows"][0]["reason_zh"]
    assert queries.subject(session, a_code(1)).name == "老店"


def test_many_repeated_rows_are_settled_on_the_way(session, tmp_path, monkeypatch):
    monkeypatch.setattr(subject_writing, "MANY_ASIDE", 3)
    rows = [f"店{n},{a_code(n % 20)}" for n in range(60)]

    report = run(session, "subjects", a_file(tmp_path, *rows))

    assert (report["accepted"], report["repeated"]) == (20, 40)
    assert [row["line"] for row in report["rows"]] == list(range(22, 62))
    assert {queries.subject(session, a_code(n)).name for n in range(20)} == {f"店{n}" for n in range(20)}


def test_a_code_doubted_without_reason_is_taken_with_its_note(session, tmp_path, monkeypatch):
    monkeypatch.setattr("doublerandom.registry.intake.seen.Seen.doubted", lambda _self, _cells: [0, 1])

    report = run(
        session,
        "subjects",
        a_file(tmp_path, f"甲店\u3000,{a_code(1)}", f"乙店,{a_code(2)}", f"店,{a_code(3)}"),
    )

    assert (report["accepted"], report["noted"], report["repeated"]) == (3, 1, 0)
    assert one(report)["code"] == "name_trailing_fullwidth_space"


def test_a_region_that_no_list_knows_is_no_reason_to_refuse(session, tmp_path):
    code = a_code(1, region="999999")

    report = run(session, "subjects", a_file(tmp_path, f"店,{code}"))

    assert (report["accepted"], queries.subject(session, code).region) == (1, "999999")


def test_one_act_and_one_batch_stand_for_the_import(session, tmp_path):
    path = a_file(tmp_path, f"店,{a_code(1)}", "店,无")

    run(session, "subjects", path)

    (act,) = session.exec(select(Act)).all()
    (batch,) = queries.import_batches(session)
    assert (act.name, act.on_id, act.by) == ("BatchImported", str(batch.id), "zhang")
    assert (batch.accepted, batch.refused, batch.at, batch.filename) == (1, 1, NOON, "file.csv")
    assert json.loads(act.facts)["sha256"] == batch.sha256
    verify_trail(session)


def test_a_dry_run_reports_all_and_changes_nothing(session, tmp_path):
    path = a_file(tmp_path, f"店,{a_code(1)}", "店,无", f"二店,{a_code(1)}")

    rehearsed = run(session, "subjects", path, dry_run=True)

    assert queries.subjects_count(session) == 0
    assert queries.import_batches(session) == []
    assert session.exec(select(Act)).all() == []
    assert run(session, "subjects", path) == rehearsed


@pytest.mark.parametrize("tail", [b"\xff\xff,2\n", b'"x\n' + b"y,2\n" * 300_000])
def test_a_file_that_turns_unreadable_leaves_nothing_behind(session, tmp_path, tail):
    path = a_file(tmp_path, *(f"店,{a_code(n)}" for n in range(50_000)))
    with path.open("ab") as file:
        file.write(tail)

    with pytest.raises(UnreadableFileError):
        run(session, "subjects", path)

    assert queries.subjects_count(session) == 0
    assert session.exec(select(ImportBatch)).all() == []
    run(session, "subjects", a_file(tmp_path, f"店,{a_code(1)}", f"店,{a_code(1)}", name="good.csv"))
    assert queries.subjects_count(session) == 1


def test_missing_columns_are_told_before_anything_is_read(session, tmp_path):
    with pytest.raises(MissingColumnsError):
        run(session, "subjects", a_file(tmp_path, "x,y", header="甲,乙"))


def test_a_large_file_read_beside_comes_out_the_same(session, tmp_path):
    rows = [f"店{n},{a_code(n)}" if n % 7 else f"店{n},无" for n in range(3000)]
    path = a_file(tmp_path, *rows, f"店,{a_code(1)}")

    with reader_of(path, kind="subjects", large=0) as reader:
        report = run(session, "subjects", path, reader=reader)

    assert (report["accepted"], report["refused"], report["repeated"]) == (2571, 429, 1)
    assert "第 3 行" in report["rows"][-1]["reason_zh"]


class TestTheCommand:
    @pytest.fixture
    def command(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(tmp_path / "var"))
        monkeypatch.chdir(tmp_path)

        def invoke(*arguments):
            return CliRunner().invoke(registry, ["import", *map(str, arguments)])

        return invoke

    @pytest.fixture
    def database(self, tmp_path):
        def count():
            engine = make_engine(f"sqlite:///{tmp_path / 'var' / 'doublerandom.db'}")
            upgrade(engine)
            with Session(engine) as session:
                found = queries.subjects_count(session)
            engine.dispose()
            return found

        return count

    def test_report_and_refused_rows_are_written_beside_each_other(self, command, database, tmp_path):
        path = a_file(tmp_path, f"店,{a_code(1)}", "坏店,无")

        result = command("subjects", path, "--report", tmp_path / "report.json")

        report = json.loads((tmp_path / "report.json").read_text())
        assert result.exit_code == 0
        assert list(report) == ["accepted", "refused", "repeated", "noted", "rows"]
        assert list(report["rows"][0]) == ["line", "outcome", "code", "value", "reason_zh", "reason_en"]
        with (tmp_path / "report.refused.csv").open(encoding="utf-8-sig", newline="") as file:
            assert list(csv.reader(file)) == [["企业名称", "统一社会信用代码"], ["坏店", "无"]]
        assert database() == 1

    def test_mended_rows_can_be_imported_again(self, command, database, tmp_path):
        command("subjects", a_file(tmp_path, f"店,{a_code(1)}", "坏店,无"))
        refused = tmp_path / "file.refused.csv"
        refused.write_bytes(refused.read_bytes().replace("无".encode(), a_code(2).encode()))

        assert command("subjects", refused).exit_code == 0
        assert database() == 2

    def test_json_goes_to_standard_output(self, command, tmp_path):
        result = command("subjects", a_file(tmp_path, f"店,{a_code(1)}"), "--json", "--dry-run")

        assert json.loads(result.stdout) == {
            "accepted": 1,
            "refused": 0,
            "repeated": 0,
            "noted": 0,
            "rows": [],
        }

    def test_a_dry_run_writes_no_refused_rows_beside_the_file(self, command, tmp_path):
        command("subjects", a_file(tmp_path, "坏店,无"), "--dry-run")

        assert not (tmp_path / "file.refused.csv").exists()

    def test_a_file_without_its_columns_ends_with_a_clear_message(self, command, tmp_path):
        result = command("subjects", a_file(tmp_path, "x,y", header="甲,乙"))

        assert result.exit_code == 2
        assert "统一社会信用代码" in result.stderr
        assert "甲、乙" in result.stderr

    def test_an_unknown_body_ends_with_a_clear_message(self, command, tmp_path):
        result = command("inspectors", a_file(tmp_path, header="执法证号,姓名"), "--body", "nobody")

        assert result.exit_code == 2


class TestShortLists:
    def test_inspectors_come_in_with_their_bodies(self, session, tmp_path):
        body = a_body(session)
        header = "执法证号,姓名,所在单位,执法领域,执法区域,专业资格,职务,证件有效期"
        rows = (
            "Z-1,王某,hz-scjg,food,330102、330106,lead、food,科员,2027-01-31",
            "z-2,李某,hz-scjg,,,,,",
            "Z-1,王某,hz-scjg,food,330102、330106,lead、food,科员,2027-01-31",
            "Z-3,张某,无此单位,,,,,",
            "张 三,张某,hz-scjg,,,,,",
            "Z-4,,hz-scjg,,,,,",
            "Z-5,赵某,hz-scjg,食品,,,,",
            "Z-6,赵某,hz-scjg,,西湖,,,",
            "Z-7,赵某,hz-scjg,,,,,明年",
            "Z-8,赵某,,,,,,",
        )

        report = run(session, "inspectors", a_file(tmp_path, *rows, header=header))

        first, second = queries.inspectors(session, body_id=body.id)
        assert (first.department, first.regions, first.skills) == (
            "food",
            ["330102", "330106"],
            ["food", "lead"],
        )
        assert (second.certificate, second.department, second.certificate_until) == ("Z-2", "scjg", None)
        assert [row["code"] for row in report["rows"]] == [
            "duplicate_row",
            "body_unknown",
            "certificate_not_an_id",
            "name_missing",
            "not_a_token",
            "region_not_a_code",
            "date_unreadable",
            "body_missing",
        ]

    def test_inspectors_of_one_body_need_no_column_for_it(self, session, tmp_path):
        body = a_body(session)
        path = a_file(tmp_path, "Z-1,王某", header="执法证号,姓名")

        with pytest.raises(MissingColumnsError):
            run(session, "inspectors", path)
        run(session, "inspectors", path, body=body)

        assert [row.body_id for row in queries.inspectors(session)] == [body.id]
        again = run(session, "inspectors", a_file(tmp_path, "Z-1,李某", header="执法证号,姓名"), body=body)
        assert one(again)["code"] == "already_registered_fields_differ"

    def test_conflicts_come_in_as_declared(self, session, tmp_path):
        body = a_body(session)
        run(session, "inspectors", a_file(tmp_path, "Z-1,王某", header="执法证号,姓名"), body=body)
        some_subjects(session, a_subject(1))
        header = "执法证号,统一社会信用代码,回避事由,说明,起始日期,截止日期"
        rows = (
            f"Z-1,{a_code(1)},近亲属,配偶,2026-01-01,",
            f"Z-1,{a_code(1)},近亲属,配偶,2026-01-01,",
            f"Z-9,{a_code(1)},近亲属,,,",
            f"Z-1,{a_code(2)},近亲属,,,",
            f"Z-1,{a_code(1)},看不顺眼,,,",
            f"Z-1,{a_code(1)},dispute,,2026-02-01,2026-01-01",
        )

        report = run(session, "conflicts", a_file(tmp_path, *rows, header=header))

        (conflict,) = queries.undecided_conflicts(session)
        assert (conflict.ground, conflict.statement, conflict.source) == ("relative", "配偶", "hr")
        assert [row["code"] for row in report["rows"]] == [
            "duplicate_row",
            "inspector_unknown",
            "subject_unknown",
            "ground_unknown",
            "days_out_of_order",
        ]

    def test_items_with_one_number_get_numbers_of_their_own(self, session, tmp_path):
        header = "编号,抽查事项,抽查子项,抽查比例"
        rows = (
            "1,甲,一,根据实际情况确定",
            "1,甲,二,5%",
            "1,甲,一,根据实际情况确定",
            ",乙,,",
            "2,,,",
            "三,丙,,",
            "4,丁",
        )

        report = run(session, "items", a_file(tmp_path, *rows, header=header), prefix="zj-")

        assert [(item.code, item.sub_item) for item in queries.items(session)] == [
            ("zj-1", "一"),
            ("zj-1.2", "二"),
        ]
        assert [row["code"] for row in report["rows"]] == [
            "duplicate_row",
            "number_missing",
            "name_missing",
            "not_a_token",
            "broken_quoting_shifted_columns",
        ]
