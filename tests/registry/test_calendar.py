"""The working-day calendar: seeded, entered from the notice, changed by hand, never guessed."""

from datetime import UTC, date, datetime

import chinese_calendar
import pytest
from click.testing import CliRunner
from sqlmodel import select

from doublerandom.cli import main
from doublerandom.ledger.models import Act
from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    CalendarYearMissingError,
    CalendarYearThereError,
    InvalidRecordError,
    UnreadableHolidaysError,
)
from doublerandom.registry.holidays import year_of

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
FACTS = {"by": "p-registrar", "at": NOON}
NOTICE_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班。
"""
NOTICE_2023 = """
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
"""


@pytest.fixture
def calendar(session):
    services.seed_calendar(session, years=[2025, 2026], **FACTS)
    return session


class TestNotice:
    @pytest.mark.parametrize(("year", "notice"), [(2026, NOTICE_2026), (2023, NOTICE_2023)])
    def test_a_notice_gives_the_days_that_the_published_calendar_has(self, year, notice):
        days = year_of(year, notice)

        assert len(days) == 365
        assert [each.day for each in days if each.working] == [
            each.day for each in days if chinese_calendar.is_workday(each.day)
        ]
        assert {each.name for each in days} > {"", "元旦", "春节", "劳动节"}

    @pytest.mark.parametrize(
        "notice",
        [
            "",
            "元旦快乐",
            "元旦：2月30日放假。",
            "元旦：1月1日。",
            "春节：1月1日至3月1日放假。",
            "元旦：3日放假。",
        ],
    )
    def test_what_cannot_be_read_is_refused_with_its_line(self, notice):
        with pytest.raises(UnreadableHolidaysError) as refused:
            year_of(2027, notice)

        assert refused.value.params["line"] in notice


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("ended_on", "days", "last"),
        [
            (date(2026, 3, 4), 0, date(2026, 3, 4)),
            (date(2026, 3, 4), 1, date(2026, 3, 5)),
            (date(2026, 3, 6), 1, date(2026, 3, 9)),  # over a weekend
            (date(2026, 3, 4), 20, date(2026, 4, 1)),
            (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday worked for the Spring Festival (调休)
            (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the festival
            (date(2026, 2, 27), 1, date(2026, 2, 28)),  # and the Saturday after it
            (date(2025, 12, 31), 1, date(2026, 1, 4)),  # New Year's shifted Sunday
            (date(2026, 12, 30), 1, date(2026, 12, 31)),
            (date(2025, 1, 2), 200, date(2025, 10, 27)),
        ],
    )
    def test_the_last_day_follows_the_calendar_with_its_shifted_days(self, calendar, ended_on, days, last):
        assert queries.add_working_days(calendar, ended_on, days) == last
        assert queries.working_days_between(calendar, ended_on, last) == days

    def test_a_year_that_is_missing_is_named_and_never_guessed(self, calendar):
        for ask in (
            lambda: queries.is_working_day(calendar, date(2027, 1, 4)),
            lambda: queries.add_working_days(calendar, date(2026, 12, 31), 1),
            lambda: queries.add_working_days(calendar, date(2026, 12, 1), 300),
            lambda: queries.working_days_between(calendar, date(2026, 12, 30), date(2027, 1, 8)),
        ):
            with pytest.raises(CalendarYearMissingError) as missing:
                ask()
            assert missing.value.params["year"] == 2027
        with pytest.raises(CalendarYearMissingError) as missing:
            queries.add_working_days(calendar, date(2024, 3, 4), 1)
        assert missing.value.params["year"] == 2024
        assert queries.working_days_between(calendar, date(2027, 1, 2), date(2027, 1, 1)) == 0

    def test_a_gap_between_two_years_is_no_weekend(self, session):
        services.seed_calendar(session, years=[2023, 2025], **FACTS)

        with pytest.raises(CalendarYearMissingError) as missing:
            queries.add_working_days(session, date(2023, 12, 28), 3)

        assert missing.value.params["year"] == 2024


class TestKeeping:
    def test_seeding_twice_changes_nothing_and_every_day_is_as_published(self, calendar):
        assert services.seed_calendar(calendar, years=[2025, 2026], **FACTS) == []

        assert queries.calendar_years(calendar) == [2025, 2026]
        days = queries.calendar_of_year(calendar, 2026)
        assert [each.working for each in days] == [chinese_calendar.is_workday(each.day) for each in days]
        assert {each.name for each in days} >= {"春节", "国庆节"}
        acts = calendar.exec(select(Act).order_by(Act.id)).all()
        assert [(act.name, act.on_id) for act in acts] == [
            ("CalendarYearEntered", "2025"),
            ("CalendarYearEntered", "2026"),
        ]

    def test_a_year_is_entered_once_from_the_notice(self, session):
        services.enter_calendar_year(
            session, 2026, notice=NOTICE_2026, source="国办发明电〔2025〕7号", **FACTS
        )

        assert not queries.is_working_day(session, date(2026, 2, 16))
        assert queries.is_working_day(session, date(2026, 2, 28))
        with pytest.raises(CalendarYearThereError):
            services.enter_calendar_year(session, 2026, notice=NOTICE_2026, **FACTS)

    def test_a_day_is_changed_with_its_reason_which_stands_on_the_trail(self, calendar):
        with pytest.raises(InvalidRecordError):
            services.change_calendar_day(calendar, date(2026, 3, 9), working=False, reason=" ", **FACTS)

        services.change_calendar_day(calendar, date(2026, 3, 9), working=False, reason="防汛停工", **FACTS)

        assert queries.add_working_days(calendar, date(2026, 3, 6), 1) == date(2026, 3, 10)
        act = calendar.exec(select(Act).order_by(Act.id.desc())).first()
        assert (act.name, act.on_id) == ("CalendarDayChanged", "2026")
        assert '"was":true' in act.facts
        with pytest.raises(CalendarYearMissingError):
            services.change_calendar_day(calendar, date(2027, 3, 9), working=False, reason="x", **FACTS)

    def test_the_command_seeds_what_the_package_knows(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(tmp_path))

        first, second = (CliRunner().invoke(main, ["registry", "calendar", "seed"]) for _ in range(2))

        assert (first.exit_code, second.exit_code) == (0, 0), first.output
        assert "2004–2026" in first.output
        assert "—" in second.output
