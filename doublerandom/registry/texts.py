"""What a text of the registry may hold, so that every pool made of it has a canonical form."""

import unicodedata

from doublerandom.dr1.canon import BARRED
from doublerandom.registry.errors import InvalidRecordError


def check_text(field: str, value: str, *, longest: int, needed: bool = False) -> None:
    """
    Refuse a text that is too long, empty where one is needed, not NFC, or holds characters that canon bars.

    Raises:
        InvalidRecordError: `field` and `value` as given, `reason` the rule.
    """
    if len(value) > longest:
        raise InvalidRecordError(field=field, value=value[:80], reason=f"longer than {longest} characters")
    if needed and not value.strip():
        raise InvalidRecordError(field=field, value=value, reason="must not be empty")
    barred = BARRED.search(value.replace("\n", "").replace("\r", "").replace("\t", ""))
    if barred or not unicodedata.is_normalized("NFC", value):
        raise InvalidRecordError(
            field=field, value=ascii(value[:80]), reason="characters that are not allowed"
        )
