"""A party's secrets in a real browser: made there, right by SHA-256, kept as a file, read back from it."""

import json
from hashlib import sha256

import pytest
from visits import PARTIES, sign_in

pytestmark = pytest.mark.browser
PURPOSES = ("subject", "inspector")


def test_the_browser_makes_secrets_and_keeps_them_to_itself(open_page, site):
    page = open_page()
    sign_in(page, site, "notary")
    sent = []
    page.goto(site / f"/desk/draws/{PARTIES}/party")
    page.on("request", lambda request: sent.append(request.post_data))

    page.click("#party-make")
    secrets = {purpose: page.inner_text(f"[data-shown={purpose}]") for purpose in PURPOSES}
    with page.expect_download() as saving:
        page.click("#party-save")
    file = json.loads(saving.value.path().read_text("utf-8"))

    assert file["secrets"] == secrets
    assert len(set(secrets.values())) == 2
    for purpose, secret in secrets.items():
        text = f"dr1|secret|yc-scjg|{PARTIES}|{purpose}|p-notary|{secret}"
        told = page.input_value(f"[data-commitment={purpose}]")
        assert told == file["commitments"][purpose] == sha256(text.encode()).hexdigest()
    assert not [body for body in sent if body and secrets["subject"] in body]
    assert page.evaluate("document.getElementById('party-kept').required")
