"""What comes in, before any view sees it: numbers that a row can have, texts that a column takes."""

from flask import Flask, abort, request
from werkzeug.routing import BaseConverter, Map, ValidationError

LARGEST = 2**31 - 1
DIGITS = len(str(LARGEST))


class RowNumber(BaseConverter):
    """`<int:…>` in an address: ASCII digits, at most LARGEST; anything else is no address."""

    regex = f"[0-9]{{1,{DIGITS}}}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)

    def to_python(self, value: str) -> int:
        """The number."""
        number = int(value)
        if number > LARGEST:
            raise ValidationError
        return number

    def to_url(self, value: int) -> str:
        """The number in an address."""
        return str(value)


def whole_argument(name: str) -> int | None:
    """A query argument that is a plain number, at most LARGEST; None where it is missing or anything else."""
    value = request.args.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= DIGITS):
        return None
    number = int(value)
    return number if number <= LARGEST else None


def refuse_nul() -> None:
    """Refuse U+0000, which no text column takes, wherever it comes in: path, arguments or form."""
    came = [request.path]
    for values in (request.args, request.form):
        came += [text for name, texts in values.lists() for text in (name, *texts)]
    if any("\0" in text for text in came):
        abort(400)


def init_intake(app: Flask) -> None:
    """Read numbers in addresses by our rule, and look at every request before its view does."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(refuse_nul)
