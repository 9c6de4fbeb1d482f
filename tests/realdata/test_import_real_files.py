"""The files that offices really send come out of the importer row by row as their truth says."""

import csv
import json
from collections import Counter
from io import StringIO

import pytest
from registry.a_registry import a_body
from registry.an_import import run

from doublerandom.registry import queries

pytestmark = pytest.mark.realdata

NOTED = {
    "code_lowercase_valid_if_upper",
    "name_lost_char_question_mark",
    "control_char_in_cell",
    "name_trailing_fullwidth_space",
}
TOKENS = {"code_literal_无": "code_literal_none"}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def expected_of(issue):
    """What a label of the truth means: outcome and code."""
    code = TOKENS.get(issue.split("|")[0], issue.split("|")[0])
    if issue == "ok":
        return None
    if issue == "duplicate_row":
        return ("repeated", code)
    return ("noted" if code in NOTED else "refused", code)


def outcomes(report):
    return {row["line"]: (row["outcome"], row["code"]) for row in report["rows"]}


def test_the_office_file_comes_out_line_by_line_as_its_truth_says(session, real_data):
    truth = {int(row["line"]): row["issue"] for row in rows_of(real_data / "import_mix_truth.csv")}
    expected = {line: expected_of(issue) for line, issue in truth.items() if issue != "ok"}
    # this one row lost its control character when the file was made of the original: nothing is left to note
    (lost,) = [line for line, issue in truth.items() if issue == "control_char_in_cell"]
    expected.pop(lost)

    report = run(session, "subjects", real_data / "import_mix_gb18030.csv")

    assert outcomes(report) == expected
    assert (report["accepted"], report["refused"], report["repeated"], report["noted"]) == (369, 131, 10, 18)
    assert queries.subjects_count(session) == 369


@pytest.mark.parametrize(("name", "below"), [("import_mix_office.xlsx", 3), ("import_mix_office.xls", 1)])
def test_the_office_workbooks_come_out_line_by_line_as_far_as_excel_left_the_codes_intact(
    session, real_data, name, below
):
    truth = {int(row["line"]): row for row in rows_of(real_data / "import_mix_truth.csv")}
    rounded = {
        line
        for line, row in truth.items()
        if row["统一社会信用代码"].isdigit() and len(row["统一社会信用代码"]) > 15
    }
    expected = {
        line + below: expected_of(row["issue"]) for line, row in truth.items() if row["issue"] != "ok"
    }
    expected |= {line + below: ("refused", "code_stored_as_number") for line in rounded}
    (lost,) = [line for line, row in truth.items() if row["issue"] == "control_char_in_cell"]
    expected.pop(lost + below)

    report = run(session, "subjects", real_data / name)

    assert outcomes(report) == expected
    assert len(rounded) == 4
    assert queries.subjects_count(session) == report["accepted"] == 369
    assert (report["refused"], report["repeated"], report["noted"]) == (131, 10, 18)
    assert [line for line, _ in report["skipped"]] == ([515] if below == 3 else [])


def test_every_defective_row_is_refused_or_noted_for_its_own_reason(session, real_data):
    path = real_data / "cn_enterprises_dirty_rows.csv"
    issues = {line: row["issue"] for line, row in enumerate(rows_of(path), start=2)}
    expected = {line: expected_of(issue) for line, issue in issues.items()}

    report = run(session, "subjects", path)

    found = outcomes(report)
    wrong = {
        line: (expected[line], found.get(line)) for line in expected if found.get(line) != expected[line]
    }
    assert [issues[line] for line in wrong] == ["control_char_in_cell"]  # cut off with the end of its cell
    assert set(wrong.values()) == {(("noted", "control_char_in_cell"), None)}
    assert report["accepted"] + report["refused"] == len(issues)


def test_all_four_thousand_registrations_are_taken_without_a_word(session, real_data):
    path = real_data / "cn_enterprises_4000_utf8.csv"

    report = run(session, "subjects", path)

    assert report == {"accepted": 4000, "refused": 0, "repeated": 0, "noted": 0, "rows": []}
    first = rows_of(path)[0]
    kept = queries.subject(session, first["统一社会信用代码"])
    assert (kept.name, kept.established.isoformat(), kept.address, kept.business) == (
        first["企业名称"],
        first["注册日期"],
        first["注册地址"],
        first["经营范围"],
    )
    assert kept.region == first["统一社会信用代码"][2:8]


def test_the_same_file_again_repeats_every_row_and_changes_nothing(session, real_data):
    path = real_data / "import_mix_gb18030.csv"
    run(session, "subjects", path)

    report = run(session, "subjects", path)

    assert (report["accepted"], report["refused"], report["repeated"], report["noted"]) == (0, 131, 379, 0)
    assert {row["code"] for row in report["rows"] if row["outcome"] == "repeated"} == {"already_registered"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_rows_come_out_the_same_in_every_encoding(session, real_data, tmp_path, encoding):
    text = (real_data / "import_mix_gb18030.csv").read_bytes().decode("gb18030")
    path = tmp_path / "mix.csv"
    path.write_bytes(text.encode(encoding))

    report = run(session, "subjects", path)

    assert Counter(row["outcome"] for row in report["rows"]) == {"refused": 131, "repeated": 10, "noted": 18}


def test_refused_rows_stand_beside_the_report_in_the_original_columns(session, real_data, tmp_path):
    source = real_data / "import_mix_gb18030.csv"
    original = list(csv.reader(StringIO(source.read_bytes().decode("gb18030"), newline="")))
    refused_path = tmp_path / "refused.csv"

    report = run(session, "subjects", source, refused=refused_path)

    with refused_path.open(encoding="utf-8-sig", newline="") as file:
        refused = list(csv.reader(file))
    lines = [row["line"] for row in report["rows"] if row["outcome"] == "refused"]
    assert refused == [original[0], *(original[line - 1] for line in lines)]


def test_the_items_of_a_real_list_come_in_as_drafts_with_their_texts(session, real_data):
    path = real_data / "zhejiang_random_inspection_items_2017.csv"
    source = rows_of(path)

    report = run(session, "items", path)

    items = queries.items(session)
    assert (report["accepted"], report["refused"], report["repeated"]) == (79, 0, 0)
    assert len(items) == len(source) == 79
    assert {item.status.value for item in items} == {"draft"}
    assert {item.ratio for item in items} == {"".join(row["抽查比例"].split("\n")) for row in source}
    assert json.dumps(sorted(item.code for item in items)[:3]) == '["A-1", "A-1.2", "A-10"]'


def test_joint_items_come_in_with_their_partners(session, real_data):
    report = run(session, "items", real_data / "cn_joint_inspection_items_excerpt.csv")

    assert (report["refused"], report["repeated"]) == (1, 0)  # one row names no item
    joint = [item for item in queries.items(session) if item.joint]
    assert len(joint) > 15
    assert all("（配合：" in item.unit for item in joint)


def test_rows_of_real_annual_plans_become_lines_of_a_draft(session, real_data):
    body = a_body(session)
    path = real_data / "cn_annual_plans_excerpt.csv"

    report = run(session, "plans", path, body=body, prefix="2023-")

    (plan,) = queries.annual_plans(session)
    lines = {line.number: line for line in queries.lines_of_plan(session, plan.id)}
    assert (report["accepted"], report["refused"], len(lines)) == (len(rows_of(path)), 0, 17)
    assert (plan.year, plan.status.value) == (2023, "draft")
    first, tobacco = lines["2023-001"], lines["2023-001.2"]
    assert (first.ratio, first.quota, first.estimated) == ("5%", {"kind": "rate", "rate": "1/20"}, 0)
    assert "1户(实际以" in first.note
    assert (tobacco.first_month, tobacco.last_month, tobacco.lead_text) == (3, 12, "市烟草专卖局")
    assert lines["2023-002"].estimated == 1
    assert {line.base for line in lines.values()} == {None, 1, 7, 51}
    assert lines["2023-004.2"].quota is None


def test_joint_items_of_a_real_list_become_lines_too(session, real_data):
    report = run(session, "plans", real_data / "cn_joint_inspection_items_excerpt.csv", body=a_body(session))

    (plan,) = queries.annual_plans(session)
    lines = queries.lines_of_plan(session, plan.id)
    assert report["refused"] == 1  # one row names no task
    assert {"人力资源和社会保障、市场监管部门"} < {line.partner_text for line in lines}
    assert sum(line.quota is not None for line in lines) == 12
