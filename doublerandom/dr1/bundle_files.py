"""The files of a bundle: their closed names, their members, their bytes; section 12."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from doublerandom.dr1.canon import Record, canon, check_values, parse
from doublerandom.dr1.errors import BadHexError, NotCanonicalError, ProtocolError, WrongTypeError
from doublerandom.dr1.log import KEYS, SECRETS, number, observed_value
from doublerandom.dr1.members import (
    POOLS,
    Check,
    check_type,
    closed,
    count,
    digest,
    ident,
    list_of,
    one_of,
    text,
    token,
)

_ED25519: Final = re.compile(r"[0-9a-f]{128}")
LINE_FILES: Final = (
    "subjects.jsonl",
    "inspectors.jsonl",
    "conflicts.jsonl",
    "tasks.jsonl",
    "replacements.jsonl",
)
JSON_FILES: Final = (
    "plan.json",
    "signatures.json",
    "beacon.json",
    "secrets.json",
    "keys.json",
    "result.json",
    "rules.json",
    "log.json",
    "witness.json",
)
_NOTES: Final = ("log.json", "witness.json")
LEAF_FILES: Final = tuple(f"{pool}.leaves" for pool in POOLS)
NAMES: Final = frozenset({*LINE_FILES, *JSON_FILES, *LEAF_FILES, "verify.py", "README.txt"})


def _place(value: Any, where: str) -> None:
    """A place: a subject and the number of the seat."""
    list_of(lambda _value, _where: None, 2, 2)(value, where)
    ident(value[0], where)
    count(value[1], where)


def _pair(value: Any, where: str) -> None:
    """A pair `<inspector>:<subject>`."""
    check_type(value, str, where)
    for part in value.split(":") if value.count(":") == 1 else [""]:
        ident(part, where)


def _signature(value: Any, where: str) -> None:
    check_type(value, str, where)
    if not _ED25519.fullmatch(value):
        raise BadHexError(where=where, value=value)


def _note(value: Any, where: str) -> None:
    """A signed note: its text with newlines, or the list of its lines."""
    if type(value) is not str:
        list_of(text)(value, where)


def _object(value: Any, where: str) -> None:
    check_type(value, dict, where)


def _object_or_list(value: Any, where: str) -> None:
    if type(value) not in {dict, list}:
        raise WrongTypeError(where=where, found=type(value).__name__)


_TASK: Final = closed(
    {
        "draw": token,
        "subject": ident,
        "team": list_of(closed({"inspector": ident, "seat": token})),
    }
)
_EMPTY_SEAT: Final = closed(
    {"met": list_of(ident), "places": list_of(_place), "seat": token, "subject": ident}
)
SIGNATURES: Final = list_of(
    closed(
        {
            "role": one_of("operator", "supervisor", "party"),
            "person": token,
            "key": digest,
            "signature": _signature,
        }
    )
)
_CHECKS: Final[Mapping[str, Check]] = {
    "signatures.json": SIGNATURES,
    "beacon.json": list_of(observed_value),
    "secrets.json": SECRETS,
    "keys.json": KEYS,
    "result.json": closed(
        {"drawn": list_of(ident), "result_root": digest}, {"empty_seats": list_of(_EMPTY_SEAT, 1)}
    ),
    "log.json": closed(
        {
            "origin": text,
            "key": digest,
            "checkpoint": _note,
            "entries": list_of(closed({"index": count, "entry": _object, "proof": list_of(digest)})),
        }
    ),
    "tasks.jsonl": _TASK,
    "replacements.jsonl": closed(
        {"n": number, "reason": token, "salt": digest, "task": _TASK},
        {"old": ident, "new": ident, "seat": count, "conflicts": list_of(_pair)},
    ),
}


class BundleBytesError(ProtocolError):
    """A file is not its canonical bytes followed by one newline, or a last line lacks its newline."""

    code = "bundle_bytes"
    check = 1


def json_file(value: Any) -> bytes:
    """The bytes of a JSON file: canon and a newline."""
    return canon(value) + b"\n"


def log_file(origin: str, key: str, checkpoint: str, entries: list[Record]) -> bytes:
    """
    The bytes of log.json.

    Args:
        origin: The log's name.
        key: Its public key in hex.
        checkpoint: The signed note, with its newlines: the one text in a bundle that holds any.
        entries: `{"index", "entry", "proof"}` ascending by index, proofs (hex) for the checkpoint's size.
    """
    head = canon({"entries": entries, "key": key, "origin": origin})
    note = orjson.dumps(checkpoint)
    return b'{"checkpoint":' + note + b"," + head[1:] + b"\n"


def lines_file(values: Iterable[Any]) -> bytes:
    """The bytes of a file of canonical lines, each with its newline; nothing where there are none."""
    return b"".join(canon(value) + b"\n" for value in values)


def read_json(name: str, data: bytes) -> Any:
    """
    The value of a JSON file, its bytes and members checked.

    Raises:
        BundleBytesError: There is not exactly one newline, at the end.
        ProtocolError: The bytes are not canonical, or a member is missing, unknown or of another kind.
    """
    if not data.endswith(b"\n"):
        raise BundleBytesError(file=name)
    value = _parse_with_note(data[:-1]) if name in _NOTES else parse(data[:-1])
    check_file(name, value)
    return value


def check_file(name: str, value: Any) -> None:
    """
    Check the members of a bundle's JSON file, or of one line of tasks.jsonl and replacements.jsonl.

    The plan has its own rules (plan.check_plan), and so have log entries (log.check_entry); a rule set may
    hold whatever canon can, a witness's evidence too.
    """
    _CHECKS.get(name, _object_or_list)(value, name)


def note_text(note: str | list[str]) -> str:
    """The text of a checkpoint in log.json or witness.json, where it may stand as the list of its lines."""
    return note if isinstance(note, str) else "".join(line + "\n" for line in note)


def _parse_with_note(data: bytes) -> Any:
    """As `parse`, but the member `checkpoint` may be a signed note: the one text that holds newlines."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonicalError(reason=str(error)) from None
    if type(value) is not dict or type(value.get("checkpoint")) is not str:
        return parse(data)
    check_values({**value, "checkpoint": value["checkpoint"].split("\n")})
    if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != data:
        raise NotCanonicalError(reason="other bytes than canon gives")
    return value
