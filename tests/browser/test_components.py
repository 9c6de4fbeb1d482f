"""The components as a reader meets them: accessible, within the screen, readable without script."""

from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import render_template
from jinja2 import ChoiceLoader, FileSystemLoader

from doublerandom import clock, web
from doublerandom.accounts.forms import SignInForm

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),  # the page reads no table
]
PREVIEW = Path(__file__).parents[1] / "web" / "templates"
NAMES = ["餐饮服务食品安全监督检查", "特种设备使用单位安全监督检查", "企业登记事项检查"]


@pytest.fixture
def preview(app, serve):
    """Address of a page that shows every component; it exists in this test alone."""
    app.jinja_loader = ChoiceLoader([FileSystemLoader(PREVIEW), app.jinja_loader])

    def components():
        form = SignInForm(formdata=None)
        form.username.errors = ["请输入用户名"]
        now = clock.now()
        rows = [
            {"code": f"SC-{n:03}", "name": name, "state": "in_force", "count": 1000 * n, "at": now}
            for n, name in enumerate(NAMES)
        ]
        soon, past = now + timedelta(days=2, hours=3), now - timedelta(days=5)
        return render_template("preview/components.html", soon=soon, past=past, rows=rows, form=form)

    app.add_url_rule("/preview", "preview", web.public(components))
    return f"{serve(app)}/preview"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_component_is_accessible_and_within_the_screen(preview, open_page, width, scheme):
    page = open_page(width, scheme)
    page.goto(preview)

    violations = Axe().run(page).response["violations"]

    assert [(found["id"], [node["html"] for node in found["nodes"]]) for found in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


def test_the_policy_lets_our_style_and_script_work(preview, open_page):
    page = open_page()
    page.goto(preview)

    assert page.locator(".countdown-live").count() == 1
    assert page.locator("button.copy").first.is_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.btn-primary')).backgroundColor")
        == "rgb(18, 90, 133)"
    )


def test_without_script_a_countdown_is_a_time_and_nothing_dead_is_shown(preview, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(preview)

    assert "还有 2 天" in page.locator(".countdown-rest").inner_text()
    assert not page.locator("button.copy").first.is_visible()


def test_a_hash_is_whole_for_whoever_focuses_it(preview, open_page):
    page = open_page()
    page.goto(preview)
    chip = page.locator(".hash-value").first
    assert "…" in chip.inner_text()

    chip.focus()

    assert len(chip.inner_text().replace(" ", "")) == 64


def test_the_first_tab_leads_past_the_menu(preview, open_page):
    page = open_page()
    page.goto(preview)

    page.keyboard.press("Tab")
    assert page.locator(".skip-link").is_visible()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_tables_are_cards_on_a_phone(preview, open_page):
    page = open_page(390)
    page.goto(preview)

    cell = page.locator("table.data td").first
    assert cell.evaluate("cell => getComputedStyle(cell).display") == "grid"
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"编号"'


def test_print_leaves_menus_out_and_prints_the_address(preview, open_page):
    page = open_page()
    page.goto(preview)
    page.emulate_media(media="print")

    assert not page.locator(".site-tools").is_visible()
    assert "/preview" in page.locator(".print-only").inner_text()
