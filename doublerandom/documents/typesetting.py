"""Papers set by typst: values go in as data, never as markup; equal values give equal bytes."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

import manimgx_fonts_cjk
import typst

FONTS: Final = Path(manimgx_fonts_cjk.__file__).parent
STANDARD: Final = "a-2b"


def pdf(layout: str, values: Mapping[str, Any], *, at: datetime) -> bytes:
    """
    A paper as PDF/A-2b.

    Args:
        layout: Name of a layout beside this module (`layouts/<layout>.typ`).
        values: What the layout prints, as JSON can hold it.
        at: What the file says of its making; nothing else of the bytes depends on the clock.
    """
    place = resources.files("doublerandom.documents") / "layouts" / f"{layout}.typ"
    with resources.as_file(place) as path:
        made: bytes = typst.compile(
            path,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=at,
        )
    return made
