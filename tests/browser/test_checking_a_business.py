"""A visitor comes by the home page, opens a draw, types a code, and repeats the sum in a shell."""

import subprocess

import pytest
from visits import CLOSED, COMMITTED, REVEALED

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page, site):
    """The page of the revealed draw, reached from the home page."""
    page = open_page()
    page.goto(site / "/")
    page.get_by_role("link", name="查看抽查公告").click()
    page.locator(f'a[href="/draws/{site.draw(REVEALED)}"]').click()
    return page


def ask(page, code):
    page.get_by_role("searchbox").or_(page.locator("#search-code, [name=code]")).first.fill(code)
    page.get_by_role("button", name="查询").click()
    return page.locator(".answer")


def told(answer):
    """The answer's values by their labels; hashes whole."""
    rows = answer.locator(".facts > div").all()
    return {row.locator("dt").inner_text(): row.locator("dd").text_content().strip() for row in rows}


def whole_hash(answer):
    return answer.locator(".hash-full").text_content().replace(" ", "")


def by_shell(line):
    """What the printed line prints where anybody runs it."""
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    return ran.stdout.split()[0]


def test_a_drawn_business_is_told_its_ticket_which_sha256sum_repeats(page, site):
    code = site.drawn(site.draw(REVEALED))[0]

    answer = ask(page, code)

    assert answer.locator(".badge-state").inner_text() == "抽中"
    assert by_shell(answer.locator(".shell code").inner_text()) == whole_hash(answer)
    assert "位抽中" in told(answer)["位次"]
    assert page.url.endswith(f"?code={code}#check")


def test_one_that_was_not_drawn_is_told_so_with_its_ticket(page, site):
    number = site.draw(REVEALED)
    drawn = set(site.drawn(number))
    code = next(
        each["id"] for each in site.subjects(number) if each["id"] not in drawn and "excluded" not in each
    )

    answer = ask(page, code)

    assert answer.locator(".badge-state").inner_text() == "未抽中"
    assert by_shell(answer.locator(".shell code").inner_text()) == whole_hash(answer)


def test_one_that_was_excluded_is_told_why(page, site):
    code = next(
        each["id"]
        for each in site.subjects(site.draw(REVEALED))
        if each.get("excluded") == "status-deregistered"
    )

    answer = ask(page, code)

    assert answer.locator(".badge-state").inner_text() == "在名录中，因“已注销”未参加抽取"


def test_how_the_code_is_typed_does_not_matter(page, site):
    code = site.drawn(site.draw(REVEALED))[0]

    answer = ask(page, f" {code.lower()} ")

    assert code in answer.inner_text()


@pytest.mark.parametrize("code", ["91330106MA2CDEFGXX", "不是代码", "'; --", "<b>x</b>"])
def test_an_unknown_code_is_in_no_list_and_shown_as_it_was_typed(page, code):
    answer = ask(page, code)

    assert "不在名录中" in answer.inner_text()
    assert code.upper() in answer.inner_text()


def test_a_closed_pool_tells_nobody_anything(open_page, site):
    page = open_page()
    page.goto(site / f"/draws/{site.draw(CLOSED)}")

    answer = ask(page, site.drawn(site.draw(REVEALED))[0])

    assert "名录不公开" in answer.inner_text()
    assert answer.locator(".badge-state, .shell, .facts").count() == 0


def test_before_the_randomness_there_is_no_ticket(open_page, site):
    page, number = open_page(), site.draw(COMMITTED)
    page.goto(site / f"/draws/{number}")
    code = next(each["id"] for each in site.subjects(number) if "excluded" not in each)

    answer = ask(page, code)

    assert answer.locator(".badge-state").inner_text() == "在名录中，参加抽取"
    assert answer.locator(".shell").count() == 0
    assert "票号要等随机数和秘密值公开以后才能计算" in answer.inner_text()
