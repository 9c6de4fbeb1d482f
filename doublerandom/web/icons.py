"""Icons out of Bootstrap's own sheet, one by one, inline: the whole sheet weighs a megabyte."""

import re
from functools import lru_cache
from importlib.resources import files

from markupsafe import Markup

SHEET = "static/bootstrap5/icons/bootstrap-icons.svg"


@lru_cache(maxsize=1)
def _drawings() -> dict[str, str]:
    sheet = files("flask_bootstrap").joinpath(SHEET).read_text(encoding="utf-8")
    return dict(re.findall(r'<symbol [^>]*id="([^"]+)"[^>]*>(.*?)</symbol>', sheet, re.DOTALL))


@lru_cache(maxsize=256)
def icon(name: str) -> Markup:
    """The icon of that name as an inline SVG, silent to screen readers; raises KeyError for unknown names."""
    drawing = _drawings()[name]
    frame = (
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true">'
    )
    return Markup(f"{frame}{drawing}</svg>")  # noqa: S704 - drawings come from the package, not from input
