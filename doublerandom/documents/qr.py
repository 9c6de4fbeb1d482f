"""QR codes as SVG: inline for pages under a policy that allows nothing from elsewhere, plain for papers."""

import io

import segno
from markupsafe import Markup


def qr_svg(text: str, *, scale: int = 5) -> Markup:
    """The QR code of a text, black on white whatever the colours of the page, with room around it."""
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(scale=scale, border=4, dark="#000", light="#fff", svgclass="qr"))  # noqa: S704 - segno draws it


def qr_image(text: str) -> str:
    """The QR code of a text as the text of an SVG file, without room around it."""
    file = io.BytesIO()
    segno.make(text, error="m", micro=False).save(file, kind="svg", border=0)
    return file.getvalue().decode()
