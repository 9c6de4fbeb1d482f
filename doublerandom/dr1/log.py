"""The entries of the public log and the rules that hold among them; section 10. Checkpoints are re-exported here."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from doublerandom.dr1.canon import canon
from doublerandom.dr1.checkpoints import (
    BadCheckpointError,
    Checkpoint,
    checkpoint_text,
    key_id,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.shapes import (
    KEYS,
    SECRET,
    Predicate,
    closed,
    fault,
    identifier,
    is_count,
    is_hex_64,
    is_number,
    is_observed_value,
    is_text,
    is_time,
    list_of,
    one_of,
    token,
)
from doublerandom.dr1.signatures import is_public_key

__all__ = [
    "BadCheckpointError",
    "BadEntryError",
    "Checkpoint",
    "EntryRepeatedError",
    "LogRules",
    "TimeFellError",
    "check_entry",
    "check_log",
    "checkpoint_text",
    "entry_bytes",
    "key_id",
    "parse_checkpoint",
    "sign_checkpoint",
    "verify_checkpoint",
]

Record = dict[str, Any]

_OF_A_PLAN: Final[Mapping[str, Predicate]] = {"draw": token, "plan_hash": is_hex_64}
ENTRIES: Final[Mapping[str, Mapping[str, Predicate]]] = {
    "key": {
        "person": token,
        "name": is_text,
        "role": token,
        "body": token,
        "key": lambda value: type(value) is str and is_public_key(value),
        "until?": is_time,
    },
    "plan": {**_OF_A_PLAN, "issuer": token, "seq": is_number},
    "observed": {**_OF_A_PLAN, "n": is_count, "value": is_observed_value},
    "beacon": {**_OF_A_PLAN, "beacon": is_text},
    "result": {**_OF_A_PLAN, "result_root": is_hex_64, "count": is_count, "empty_seats": is_count},
    "open": {**_OF_A_PLAN, "secrets": list_of(closed(SECRET)), "keys": closed(KEYS)},
    "list": {"what": one_of("annual_plan", "item_list", "rule_set"), "name": token, "digest": is_hex_64},
    "replace": {
        **_OF_A_PLAN,
        "n": is_number,
        "what": one_of("subject", "inspector", "direct"),
        "reason": token,
        "old": is_hex_64,
        "commitment": is_hex_64,
    },
    "void": {**_OF_A_PLAN, "reason": token, "would_be_root?": is_hex_64},
    "outcome": {
        **_OF_A_PLAN,
        "subject": lambda value: identifier(value) or is_hex_64(value),
        "digest": is_hex_64,
    },
    "note": {"text": is_text},
}


class BadEntryError(ProtocolError):
    """An entry is of no known type, or a member is missing, unknown or of another kind."""

    code = "bad_entry"
    check = 3


class EntryRepeatedError(ProtocolError):
    """The log holds a second entry where only one can be, or a key or commitment for the second time."""

    code = "entry_repeated"
    check = 13


class TimeFellError(ProtocolError):
    """An entry is dated before the entry that precedes it."""

    code = "time_fell"
    check = 13


def check_entry(entry: Any) -> None:
    """
    Check one log entry: a known type, its members and no others, values that canon can hold.

    Raises:
        BadEntryError: `member` names what is wrong.
        ProtocolError: canon refuses a string or an integer in it.
    """
    kind = entry.get("type") if type(entry) is dict else None
    if type(kind) is not str or kind not in ENTRIES:
        raise BadEntryError(type=kind if type(kind) is str else "", member="type")
    member = fault(entry, {"type": is_text, "at": is_time, **ENTRIES[kind]})
    if member is not None:
        raise BadEntryError(type=kind, member=member)
    canon(entry)


def entry_bytes(entry: Record) -> bytes:
    """The leaf data of an entry: its canonical bytes, after check_entry."""
    check_entry(entry)
    return canon(entry)


class LogRules:
    """
    What holds among the entries of a log: feed them in log order, all of them or those of one draw.

    Unique are: plan, beacon, result, open of a plan; (issuer, seq) and (issuer, draw) of plans; `observed` for
    each source and `replace` for each n of a plan; every opened key and every task commitment. `at` never falls.
    """

    def __init__(self) -> None:
        self._seen: set[tuple[str, ...]] = set()
        self._at = ""

    def accept(self, entry: Record) -> None:
        """
        Take the next entry, already checked by check_entry; a refused one leaves the rules as they were.

        Raises:
            TimeFellError: It is dated before the last one accepted.
            EntryRepeatedError: One of its unique values was there before.
        """
        if entry["at"] < self._at:
            raise TimeFellError(at=entry["at"], before=self._at)
        marks = _unique_marks(entry)
        for position, mark in enumerate(marks):
            if mark in self._seen or mark in marks[:position]:
                raise EntryRepeatedError(type=entry["type"], what=mark[0], value="|".join(mark[1:]))
        self._seen.update(marks)
        self._at = entry["at"]


def check_log(entries: Iterable[Record]) -> None:
    """Check the entries of a log, or of one draw, in log order: each by itself and the rules among them."""
    rules = LogRules()
    for entry in entries:
        check_entry(entry)
        rules.accept(entry)


def _unique_marks(entry: Record) -> list[tuple[str, ...]]:
    """What this entry may say only once in a log."""
    kind = entry["type"]
    if kind == "plan":
        issuer = entry["issuer"]
        return [
            ("plan", entry["plan_hash"]),
            ("seq", issuer, str(entry["seq"])),
            ("draw", issuer, entry["draw"]),
        ]
    if kind in {"beacon", "result"}:
        return [(kind, entry["plan_hash"])]
    if kind == "open":
        return [("open", entry["plan_hash"]), *(("pool_key", key) for key in entry["keys"].values())]
    if kind == "observed":
        return [("observed", entry["plan_hash"], str(entry["n"]))]
    if kind == "replace":
        return [("replace", entry["plan_hash"], str(entry["n"])), ("commitment", entry["commitment"])]
    return []
