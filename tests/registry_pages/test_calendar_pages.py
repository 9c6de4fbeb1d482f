"""The working-day calendar on the desk: a year at a glance, a day changed, a year entered, a reminder."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from publish.staff import text
from registry.test_calendar import NOTICE_2026
from visitors import NOON, a_body, an_account, send, sign_in

from doublerandom.registry import queries, services

PAGE = "/registry/calendar"
NOTICE_2027 = "一、元旦：1月1日至3日放假，共3天。"


@pytest.fixture
def keeper(session, client, today):
    a_body(session)
    services.seed_calendar(session, years=[2026], by="p-registrar", at=NOON)
    an_account(session, "keeper", roles=["registrar"])
    sign_in(client, "keeper")
    return client


def test_a_year_is_shown_whole_and_to_be_had_as_a_file(keeper):
    for language in ("en", "zh"):
        page = keeper.get(f"{PAGE}?lang={language}")
        assert page.status_code == 200
        assert page.get_data(as_text=True).count('class="month"') == 12
        assert "248" in text(page)
    assert "2027" in text(keeper.get(f"{PAGE}?year=2027"))
    lines = keeper.get(f"{PAGE}?format=csv").get_data(as_text=True).splitlines()
    assert len(lines) == 366
    with keeper.get(f"{PAGE}?format=xlsx") as workbook:
        assert workbook.status_code == 200


def test_a_day_is_changed_with_a_reason(keeper, session):
    changed = {"day": "2026-03-09", "working": "no", "reason": "防汛停工"}

    assert send(keeper, f"{PAGE}/days", **{**changed, "reason": " "}).status_code == 422
    assert send(keeper, f"{PAGE}/days", **{**changed, "day": "2027-03-09"}).status_code == 422
    assert send(keeper, f"{PAGE}/days", **changed).status_code == 303

    session.rollback()
    assert not queries.is_working_day(session, date(2026, 3, 9))
    assert "防汛停工" in text(keeper.get(PAGE))


def test_a_year_is_pasted_and_what_cannot_be_read_comes_back(keeper, session):
    year = {"year": "2027", "source": "国办发明电〔2026〕9号", "notice": NOTICE_2027}

    assert "读不懂" in text(send(keeper, f"{PAGE}/years", **{**year, "notice": "元旦快乐"}))
    there = send(keeper, f"{PAGE}/years", **{**year, "year": "2026", "notice": NOTICE_2026})
    assert (there.status_code, "已在工作日历中" in text(there)) == (422, True)
    assert send(keeper, f"{PAGE}/years", **year).status_code == 303

    session.rollback()
    assert queries.calendar_years(session) == [2026, 2027]


def test_from_november_on_the_missing_year_waits_and_others_only_read(keeper, session):
    assert "工作日历缺" not in text(keeper.get("/desk"))
    with time_machine.travel(datetime(2026, 11, 1, 1, tzinfo=UTC), tick=False):
        sign_in(keeper, "keeper")
        assert "工作日历缺 2027 年" in text(keeper.get("/desk"))
        services.enter_calendar_year(session, 2027, notice=NOTICE_2027, by="p", at=NOON)
        assert "工作日历缺" not in text(keeper.get("/desk"))
    an_account(session, "reader", roles=["reviewer"])
    keeper.delete_cookie("session")
    sign_in(keeper, "reader")
    assert "调整某一天" not in text(keeper.get(PAGE))
    assert send(keeper, f"{PAGE}/days", day="2026-03-09", working="no", reason="x").status_code == 403
