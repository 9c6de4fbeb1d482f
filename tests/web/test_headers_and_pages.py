"""Headers of every answer, and pages that hold nothing the policy forbids."""

import re
from pathlib import Path

import pytest
from flask import Response

import doublerandom
from doublerandom import web
from doublerandom.app import create_app

TEMPLATES = Path(doublerandom.__file__).parent / "templates"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE)


@pytest.mark.parametrize("path", ["/sign-in", "/no/such/page", "/static/doublerandom.css", "/api/nothing"])
def test_every_answer_carries_the_policy(client, path):
    headers = client.get(path, buffered=True).headers

    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Permissions-Policy"].startswith("camera=(self), geolocation=(self)")
    assert "Strict-Transport-Security" not in headers


def test_sign_ins_are_kept_in_a_cookie_that_scripts_do_not_see(client):
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_personal_pages_are_kept_by_no_cache(client):
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_holds_inline_script_or_style_or_loads_from_outside(template):
    text = template.read_text(encoding="utf-8")

    assert INLINE.findall(text) == []
    assert OUTSIDE.findall(text) == []


def test_the_style_sheet_loads_nothing_from_outside(client):
    assert (
        re.findall(
            r"url\((?![\"']?data:)|@import",
            client.get("/static/doublerandom.css", buffered=True).get_data(as_text=True),
        )
        == []
    )


def test_a_changed_static_file_gets_a_new_address(client):
    assert re.search(
        r'/static/doublerandom\.css\?v=[0-9a-f]{12}"', client.get("/sign-in").get_data(as_text=True)
    )


def test_texts_are_compressed(client):
    for path in ("/static/doublerandom.css", "/bootstrap/static/css/bootstrap.min.css", "/sign-in"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"}, buffered=True)
        assert answer.headers["Content-Encoding"] == "br", path


def test_a_zip_is_not_compressed_again(app, client):
    app.add_url_rule("/zip", "zip", web.public(lambda: Response(b"PK" * 4000, mimetype="application/zip")))

    assert "Content-Encoding" not in client.get("/zip", headers={"Accept-Encoding": "gzip, br"}).headers


def test_a_demo_says_so_on_every_page(app, client):
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"demo": True})

    for path in ("/sign-in", "/no/such/page"):
        assert "演示系统：数据均为虚构" in client.get(path).get_data(as_text=True)


def test_a_house_in_earnest_does_not(client):
    assert "演示系统" not in client.get("/sign-in").get_data(as_text=True)


def test_a_page_can_be_read_by_keyboard_from_its_content(client):
    page = client.get("/sign-in").get_data(as_text=True)

    assert page.index('href="#main"') < page.index("<header")
    assert '<html lang="zh-CN">' in page


def test_a_house_behind_a_proxy_believes_it_and_asks_for_https(settings):
    house = settings.model_copy(update={"proxies": 1, "secure_cookies": True})
    client = create_app(house).test_client()

    answer = client.get(
        "/lang/en", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "draws.example"}
    )

    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
