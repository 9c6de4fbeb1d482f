"""Annual plans from files: lines of the year's draft, with what they name, or refused with the reason."""

import pytest
import xlsxwriter
from registry.a_registry import NOON, a_body
from registry.an_import import a_file, run
from registry.an_item import an_item

from doublerandom.registry import queries, services
from doublerandom.registry.errors import PlanOpenError

HEADER = (
    "序号,抽查任务名称,事项编码,抽查对象,范围表达式,抽查比例,A类比例,抽查数量,开始日期,完成日期,时间,"
    "牵头部门,配合部门"
)
GOOD = "1,餐饮抽查,FOOD-01,餐饮店,industry = 62,不低于5%,1%,20户,2026-03-01,2026-05-31,,食品科,消防"


def test_lines_come_with_what_they_say(session, tmp_path):
    body = a_body(session)
    an_item(session, in_force=False)
    an_item(session, "SHOP-01", in_force=False, name="零售抽查")

    run(session, "plans", a_file(tmp_path, GOOD, "2,零售抽查,,,,,,,,,3月—12月,,", header=HEADER), body=body)

    (plan,) = queries.annual_plans(session)
    first, second = queries.lines_of_plan(session, plan.id)
    assert (first.number, first.items, first.filter, first.estimated) == (
        "2026-001",
        ["FOOD-01"],
        "industry = 62",
        20,
    )
    assert (first.quota, first.class_ratios) == ({"kind": "rate", "rate": "1/20"}, {"A": "1%"})
    assert (first.first_month, first.last_month, first.lead_text, first.partner_text) == (
        3,
        5,
        "食品科",
        "消防",
    )
    assert (second.items, second.first_month) == (["SHOP-01"], 3)
    report = run(session, "plans", a_file(tmp_path, GOOD, "3,又一项,,,,,,,,,,,", header=HEADER), body=body)
    assert (report["accepted"], report["repeated"]) == (1, 1)
    assert len(queries.lines_of_plan(session, plan.id)) == 3
    services.plan_object(session, plan, body=body)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,,,,,,,,,,,,", "name_missing"),
        (",甲,,,,,,,,,,,", "number_missing"),
        ("甲,甲,,,,,,,,,,,", "not_a_token"),
        ("1,甲,NONE-1,,,,,,,,,,", "item_unknown"),
        ("1,甲,,,industry =,,,,,,,,", "scope_unreadable"),
        ("1,甲,,,,,,,2026-13-01,,,,", "date_unreadable"),
        ("1,甲,,,,,,,2025-01-01,,,,", "day_of_another_year"),
        ("1,甲,,,,,,,2026-05-01,2026-04-01,,,", "days_out_of_order"),
        (f"1,{'甲' * 256},,,,,,,,,,,", "too_long"),
    ],
)
def test_what_no_line_can_hold_is_refused(session, tmp_path, row, code):
    report = run(session, "plans", a_file(tmp_path, row, header=HEADER), body=a_body(session))

    assert [each["code"] for each in report["rows"]] == [code]
    assert queries.annual_plans(session) == []


def test_a_file_without_a_body_and_a_year_without_a_draft_take_nothing(session, tmp_path):
    path = a_file(tmp_path, GOOD, header=HEADER)
    assert run(session, "plans", path)["refused"] == 1
    body = a_body(session)
    an_item(session)
    line = services.PlanLineIn("2026-001", "甲", ["FOOD-01"])
    plan = services.add_annual_plan(
        session, body=body, year=2026, title="计划", lines=[line], by="zhang", at=NOON
    )
    services.submit_annual_plan(session, plan.id, by="zhang", at=NOON)

    with pytest.raises(PlanOpenError):
        run(session, "plans", path, body=body)


def test_a_workbook_with_a_title_and_a_total_comes_in_as_a_file_of_lines_does(session, tmp_path):
    path = tmp_path / "计划.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 4, "2026年度抽查工作计划表")
    for row, cells in enumerate(
        [
            ("序号", "抽查任务名称", "抽查对象", "抽查比例", "抽查数量"),
            (1, "餐饮抽查", "餐饮店", "5%", 20),
            ("合计", "", "", "", 20),
        ],
        start=1,
    ):
        sheet.write_row(row, 0, cells)
    book.close()

    report = run(session, "plans", path, body=a_body(session))

    (plan,) = queries.annual_plans(session)
    (line,) = queries.lines_of_plan(session, plan.id)
    assert (report["accepted"], report["refused"]) == (1, 0)
    assert (line.number, line.name, line.estimated) == ("2026-001", "餐饮抽查", 20)
