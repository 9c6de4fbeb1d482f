"""Canonical JSON bytes, the hash, tokens, ids and times: the primitives of section 1."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from doublerandom.dr1.errors import (
    BadIdError,
    BadKeyError,
    BadNumberError,
    BadStringError,
    BadTimeError,
    BadTokenError,
    BadValueError,
    NotCanonicalError,
    NotLinesError,
    TooDeepError,
)

Record = dict[str, Any]

TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}")
KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
HEX64: Final = re.compile(r"[0-9a-f]{64}")
BARRED: Final = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]",
)
LARGEST: Final = 2**53 - 1
ZEROS: Final = "0" * 64


def H(text: str) -> str:  # noqa: N802 - the protocol's own name
    """SHA-256 of the UTF-8 text as 64 lower-case hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def canon(x: Any) -> bytes:
    """
    The canonical bytes of `x`: keys sorted, no spaces, UTF-8 unescaped; on this subset RFC 8785.

    Raises:
        BadValueError: null, a float, a tuple, or any other object.
        BadNumberError, BadStringError, BadKeyError, TooDeepError: see there.
    """
    check_values(x)
    return _dump(x)


def parse(data: bytes) -> Any:
    """
    What the canonical bytes say; any other bytes are refused.

    Floats, null, repeated keys, barred characters, integers beyond 2^53−1, spaces, needless escapes,
    a byte order mark, invalid UTF-8: all are refused, since `canon` would not have written them.

    Raises:
        NotCanonicalError: The bytes differ from `canon` of what was read, or are no JSON.
        BadValueError, BadNumberError, BadStringError, BadKeyError, TooDeepError: It has no `canon`.
    """
    try:
        x = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonicalError(reason=str(error)) from None
    check_values(x)
    if _dump(x) != data:
        raise NotCanonicalError(
            reason="other bytes than canon gives", read=data[:80].decode(errors="replace")
        )
    return x


def parse_line(line: bytes) -> Any:
    """What one line of a file says, given with its closing 0A; a whole JSON file is such a line too."""
    if not line.endswith(b"\n"):
        raise NotLinesError(read=line[:80].decode(errors="replace"))
    return parse(line[:-1])


def split_lines(data: bytes) -> list[bytes]:
    """The lines of a file without their closing 0A; nothing else parts lines, no file ends without it."""
    if not data:
        return []
    if not data.endswith(b"\n"):
        raise NotLinesError(read=data[-80:].decode(errors="replace"))
    return data[:-1].split(b"\n")


def is_token(s: Any) -> bool:
    """Whether `s` is a token."""
    return type(s) is str and TOKEN.fullmatch(s) is not None


def is_id(s: Any) -> bool:
    """Whether `s` is an id of a subject or inspector."""
    return type(s) is str and ID.fullmatch(s) is not None


def check_token(s: Any, where: str = "") -> None:
    """Raise BadTokenError unless `s` is a token."""
    if not is_token(s):
        raise BadTokenError(where=where, value=s)


def check_id(s: Any, where: str = "") -> None:
    """Raise BadIdError unless `s` is an id."""
    if not is_id(s):
        raise BadIdError(where=where, value=s)


def parse_time(s: Any, where: str = "") -> datetime:
    """The moment written `YYYY-MM-DDTHH:MM:SSZ`, aware, in UTC; raise BadTimeError for any other text."""
    if type(s) is not str or not TIME.fullmatch(s):
        raise BadTimeError(where=where, value=s)
    try:
        return datetime.strptime(s, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadTimeError(where=where, value=s) from None


def format_time(dt: datetime) -> str:
    """The aware moment in UTC, whole seconds (any fraction is dropped), as the protocol writes it."""
    if dt.tzinfo is None:
        raise BadTimeError(where="format_time", value=dt.isoformat())
    return dt.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def check_values(x: Any) -> None:
    """Raise unless `x` holds nothing but what canon knows, at any depth; does not recurse."""
    stack = [x]
    while stack:
        value = stack.pop()
        kind = type(value)
        if kind is dict:
            _check_keys(value)
            stack.extend(value.values())
        elif kind is list:
            stack.extend(value)
        else:
            _check_plain(value, kind)


def _check_keys(value: Record) -> None:
    for key in value:
        if type(key) is not str or not KEY.fullmatch(key):
            raise BadKeyError(key=key)


def _check_plain(value: Any, kind: type) -> None:
    if kind is str:
        if BARRED.search(value):
            raise BadStringError(value=value)
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise BadNumberError(value=value)
    elif kind is not bool:
        raise BadValueError(kind=kind.__name__, value=repr(value)[:80])


def _dump(x: Any) -> bytes:
    try:
        return orjson.dumps(x, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise TooDeepError(reason=str(error)) from None
