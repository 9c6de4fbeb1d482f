"""Somebody downloads a bundle and the program, and runs it: nothing fails."""

import subprocess
import sys

import pytest
from visits import CLOSED, COMMITTED, REVEALED, VOIDED

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("last", [REVEALED, VOIDED, CLOSED, COMMITTED])
def test_a_downloaded_bundle_verifies_with_the_downloaded_program(open_page, site, tmp_path, last):
    page = open_page(accept_downloads=True)
    page.goto(site / f"/draws/{site.draw(last)}")
    saved = []
    for name in ("下载校验包", "verify.py"):
        with page.expect_download() as coming:
            page.locator("main").get_by_role("link", name=name).first.click()
        saved.append(tmp_path / coming.value.suggested_filename)
        coming.value.save_as(saved[-1])
    bundle, program = saved

    ran = subprocess.run(
        [sys.executable, "-I", str(program), str(bundle)], capture_output=True, text=True, check=False
    )

    assert bundle.name == f"{site.draw(last)}.zip"
    assert ran.returncode in {0, 2}, ran.stdout
    assert "不通过" not in ran.stdout
    assert ran.stdout.count("通过") >= 3
