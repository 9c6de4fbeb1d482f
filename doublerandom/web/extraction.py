"""Every sentence that stands in code and templates, so that a test can prove each has its English twin."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

PACKAGE = Path(__file__).parents[1]
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false", "trimmed": "true"}}
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def sentences(package: Path = PACKAGE) -> Iterator[tuple[str, str]]:
    """Each sentence with where it stands, as `file:line`, in the order of the files."""
    found = extract_from_dir(str(package), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS)
    for file, line, message, _comments, _context in found:
        for text in message if isinstance(message, tuple) else (message,):
            yield text, f"{file}:{line}"
