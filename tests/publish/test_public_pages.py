"""The public site in both languages, empty and with draws in every state; and what it must not show."""

import io
import subprocess
import zipfile
from datetime import timedelta

import pytest
import time_machine
from draws.a_city import SIGNED, a_city, hours, some_rules
from publish.a_result import RECORDED, VISIT, drawn_results, found
from publish.staff import anew, text

from doublerandom.draws import queries as draws_queries
from doublerandom.ledger import queries as ledger
from doublerandom.registry import services as registry

LANGUAGES = ["zh", "en"]
PAGES = ["/", "/items", "/draws", "/results", "/log", "/verify"]


@pytest.fixture
def city(session, settings):
    """A city with nothing drawn yet."""
    return a_city(session, settings)


class TestWithNothingYet:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_page_is_there(self, client, page, language):
        answer = client.get(f"{page}?lang={language}")

        assert answer.status_code == 200
        assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in answer.get_data(as_text=True)

    @pytest.mark.parametrize(
        ("page", "zh", "en"),
        [
            ("/", "目前没有已承诺、待抽取的批次", "No committed draw is waiting"),
            ("/", "还没有完成的抽取", "No draw has run yet"),
            ("/items", "这一天没有符合条件的有效事项", "No item in force on that day fits"),
            ("/draws", "还没有抽取", "No draw yet"),
            ("/results", "没有符合条件的公示结果", "No published result fits"),
            ("/log", "日志还是空的", "The log is still empty"),
        ],
    )
    def test_an_empty_page_says_so_and_what_comes(self, client, page, zh, en):
        assert zh in text(client.get(f"{page}?lang=zh"))
        assert en in text(client.get(f"{page}?lang=en"))

    @pytest.mark.parametrize(
        "address",
        [
            "/draws/NO-1",
            "/draws/NO-1/bundle.zip",
            "/draws/NO-1/check.json?code=A",
            "/items/NO-1",
            "/results/1",
            "/log/0",
        ],
    )
    def test_what_is_not_there_is_not_found(self, client, address):
        assert client.get(address).status_code == 404

    def test_the_verifier_is_served_as_one_file(self, client):
        answer = client.get("/verify.py", buffered=True)

        assert answer.mimetype == "text/x-python"
        compile(answer.get_data(as_text=True), "verify.py", "exec")


class TestItems:
    def test_items_are_listed_found_and_opened(self, city, client):
        listed = text(client.get("/items?on=2026-03-02"))

        assert "SPJY-01" in listed
        assert "SPJY-01" in text(client.get("/items?on=2026-03-02&q=食品&kind=general"))
        assert "SPJY-01" in text(client.get("/items?on=2026-03-02&q=spjy"))
        for other in ("on=2025-12-31", "on=2026-03-02&q=消防", "on=2026-03-02&kind=key"):
            assert "SPJY-01" not in text(client.get(f"/items?{other}"))
        for language in LANGUAGES:
            assert "食品安全法" in text(client.get(f"/items/SPJY-01?lang={language}"))

    def test_drafts_are_not_public(self, city, client):
        registry.add_item(
            city.session, "SPJY-99", name="草稿", basis="食品安全法", level="市级", methods="现场",
            requirement="2", valid_from=VISIT, by="zhang", at=SIGNED,
        )  # fmt: skip

        assert client.get("/items/SPJY-99").status_code == 404
        assert "SPJY-99" not in text(client.get("/items"))


def page_of(client, draw, language="zh", **arguments):
    answer = client.get(f"/draws/{draw.number}", query_string={"lang": language, **arguments})
    assert answer.status_code == 200
    return text(answer)


class TestDraws:
    def test_a_prepared_draw_is_nobodys_business_yet(self, city, client):
        draw = city.prepare()

        assert client.get(f"/draws/{draw.number}").status_code == 404
        assert draw.number not in text(client.get("/draws"))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_committed_draw_counts_down(self, city, client, language):
        draw = city.committed()

        with time_machine.travel(hours(-1), tick=False):
            page = page_of(client, draw, language)
            home = text(client.get(f"/?lang={language}"))

        assert ("已承诺" if language == "zh" else "Committed") in page
        assert ("距取随机数" if language == "zh" else "Until the randomness") in page
        assert draw.title in home
        assert draw.plan_hash[:8] in page.replace(" ", "")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_drawn_draw_names_nobody(self, city, client, language):
        draw = city.drawn()

        with time_machine.travel(hours(1), tick=False):
            page = page_of(client, draw, language)

        assert ("结果已锁定" if language == "zh" else "the result is fixed") in page
        assert not [code for code in city.codes if code in page]
        assert not [certificate for certificate in city.inspectors if certificate in page]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_revealed_draw_names_its_subjects_and_teams_and_links_their_results(
        self, results, client, language
    ):
        disclosure = results.published()
        draw = results.city.reveal(results.draw)
        drawn = set(draws_queries.drawn_codes(results.session, draw))

        page = page_of(client, draw, language)

        assert {code for code in results.city.codes if code in page} == drawn
        assert ("已公示 1 户的检查结果" if language == "zh" else "Results published: 1") in page
        markup = client.get(f"/draws/{draw.number}").get_data(as_text=True)
        assert f'href="/results/{disclosure.id}"' in markup
        assert not [code for code in drawn if code in page_of(client, draw, language, after="100")]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_voided_draw_says_why_and_what_it_would_have_been(self, city, client, language):
        draw = city.void(city.drawn(), hours(2))

        page = page_of(client, draw, language)

        assert ("抽查范围有误" if language == "zh" else "Wrong scope") in page
        assert ("本次抽取已作废" if language == "zh" else "This draw is void") in page

    def test_a_superseding_draw_links_what_it_supersedes_and_back(self, city, client):
        void = city.void(city.drawn(), hours(2))
        city.session.rollback()
        later = city.committed(
            plan_line="2026-007", supersedes=void.number, batch=2, at=hours(3), signed=hours(4), due=hours(6)
        )

        forth = client.get(f"/draws/{later.number}").get_data(as_text=True)
        back = client.get(f"/draws/{void.number}").get_data(as_text=True)

        assert f'href="/draws/{void.number}"' in forth
        assert "原名单中的对象优先抽中" in forth
        assert f'href="/draws/{later.number}"' in back

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_rehearsal_is_marked_and_names_nobody_even_when_it_is_open(self, city, client, language):
        draw = city.reveal(city.drawn(rehearsal=True))

        page = page_of(client, draw, language)

        assert ("这是演练" if language == "zh" else "This is a rehearsal") in page
        assert not [code for code in city.codes if code in page]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_closed_pool_names_nobody_even_when_it_is_open(self, session, settings, client, language):
        results = drawn_results(session, settings, by="class")
        results.published()
        draw = results.city.reveal(results.draw)

        page = page_of(client, draw, language)
        drawn = results.task().subject
        answer = client.get(f"/draws/{draw.number}?lang={language}&code={drawn}").get_data(as_text=True)

        assert not [code for code in results.city.codes if code in page]
        assert ("不对外公开" if language == "zh" else "Not public") in answer
        assert "answer-verdict" not in answer
        assert results.task().subject_name not in answer

    def test_a_long_list_of_draws_goes_on_page_by_page(self, city, client, monkeypatch):
        first = city.drawn()
        monkeypatch.setattr("doublerandom.publish.views.draws.PAGE", 1)
        second = city.committed(plan_line="2026-008", at=hours(1), signed=hours(2), due=hours(4))

        top, below = client.get("/draws"), client.get("/draws?after=1")

        assert second.number in text(top)
        assert first.number not in text(top)
        assert "/draws?after=1" in top.get_data(as_text=True)
        assert first.number in text(below)
        assert "after=2" not in below.get_data(as_text=True)

    def test_the_bundle_is_a_zip_that_names_its_draw(self, city, client):
        draw = city.drawn()

        answer = client.get(f"/draws/{draw.number}/bundle.zip", buffered=True)

        assert answer.mimetype == "application/zip"
        assert f"{draw.number}.zip" in answer.headers["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert {"plan.json", "verify.py"} <= set(archive.namelist())


class TestCheckABusiness:
    @pytest.fixture
    def open_draw(self, city):
        """A revealed draw; subject 3 is deregistered."""
        return city.reveal(city.drawn())

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_drawn_or_not_with_ticket_and_rank(self, city, open_draw, client, language):
        drawn = draws_queries.drawn_codes(city.session, open_draw)
        spared = next(code for n, code in enumerate(city.codes) if code not in drawn and n != 3)

        yes, no = (page_of(client, open_draw, language, code=code) for code in (drawn[0], spared))

        assert ("抽中" if language == "zh" else "Drawn") in yes
        assert ("未抽中" if language == "zh" else "Not drawn") in no
        for page in (yes, no):
            assert "sha256sum" in page
            assert ("位抽中）" if language == "zh" else "are drawn)") in page

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_excluded_with_the_reason(self, city, open_draw, client, language):
        page = page_of(client, open_draw, language, code=city.codes[3])

        assert (
            "在名录中，因“已注销”未参加抽取"
            if language == "zh"
            else "In the pool, not drawn from: Deregistered"
        ) in page

    def test_unknown_codes_however_strange(self, city, open_draw, client):
        for code in ("91330102MA0000XXXX", "9" * 10_000, "’; drop table", "<script>", "%", "ß", "𝟗"):
            page = page_of(client, open_draw, code=code)
            assert "不在名录中" in page

    def test_before_the_reveal_only_that_it_takes_part(self, city, client):
        draw = city.drawn()

        page = page_of(client, draw, code=city.codes[1])

        assert "在名录中，参加抽取" in page
        assert "票号要等随机数和秘密值公开以后才能计算" in page
        assert "printf" not in page

    def test_a_void_draw_tells_who_would_have_been_drawn(self, city, client):
        draw = city.void(city.drawn(), hours(2))
        city.session.rollback()
        code = draws_queries.drawn_codes(city.session, draw)[0]

        assert "本应抽中（本次抽取已终止）" in page_of(client, draw, code=code)

    def test_it_does_not_matter_how_a_code_is_typed(self, city, open_draw, client):
        wide = city.codes[1].lower().translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})

        assert city.codes[1] in page_of(client, open_draw, code=f"　{wide} ")

    def test_the_shell_line_on_the_page_gives_the_ticket_on_the_page(self, city, open_draw, client):
        code = draws_queries.drawn_codes(city.session, open_draw)[0]
        answer = client.get(f"/draws/{open_draw.number}/check.json?code={code.lower()}").get_json()

        told = subprocess.run(
            ["sh", "-c", answer["shell_line"]], capture_output=True, text=True, check=True
        ).stdout

        assert told.split()[0] == answer["ticket"]
        assert (answer["drawn"], answer["withheld"]) == (True, "")
        page = page_of(client, open_draw, code=code)
        assert answer["shell_line"] in page
        assert answer["ticket"][:4] in page

    def test_machines_are_told_when_they_gave_no_code(self, open_draw, client):
        answer = client.get(f"/draws/{open_draw.number}/check.json?code=%20")

        assert answer.status_code == 422
        assert answer.get_json()["error"]["code"] == "code_missing"

    def test_of_a_closed_pool_machines_learn_nothing(self, session, settings, client):
        city = a_city(session, settings, rules=some_rules(by="class"))
        draw = city.reveal(city.drawn())

        answers = [
            client.get(f"/draws/{draw.number}/check.json?code={code}").get_json()
            for code in (city.codes[0], "NOBODY")
        ]

        for answer in answers:
            answer.pop("code")
        assert answers[0] == answers[1]
        assert answers[0]["withheld"] == "closed"


class TestResults:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_result_is_listed_found_and_opened(self, results, client, language):
        task = results.task()
        disclosure = results.published(
            task, findings=found(task, "5", measure="ordered", due=VISIT, finding="油污")
        )

        listed = client.get(f"/results?lang={language}&q={task.subject.lower()}")
        opened = client.get(f"/results/{disclosure.id}?lang={language}")

        words = "发现问题已责令改正" if language == "zh" else "Problems found, correction ordered"
        for page in (listed, opened):
            assert page.status_code == 200
            assert words in text(page)
            assert task.subject_name in text(page)
        assert disclosure.digest[:4] in text(opened)
        assert "油污" not in opened.get_data(as_text=True)
        assert f'href="/draws/{task.draw}"' in opened.get_data(as_text=True)
        assert ("公示期限2026-04-01" if language == "zh" else "To be published by2026-04-01") in text(opened)

    def test_a_late_result_is_marked_late(self, results, client):
        disclosure = results.publish(results.record(), at=RECORDED + timedelta(days=40))

        assert "已逾期" in text(client.get("/results"))
        assert "已逾期" in text(client.get(f"/results/{disclosure.id}"))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_result_of_a_closed_draw_names_no_draw(self, session, settings, client, language):
        results = drawn_results(session, settings, by="class")
        disclosure = results.published()

        for address in (f"/results/{disclosure.id}", "/results"):
            page = client.get(f"{address}?lang={language}").get_data(as_text=True)
            assert results.draw.number not in page
            assert disclosure.subject in page

    def test_a_search_takes_any_text(self, results, client):
        results.published()

        for search in ('"', "'", "%", "_", "\\", "\\\\'; --", "长" * 5000, "٣", "\u202e"):
            answer = client.get("/results", query_string={"q": search})
            assert answer.status_code == 200
            assert "没有符合条件的公示结果" in text(answer)

    def test_a_long_list_goes_on_page_by_page(self, results, client, monkeypatch):
        rows = [results.published(results.task(n)) for n in range(3)]
        monkeypatch.setattr("doublerandom.publish.views.results.PAGE", 2)

        top, below = client.get("/results"), client.get(f"/results?after={rows[1].id}")

        shown = [[row.subject in text(page) for row in rows] for page in (top, below)]
        assert shown == [[False, True, True], [True, False, False]]
        assert f"after={rows[1].id}" in top.get_data(as_text=True)
        assert "共 3 条" in text(top)


ODD = ["٣", "²", "-1", "1.5", "1e9", "9" * 400, "2147483648", "", " ", "null", "%00x", "\u202e"]


class TestOddArguments:
    @pytest.mark.parametrize("page", ["/draws", "/results", "/log"])
    def test_a_page_number_that_is_none_is_as_if_it_were_not_given(self, results, client, page):
        disclosure = results.published()
        newest = f"/log/{ledger.log_size(results.session) - 1}"
        known = {"/draws": results.draw.number, "/results": disclosure.subject, "/log": newest}[page]

        for odd in ODD:
            answer = client.get(page, query_string={"after": odd})
            assert answer.status_code == 200
            assert known in answer.get_data(as_text=True)

    def test_a_day_that_is_none_is_today(self, city, client):
        with time_machine.travel(RECORDED, tick=False):
            for odd in (*ODD, "2026-02-30", "2026-13-01", "0000-01-01", "٢٠٢٦-٠٣-٠٢"):
                assert "SPJY-01" in text(client.get("/items", query_string={"on": odd}))

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_any_day_of_the_calendar_may_be_asked_for(self, client, day):
        assert client.get(f"/items?on={day}").status_code == 200

    def test_a_number_that_no_row_can_have_is_no_address(self, client):
        for page in ("/results/{}", "/log/{}", "/credit/{}", "/tasks/{}", "/reviews/{}"):
            for odd in ("99999999999", "9" * 400, "٣", "-1", "2147483648"):
                assert client.get(page.format(odd)).status_code == 404

    def test_a_nul_is_refused_everywhere(self, client):
        for address in (
            "/results?q=%00",
            "/items?q=%00",
            "/items/%00",
            "/draws/%00",
            "/draws/X/check.json?code=%00",
            "/log?after=%00",
            "/?%00=1",
        ):
            assert client.get(address).status_code == 400

    def test_a_nul_in_a_form_is_refused(self, client):
        answer = client.post("/sign-in", data={"username": "a\0b"})

        assert answer.status_code == 400


def test_pages_of_the_public_read_what_was_committed_last(results, client):
    assert "没有符合条件的公示结果" in text(client.get("/results"))

    results.published()

    assert anew(results).task().subject in text(client.get("/results"))
