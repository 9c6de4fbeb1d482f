"""The other language at the same address, and no Chinese left on English pages but data."""

import pytest
from browser.english import left_over
from visits import REVEALED, public_pages

pytestmark = pytest.mark.browser


def test_the_switch_keeps_the_address_and_comes_back(open_page, site):
    page, address = open_page(), f"/draws/{site.draw(REVEALED)}?code=91330106MA2CDEFGXX"
    page.goto(site / address)

    page.get_by_role("link", name="English").click()
    assert page.url == site / address
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", name="Check a business").is_visible()
    page.get_by_role("link", name="Draws", exact=True).first.click()
    assert page.locator("html").get_attribute("lang") == "en"

    page.get_by_role("link", name="中文").click()
    assert page.url == site / "/draws"
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_public_pages_in_english_hold_no_chinese_but_data(open_page, site, data):
    page = open_page()
    page.goto(site / "/lang/en?next=/")
    found = {}

    for address in [*public_pages(site), "/no-such-page"]:
        page.goto(site / address)
        if words := left_over(page, data):
            found[address] = words

    assert found == {}
