"""Lists as files: what a sheet would run stays text, in both formats."""

import io
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from doublerandom.web import list_file
from doublerandom.web.exports import harmless

ROWS = [
    ("=1+1", 3, None, date(2026, 3, 2)),
    ("@SUM(A1)", -2, ["甲", "乙"], datetime(2026, 3, 2, 4, tzinfo=UTC)),
]


@pytest.fixture
def site():
    return Flask("site")


def test_a_csv_begins_with_a_bom_and_runs_nothing(site):
    answer = list_file("名单", ["名称", "数"], ROWS, kind="csv")

    text = answer.get_data().decode("utf-8")

    assert text.startswith("\ufeff名称,数\r\n")
    assert "'=1+1,3,,2026-03-02\r\n" in text
    assert "'@SUM(A1),-2,甲；乙,2026-03-02 12:00" in text


def test_a_workbook_holds_texts_where_a_sheet_would_see_formulas(site):
    answer = list_file("名单", ["名称", "数", "注", "日"], ROWS, kind="xlsx")
    answer.direct_passthrough = False

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    answer.close()

    assert book.get_sheet_by_index(0).to_python()[1] == ["=1+1", 3.0, "", "2026-03-02"]


def test_the_name_of_the_file_may_be_chinese(site):
    answer = list_file("检查对象", ["码"], [], kind="csv")

    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename*=UTF-8''%E6%A3%80%E6%9F%A5%E5%AF%B9%E8%B1%A1.csv"
    )


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx"])
def test_texts_that_a_sheet_would_run_begin_with_an_apostrophe(cell):
    assert harmless(cell) == f"'{cell}"
