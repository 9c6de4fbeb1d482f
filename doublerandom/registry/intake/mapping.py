"""What the columns of a file mean: guessed by their headings, corrected by a person, checked."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from doublerandom.registry.errors import MissingColumnsError, RepeatedColumnError
from doublerandom.registry.intake.columns import KINDS, REQUIRED, plain_heading

Places = Mapping[str, int]


def signature_of(header: Sequence[str]) -> str:
    """SHA-256 of a header, whatever blanks and marks stand in its headings."""
    return hashlib.sha256(json.dumps([plain_heading(one) for one in header]).encode()).hexdigest()


def guessed_places(kind: str, header: Sequence[str]) -> dict[str, int]:
    """The field of each column as far as its heading tells; of two alike the first."""
    plain = [plain_heading(heading) for heading in header]
    places: dict[str, int] = {}
    for field, known in KINDS[kind].items():
        found = next((one for one in map(plain_heading, known) if one in plain), None)
        if found is not None and plain.index(found) not in places.values():
            places[field] = plain.index(found)
    return places


def checked_places(
    kind: str, header: Sequence[str], places: Places, *, also: Sequence[str] = ()
) -> dict[str, int]:
    """
    The places of fields as a person gave them, those of no field left out.

    Raises:
        MissingColumnsError: A field that is needed has no column.
        RepeatedColumnError: Two fields are read from one column.
    """
    held: dict[int, str] = {}
    for field, place in places.items():
        if field not in KINDS[kind] or not 0 <= place < len(header):
            continue
        if place in held:
            first, second = KINDS[kind][held[place]][0], KINDS[kind][field][0]
            raise RepeatedColumnError(first=first, second=second, field=header[place])
        held[place] = field
    missing = [KINDS[kind][field][0] for field in (*REQUIRED[kind], *also) if field not in held.values()]
    if missing:
        raise MissingColumnsError(missing="、".join(missing), found="、".join(header) or "（空）")
    return {field: place for place, field in sorted(held.items())}
