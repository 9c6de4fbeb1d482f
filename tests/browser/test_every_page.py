"""Every page: accessible in both languages, on desk and phone, by day and by night; nothing from outside."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.english import left_over
from visits import DESK_PAGES, REVEALED, linked, public_pages, sign_in

pytestmark = pytest.mark.browser
FORMS = [("zh", 1280), ("zh", 390), ("en", 1280), ("en", 390)]
MOST = [("zh", 1280), ("en", 390)]  # both languages and widths; there are many pages for all four
BY_NIGHT = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def looked_at(page, address, *, by_night=True):
    """What is wrong with the page as it stands, by rule; by night its colours alone differ."""
    page.emulate_media(color_scheme="light")
    violations = Axe().run(page).response["violations"]
    if by_night and page.locator("html").get_attribute("lang") != "en":  # colours do not ask for the language
        page.emulate_media(color_scheme="dark")
        violations += Axe().run(page, options=BY_NIGHT).response["violations"]
    found = [(address, each["id"], [node["html"][:200] for node in each["nodes"]]) for each in violations]
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > page.viewport_size["width"]:
        found.append((address, "wider than the screen", [str(wide)]))
    return found


@pytest.fixture
def visitor(open_page, site, form):
    """A page in the form of this test: language and width."""
    language, width = form
    page = open_page(width, reduced_motion="reduce")
    page.goto(site / f"/lang/{language}?next=/")
    return page


@pytest.mark.parametrize("form", MOST)
def test_public_pages(visitor, site):
    found = []

    for address in public_pages(site):
        visitor.goto(site / address)
        found += looked_at(visitor, address, by_night=False)

    assert found == []
    assert visitor.complaints == []
    assert visitor.strangers == []


@pytest.mark.parametrize("form", FORMS)
def test_the_pages_that_everybody_comes_to(visitor, site):
    found = []

    for address in ("/", "/draws", f"/draws/{site.draw(REVEALED)}", "/verify", "/log", "/results"):
        visitor.goto(site / address)
        found += looked_at(visitor, address)

    assert found == []


@pytest.mark.parametrize("form", MOST)
@pytest.mark.parametrize("username", DESK_PAGES)
def test_desk_pages(visitor, site, data, form, username):
    """Each page of the desk; on English ones no Chinese is left but data."""
    sign_in(visitor, site, username)
    found = []

    for number, address in enumerate(DESK_PAGES[username]):
        if address.endswith("/"):
            visitor.goto(site / address[:-1])
            address = next(linked(visitor, address))  # noqa: PLW2901 - the first of the list
        visitor.goto(site / address)
        if form[1] == 390 and number % 2:
            continue  # the phone's form of every second page
        found += looked_at(visitor, address, by_night=number % 4 == 0)
        if form[0] == "en" and (words := left_over(visitor, data)):
            found.append((address, "Chinese", sorted(words)))

    assert found == []
    assert visitor.complaints == []
    assert visitor.strangers == []


@pytest.mark.parametrize("form", MOST)
def test_error_pages(visitor, site):
    found = []

    for address in ("/no-such-page", "/draws/XX-2026-9999", "/log/99999999"):
        visitor.goto(site / address)
        found += looked_at(visitor, address)

    assert found == []
    assert [told for told in visitor.complaints if "Failed to load resource" not in told] == []
