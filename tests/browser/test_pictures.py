"""The picture of the draw page that the README shows, made anew when `DOUBLERANDOM_UPDATE_IMAGES` is set."""

import os
from pathlib import Path

import pytest
from visits import REVEALED

pytestmark = pytest.mark.browser
IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST_BYTES = 400_000


def test_the_picture_of_the_draw_page_is_there_and_light(open_page, site):
    picture = IMAGES / "draw-page.png"
    if os.environ.get("DOUBLERANDOM_UPDATE_IMAGES"):
        page, number = open_page(), site.draw(REVEALED)
        page.goto(site / f"/draws/{number}?code={site.drawn(number)[0]}")
        IMAGES.mkdir(exist_ok=True)
        page.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": 1280, "height": 1600})

    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < MOST_BYTES
