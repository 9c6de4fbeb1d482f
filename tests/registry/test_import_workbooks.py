"""Workbooks as offices send them: titles, headers of two levels, totals, rounded codes, broken files."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from registry.a_registry import a_code
from registry.an_import import a_file, run
from xlsxwriter import Workbook as NewBook

from doublerandom.registry import queries
from doublerandom.registry.cli import registry
from doublerandom.registry.errors import (
    DamagedWorkbookError,
    EmptyWorkbookError,
    LargeWorkbookError,
    MissingColumnsError,
    UnreadableFileError,
    WebPageError,
)
from doublerandom.registry.intake.codes import read_code
from doublerandom.registry.intake.headings import find_header, flattened, is_note, is_total, known_headings
from doublerandom.registry.intake.sheets import text_of
from doublerandom.registry.intake.tables import Table

KNOWN = known_headings("subjects")


def a_book(tmp_path, *sheets, name="book.xlsx"):
    """A workbook of these sheets: each a name, rows, and ranges to merge (row, column, row, column, text)."""
    path = tmp_path / name
    book = NewBook(path, {"strings_to_formulas": False})
    for title, rows, *merged in sheets:
        sheet = book.add_worksheet(title.lstrip("~"))
        if title.startswith("~"):
            sheet.hide()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write_formula(number, column, cell[0], None, cell[1])
                elif cell != "":
                    sheet.write(number, column, cell)
        for one in merged:
            sheet.merge_range(*one)
    book.close()
    return path


PLAIN = [["企业名称", "统一社会信用代码"]]


def test_an_office_sheet_is_read_under_its_title_with_two_levels_of_header(session, tmp_path):
    rows = [
        ["登记表", "", "", "", ""],
        ["填报单位：", "", "", "单位：户", ""],
        ["", "", "", "登记\n信息", ""],
        ["", "企业\n名称", "统一社会\n信用代码", "注册日期", "注册资金"],
        [1, "甲店", a_code(1), "2019-01-18", 500000.0],
        [],
        [2, "乙店", "无", "", ""],
        ["小 计", 2],
        [3, "丙店", a_code(3), "", ""],
        ["合计", 3],
        ["填表人：王某", "", "审核人："],
    ]  # fmt: skip
    merges = [(0, 0, 0, 4, "登记表"), (2, 0, 3, 0, "序号"), (2, 1, 2, 2, "基本信息")]
    path = a_book(tmp_path, ("对象", rows, *merges), ("说明", [["填写说明"]]), ("~旧", PLAIN))

    report = run(session, "subjects", path, refused=tmp_path / "refused.csv")

    assert (report["accepted"], report["refused"]) == (2, 1)
    assert (report["rows"][0]["line"], report["rows"][0]["code"]) == (7, "code_literal_none")
    assert (report["sheet"], report["other_sheets"], report["header_lines"]) == (
        "对象",
        ["说明", "旧"],
        [3, 4],
    )
    assert [line for line, _ in report["skipped"]] == [8, 10, 11]
    assert queries.subject(session, a_code(1)).capital == "500000"
    refused = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig").splitlines()
    assert refused == ["序号,企业名称,统一社会信用代码,注册日期,注册资金", "2,乙店,无,,"]
    mended = a_file(tmp_path, refused[1].replace("无", a_code(2)), header=refused[0], name="mended.csv")
    assert run(session, "subjects", mended)["accepted"] == 1


def test_codes_that_excel_rounded_are_refused_with_that_reason(session, tmp_path):
    rows = [*PLAIN, ["甲店", 914209210905705407.0], ["乙店", 320213000010083.0], ["丙店", 91220521664295839]]

    report = run(session, "subjects", a_book(tmp_path, ("一", rows)))

    assert [(row["code"], row["value"]) for row in report["rows"]] == [
        ("code_stored_as_number", "914209210905705???"),
        ("code_old_15_digit_regno", "320213000010083"),
        ("code_stored_as_number", "912205216642958??"),
    ]
    assert "恢复" in report["rows"][0]["reason_zh"]


def test_a_formula_that_fails_refuses_its_row_only(session, tmp_path):
    body = [*PLAIN[0], "注册地址"]
    rows = [
        body,
        [("=1/0", "#DIV/0!"), a_code(1), "x"],
        ["乙店", a_code(2), ("=NA()", "#N/A")],
        ["丙", a_code(3), ""],
    ]

    report = run(session, "subjects", a_book(tmp_path, ("空", []), ("表 & 一", rows)))

    assert [(row["line"], row["code"], row["value"]) for row in report["rows"]] == [
        (2, "cell_formula_error", "#DIV/0!"),
        (3, "cell_formula_error", "#N/A"),
    ]
    assert report["accepted"] == 1
    inspectors = [["执法证号", "姓名", "机关"], ["Z-1", ("=1/0", "#DIV/0!"), "x"]]
    refused = run(session, "inspectors", a_book(tmp_path, ("一", inspectors)))
    assert refused["rows"][0]["code"] == "cell_formula_error"


def test_the_first_sheet_with_columns_of_the_kind_is_taken(session, tmp_path):
    people = [["执法证号", "姓名"], ["Z-1", "王某"]]
    path = a_book(tmp_path, ("人员", people), ("企业", [*PLAIN, ["甲", a_code(1)]]))

    assert run(session, "subjects", path)["sheet"] == "企业"
    with Table(path, kind="inspectors") as table:
        assert table.about["sheet"] == "人员"
    with pytest.raises(MissingColumnsError, match="甲"):
        run(session, "subjects", a_book(tmp_path, ("表", [["标题："], ["甲", "乙"], ["1", "2"]])))


def test_a_large_workbook_comes_out_the_same_in_chunks(session, tmp_path):
    path = a_book(tmp_path, ("表", [*PLAIN, *([f"店{n}", a_code(n)] for n in range(4500))]))

    with Table(path) as table:
        lines = [line for chunk in table.chunks() for line in chunk.lines]
        assert (lines, table.read_bytes) == (list(range(2, 4502)), path.stat().st_size)
    assert run(session, "subjects", path)["accepted"] == 4500


def _bomb():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * (3 << 20))
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"PK\x03\x04" + b"\x07" * 99, DamagedWorkbookError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 9, DamagedWorkbookError),
        ("half", DamagedWorkbookError),
        ("other zip", DamagedWorkbookError),
        ("bomb", LargeWorkbookError),
        ("no rows", EmptyWorkbookError),
        (b"\xef\xbb\xbf<html><table>", WebPageError),
        (b"", UnreadableFileError),
        (b"\xff\x81\x92\x00\xff" * 50, UnreadableFileError),
    ],
)
def test_broken_files_end_with_a_clear_error(session, tmp_path, monkeypatch, data, error):
    whole = a_book(tmp_path, ("表", [*PLAIN, ["店", a_code(1)]])).read_bytes()
    path = tmp_path / "broken.xlsx"
    match data:
        case "half":
            data = whole[: len(whole) // 2]
        case "other zip":
            with zipfile.ZipFile(path, "w") as parts:
                parts.writestr("a.txt", "x")
            data = path.read_bytes()
        case "bomb":
            monkeypatch.setenv("DOUBLERANDOM_IMPORT_UNPACKED_MB", "1")
            data = _bomb()
        case "no rows":
            data = a_book(tmp_path, ("表", []), ("~藏", PLAIN)).read_bytes()
    path.write_bytes(data)

    with pytest.raises(UnreadableFileError) as refused:
        run(session, "subjects", path)

    assert type(refused.value) is error
    assert queries.import_batches(session) == []


def test_a_workbook_that_needs_too_much_memory_ends_only_its_reader(tmp_path, monkeypatch):
    path = tmp_path / "far.xlsx"
    book = NewBook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "企业名称")
    sheet.write(1_000_000, 16_000, "x")
    book.close()
    monkeypatch.setenv("DOUBLERANDOM_IMPORT_MEMORY_MB", "600")

    with pytest.raises(LargeWorkbookError):
        Table(path)


def test_a_csv_file_under_the_name_of_a_workbook_is_read_as_what_it_is(session, tmp_path):
    path = a_file(tmp_path, f"店,{a_code(1)}", name="really.xlsx", encoding="gb18030")

    assert run(session, "subjects", path)["accepted"] == 1


def test_the_command_reads_a_workbook_and_tells_what_it_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(tmp_path / "var"))
    rows = [*PLAIN, ["甲店", a_code(1)], ["乙店", "无"], ["合计", 2]]
    path = a_book(tmp_path, ("企业", rows), ("附表", [["x"]]))

    told = CliRunner().invoke(registry, ["import", "subjects", str(path)])
    path.write_bytes(path.read_bytes()[:900])
    broken = CliRunner().invoke(registry, ["import", "subjects", str(path)])

    assert told.exit_code == 0
    for said in ("企业", "附表", "4 合计", "book.refused.csv"):
        assert said in told.stdout
    assert (tmp_path / "book.refused.csv").exists()
    undone = CliRunner().invoke(registry, ["undo", "1", "--reason", "传错了"])
    again = CliRunner().invoke(registry, ["undo", "1", "--reason", "传错了"])
    assert "taken back 1" in undone.stdout
    assert again.exit_code == 2
    assert broken.exit_code == 2
    assert "损坏" in broken.stderr


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"), (0.1 + 0.2, "0.3"), (12.5, "12.5"), (-3, "-3"), (True, "是"), (False, "否"), (None, ""),
        (date(2026, 3, 2), "2026-03-02"), (datetime(2026, 3, 2), "2026-03-02"), (time(9, 30), "09:30:00"),  # noqa: DTZ001
        (datetime(2026, 3, 2, 9, 30), "2026-03-02 09:30:00"), (999_999_999_999_999.0, "9" * 15),  # noqa: DTZ001
        (-1e16, "-100000000000000??"), (1e300, "1.00000000000000E+300"), (" x ", " x "),
    ],
)  # fmt: skip
def test_cells_are_texts_as_the_sheet_shows_them(value, text):
    assert text_of(value) == text


@given(st.integers(10**15, 10**18 - 1))
def test_no_number_that_excel_rounded_passes_for_a_code(number):
    assert read_code(text_of(float(number))).refused == "code_stored_as_number"


class TestHeaders:
    @given(st.integers(0, 3), st.integers(1, 4), st.integers(2, 4), st.booleans())
    def test_groups_over_names_are_flattened_wherever_the_header_begins(self, above, alone, grouped, marks):
        fields = [
            "企业名称",
            "统一社会信用代码",
            "注册日期",
            "注册资本",
            "注册地址",
            "行业代码",
            "登记机关",
            "登记状态",
        ]
        names, width = fields[: alone + grouped], alone + grouped
        upper = [*names[:alone], "登记信息", *[""] * (grouped - 1)]
        lower = [*[""] * alone, *names[alone:]]
        rows = [["名录库", *[""] * (width - 1)] for _ in range(above)] + [upper, lower, ["x"] * width]
        merged = [((above, n), (above + 1, n)) for n in range(alone)] if marks else []

        header = find_header(rows, merged, KNOWN)

        assert (header.first, header.last, header.names) == (above, above + 1, names)

    def test_names_that_stand_under_two_groups_are_told_apart(self):
        rows = [["企业", "许可", "", "证书", ""], ["", "编号", "有效期至", "编号", "名\n称"]]
        merged = [((0, 1), (0, 2)), ((0, 3), (0, 4))]

        assert flattened(rows, merged) == ["企业", "许可/编号", "有效期至", "证书/编号", "名称"]

    @given(
        st.lists(
            st.lists(st.sampled_from(["", "企业名称", "代码", "x", "单位：", "合计"]), max_size=4), max_size=6
        )
    )
    def test_any_rows_have_a_header_within_them_or_none(self, rows):
        header = find_header(rows, [((0, 0), (1, 1)), ((1, 1), (3, 1))], KNOWN)

        assert header is None or 0 <= header.first <= header.last < len(rows)

    @pytest.mark.parametrize("first", ["合计", "小 计", "总计：", "合计（户）", "本页小计", "共计"])
    def test_totals_are_no_records(self, first):
        assert is_total(["", first, "510"])

    @pytest.mark.parametrize("first", ["合计科技公司", "合力小计算机公司", "1"])
    def test_names_are_no_totals(self, first):
        assert not is_total([first, "510"])

    def test_a_place_to_sign_is_a_note_and_a_firm_is_none(self):
        assert is_note(["填表人：王某", "", "", "日期：2026-03-02", ""])
        assert is_note(["注：本表一式两份", "", ""])
        assert not is_note(["备注印刷厂", a_code(1), ""])
