"""What may be found for one item and at one visit; pure rules over the table of categories."""

from datetime import date

import pytest

from doublerandom.errors import DoubleRandomError
from doublerandom.inspect.core import (
    MEASURES,
    METHODS,
    Category,
    Finding,
    check_findings,
    check_visit_day,
    took_part,
)
from doublerandom.inspect.error_texts import TEXTS
from doublerandom.inspect.errors import (
    FindingMissingError,
    FollowUpMissingError,
    ForeignItemError,
    ItemsIncompleteError,
    NotExclusiveError,
    UnknownCategoryError,
    UnknownMeasureError,
    VisitDateError,
)
from doublerandom.inspect.forms import MEASURE_NAMES, METHOD_NAMES

VISIT = date(2026, 3, 4)
TABLE = {
    "1": Category("1", "未发现问题", "Nothing found", exclusive=True),
    "5": Category("5", "已责令改正", "Correction ordered", follow_up=True),
    "7": Category("7", "未开展经营活动", "No activity"),
}
ORDERED = Finding("A", ("5",), measure="ordered", due=VISIT, finding="油污")


def check(*findings, items=("A",)):
    check_findings(findings, items=items, categories=TABLE, visited_on=VISIT)


@pytest.mark.parametrize(
    "finding",
    [
        Finding("A", ("1",)),
        Finding("A", ("7",), finding="已停业"),
        Finding("A", ("5", "7"), measure="corrected", finding="油污，已擦"),
        ORDERED,
    ],
)
def test_what_fits_the_table_passes(finding):
    check(finding)


@pytest.mark.parametrize(
    ("findings", "error"),
    [
        ([], ItemsIncompleteError),
        ([Finding("A", ("1",)), Finding("A", ("1",))], ItemsIncompleteError),
        ([Finding("A", ("1",)), Finding("B", ("1",))], ForeignItemError),
        ([Finding("A", ())], UnknownCategoryError),
        ([Finding("A", ("99",))], UnknownCategoryError),
        ([Finding("A", ("1", "99"))], UnknownCategoryError),
        ([Finding("A", ("7", "7"), finding="两次")], UnknownCategoryError),
        ([Finding("A", ("1",), measure="beheaded")], UnknownMeasureError),
        ([Finding("A", ("1", "7"), finding="矛盾")], NotExclusiveError),
        ([Finding("A", ("5",), finding="未处理")], FollowUpMissingError),
        ([Finding("A", ("5",), measure="ordered", finding="无期限")], FollowUpMissingError),
        (
            [Finding("A", ("5",), measure="ordered", due=date(2026, 3, 3), finding="期限在前")],
            FollowUpMissingError,
        ),
        ([Finding("A", ("7",), finding=" \n")], FindingMissingError),
    ],
)
def test_what_contradicts_the_table_is_refused(findings, error):
    with pytest.raises(error):
        check(*findings)


def test_every_item_needs_its_result():
    with pytest.raises(ItemsIncompleteError) as refusal:
        check(Finding("A", ("1",)), items=("A", "B"))

    assert refusal.value.params == {"item": "B"}


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5)])
def test_a_visit_lies_between_the_draw_and_today(day):
    check_visit_day(day, drawn_on=date(2026, 3, 2), today=date(2026, 3, 5))


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 6)])
def test_a_visit_before_the_draw_or_after_today_is_refused(day):
    with pytest.raises(VisitDateError):
        check_visit_day(day, drawn_on=date(2026, 3, 2), today=date(2026, 3, 5))


@pytest.mark.parametrize(
    ("by", "certificate", "part"),
    [("p-1", "", True), ("p-2", "P1", True), ("p-2", "", False), ("p-2", "P2", False)],
)
def test_who_recorded_or_inspected_took_part_and_an_empty_seat_is_nobodys(by, certificate, part):
    assert took_part(by, certificate, people=["p-1"], team=["P1", ""]) is part


def test_every_method_and_measure_has_a_name_on_the_form():
    assert tuple(METHOD_NAMES) == METHODS
    assert tuple(MEASURE_NAMES) == MEASURES


def classes(base=DoubleRandomError):
    return {one for below in base.__subclasses__() for one in (below, *classes(below))}


def test_every_error_of_inspection_has_its_two_sentences():
    codes = {one.code for one in classes() if one.__module__ == "doublerandom.inspect.errors"}

    assert codes == set(TEXTS)
