"""The draw page by keyboard alone, and without any script."""

import re

import pytest
from visits import COMMITTED, REVEALED

pytestmark = pytest.mark.browser
FOCUS = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  return {name: here.name || "", text: here.innerText || "", tag: here.tagName,
          shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2};
}"""


def tab(page):
    page.keyboard.press("Tab")
    return page.evaluate(FOCUS)


def test_the_tab_key_reaches_the_search_box_and_every_stop_is_seen(open_page, site):
    page = open_page()
    page.goto(site / f"/draws/{site.draw(REVEALED)}")

    stops = [tab(page)]
    while stops[-1]["name"] != "code" and len(stops) < 30:
        stops.append(tab(page))

    assert stops[0]["text"] == "跳到正文"
    assert stops[-1]["name"] == "code"
    assert [stop for stop in stops if not stop["shown"]] == []


def test_the_skip_link_leads_past_the_menu_to_the_search_box(open_page, site):
    page = open_page()
    page.goto(site / f"/draws/{site.draw(REVEALED)}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    stops = [tab(page) for _ in range(4)]

    assert "code" in [stop["name"] for stop in stops]


def test_a_code_is_checked_with_the_keyboard_alone(open_page, site):
    page = open_page()
    page.goto(site / f"/draws/{site.draw(REVEALED)}")
    while tab(page)["name"] != "code":
        pass

    page.keyboard.type(site.drawn(site.draw(REVEALED))[0])
    page.keyboard.press("Enter")

    assert page.locator(".answer .badge-state").inner_text() == "抽中"


def test_the_check_works_without_script(open_page, site):
    page = open_page(java_script_enabled=False)
    page.goto(site / f"/draws/{site.draw(REVEALED)}")

    page.locator("[name=code]").fill(site.drawn(site.draw(REVEALED))[0])
    page.get_by_role("button", name="查询").click()

    assert page.locator(".answer .badge-state").inner_text() == "抽中"
    assert page.locator(".answer .shell code").inner_text().endswith("| sha256sum")


def test_the_countdown_is_a_time_without_script(open_page, site):
    page = open_page(java_script_enabled=False)
    page.goto(site / f"/draws/{site.draw(COMMITTED)}")

    assert "还有" in page.locator(".countdown-rest").inner_text()
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", page.locator(".countdown-at").inner_text())
