"""Dice before a projector, typed by two persons in two browsers: blind, digit by digit, equal or void."""

import re

import pytest
from visits import OPEN_REHEARSAL, sign_in

pytestmark = pytest.mark.browser
DIGITS = "3094718265" * 4
TEXT = "dice:d10:" + ".".join(DIGITS)
PAGE = f"/desk/draws/{OPEN_REHEARSAL}/ceremony"


@pytest.fixture
def projector(open_page, own_site):
    """Somebody's browser at a projector of 1280×800, on the ceremony page."""

    def as_(username, scheme="light"):
        page = open_page(scheme=scheme)
        page.set_viewport_size({"width": 1280, "height": 800})
        sign_in(page, own_site, username)
        page.goto(own_site / PAGE)
        return page

    return as_


def type_in(page, digits):
    """The keyboard, one key for each roll; then the text, and the confirmation."""
    page.locator(".dice-live").wait_for()
    for digit in digits:
        page.keyboard.press(digit)
    page.get_by_role("button", name="看哈希前的文本").click()
    page.locator(".echo-steps").wait_for()
    page.get_by_role("button", name="与骰子一致，确认录入").click()


def test_two_persons_type_the_dice_in_two_browsers(projector, own_site):
    planner = projector("planner", scheme="dark")
    assert planner.locator("nav").count() == 0
    assert planner.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    planner.get_by_label("姓名").fill("孙见证")
    planner.get_by_role("button", name="录入见证人").click()

    planner.locator(".dice-live").wait_for()
    for digit in DIGITS[:17]:
        planner.get_by_role("button", name=re.compile(f"^{digit}$")).click()
    planner.keyboard.press("9")
    planner.get_by_role("button", name="改上一位").click()
    assert planner.locator(".dice-progress").inner_text() == "已录入 17 次，共 40 次"
    last = planner.locator(".dice-last")
    assert last.inner_text() == DIGITS[16]
    assert last.evaluate("each => getComputedStyle(each).fontSize") == "96px"
    send = planner.get_by_role("button", name="看哈希前的文本")
    assert send.is_disabled()
    assert send.bounding_box()["y"] < 800 - 40  # on the screen, without scrolling
    for digit in DIGITS[17:]:
        planner.keyboard.press(digit)
    planner.keyboard.press("Enter")
    assert planner.locator(".echo-text").first.inner_text() == TEXT
    planner.get_by_role("button", name="与骰子一致，确认录入").click()
    planner.get_by_text("等待第二人录入").wait_for()

    supervisor = projector("supervisor")
    assert supervisor.locator("h2").inner_text() == "第二人录入：请只看骰子"
    for path in (PAGE, PAGE.replace("ceremony", "values"), "/desk"):
        assert DIGITS[:10] not in re.sub(
            r"[\s.,]|<[^>]*>", "", supervisor.request.get(own_site / path).text()
        )
    type_in(supervisor, DIGITS[:39] + "1")
    assert "两次录入均已作废" in supervisor.locator(".notice-bad").inner_text()
    assert supervisor.locator(".dice-progress").inner_text() == "已录入 0 次，共 40 次"

    planner.get_by_text("此前有 1 次两人录入不一致").wait_for()  # the waiting page moves on by itself
    type_in(planner, DIGITS)
    planner.get_by_text("等待第二人录入").wait_for()
    supervisor.goto(own_site / PAGE)
    type_in(supervisor, DIGITS)

    for page in (supervisor, planner):
        page.get_by_text("随机数已定，任何人不能再改").wait_for()
        assert page.locator(".echo-text").first.inner_text() == TEXT
        assert page.locator(".scene-result svg").is_visible()
        assert "孙见证" in page.locator(".projector-witnesses").inner_text()
        assert [told for told in page.complaints if "422" not in told] == []
        assert page.strangers == []


def test_without_script_one_field_takes_all_digits(open_page, own_site):
    page = open_page(java_script_enabled=False)
    sign_in(page, own_site, "planner")
    page.goto(own_site / PAGE)
    page.get_by_label("姓名").fill("孙见证")
    page.get_by_role("button", name="录入见证人").click()

    page.get_by_label("点数（40 次）").fill(DIGITS)
    page.get_by_role("button", name="看哈希前的文本").click()

    assert page.locator(".echo-text").first.inner_text() == TEXT
    page.get_by_role("button", name="与骰子一致，确认录入").click()
    assert page.locator("h2").inner_text() == "请第二人录入"
