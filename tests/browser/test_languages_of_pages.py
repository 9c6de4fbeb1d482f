"""The other language at the same address, and no Chinese left on English pages but data."""

import re
import sqlite3

import pytest
from visits import DESK_PAGES, REVEALED, linked, public_pages, sign_in

pytestmark = pytest.mark.browser
CHINESE = re.compile(r"[㐀-䶿一-鿿豈-﫿]+(?:[^\x00-\x7f]*[㐀-䶿一-鿿豈-﫿])*")
OURS = (
    "title, h1, h2, h3, label, legend, button, summary, nav a, thead th, caption, dt, figcaption, .btn, "
    ".empty, .badge-state, .tl-title, .field-hint, .table-count, .notice-title, .kicker, .stat-note"
)


@pytest.fixture(scope="session")
def data(site):
    """Every text of the tables that holds Chinese: names, addresses, items, statements."""
    connection = sqlite3.connect(site.settings.data_dir / "doublerandom.db")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = [name for (name,) in names if not name.startswith("registry_search_index")]  # it cannot be read
    texts = {
        value
        for table in tables
        for row in connection.execute(f'SELECT * FROM "{table}"')
        for value in row
        if isinstance(value, str) and CHINESE.search(value) and len(value) < 200
    }
    connection.close()
    return texts


def left_over(page, data):
    """Chinese of our own words on the page: what no text of the tables, as it stands there, accounts for."""
    found = set()
    for text in page.locator(f":is({OURS}):not([lang])").all_text_contents():
        for run in CHINESE.findall(text):
            if run not in data and not any(run in known and known in text for known in data):
                found.add(run)
    return found


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


@pytest.mark.parametrize("username", DESK_PAGES)
def test_desk_pages_in_english_hold_no_chinese_but_data(open_page, site, data, username):
    page = open_page()
    page.goto(site / "/lang/en?next=/")
    sign_in(page, site, username)
    found = {}

    for address in DESK_PAGES[username]:
        if address.endswith("/"):
            page.goto(site / address[:-1])
            address = next(linked(page, address))  # noqa: PLW2901 - the first of the list
        page.goto(site / address)
        if words := left_over(page, data):
            found[address] = words

    assert found == {}
