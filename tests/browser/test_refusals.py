"""Unknown pages, wrong roles, expired forms and wrong passwords get a page that says how to go on."""

import pytest
from visits import sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "path", ["/no-such-page", "/draws/XX-2026-9999", "/results/999999", "/items/XX-99", "/log/99999999"]
)
def test_what_is_unknown_is_not_found_and_the_menu_stays(open_page, site, path):
    page = open_page()

    answer = page.goto(site / path)

    assert answer.status == 404
    assert page.locator("h1").inner_text() == "没有找到"
    assert page.locator("nav.menu").is_visible()
    assert page.locator("main").get_by_role("link", name="首页").is_visible()


def test_a_page_for_staff_asks_to_sign_in_and_then_opens(open_page, site):
    page = open_page()
    page.goto(site / "/tasks")
    assert page.locator("h1").inner_text() == "工作人员登录"

    page.fill("[name=username]", "inspector")
    page.fill("[name=password]", "demo-yunchuan")
    page.click("main button[type=submit]")

    assert page.url == site / "/tasks"


def test_another_role_is_refused(open_page, site):
    page = open_page()
    sign_in(page, site, "inspector")

    answer = page.goto(site / "/reviews")

    assert answer.status == 403
    assert page.locator("h1").inner_text() == "无权进行此操作"
    assert "联系本机关的系统管理员" in page.locator("main").inner_text()


def test_a_wrong_password_says_nothing_about_the_account(open_page, site):
    told = []
    for username in ("overseer", "nobody-of-that-name"):
        page = open_page()
        page.goto(site / "/sign-in")
        page.fill("[name=username]", username)
        page.fill("[name=password]", "wrong")
        page.click("main button[type=submit]")
        told.append(page.locator(".notice-bad").inner_text())

    assert told[0] == told[1]


def test_a_form_whose_session_has_gone_is_not_accepted(open_page, site):
    page = open_page()
    page.goto(site / "/sign-in")
    page.fill("[name=username]", "head")
    page.fill("[name=password]", "demo-yunchuan")
    page.context.clear_cookies()

    with page.expect_navigation() as coming:
        page.click("main button[type=submit]")

    assert coming.value.status == 400
    assert "表单未被接受" in page.locator("main").inner_text()
