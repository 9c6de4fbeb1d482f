"""The entries of the public log and the rules among them; section 10. Checkpoints are re-exported here."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from doublerandom.dr1.canon import Record, canon, check_values, is_id
from doublerandom.dr1.checkpoints import (
    BadCheckpointError,
    Checkpoint,
    checkpoint_text,
    key_id,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from doublerandom.dr1.errors import BadConstantError, BadCountError, BadHexError, ProtocolError
from doublerandom.dr1.members import (
    POOLS,
    PURPOSES,
    Check,
    check_type,
    closed,
    count,
    digest,
    list_of,
    moment,
    one_of,
    text,
    token,
)
from doublerandom.dr1.signatures import is_public_key

__all__ = [
    "KEYS",
    "SECRETS",
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
    "number",
    "observed_value",
    "parse_checkpoint",
    "sign_checkpoint",
    "unique_marks",
    "verify_checkpoint",
]

SECRETS: Final = list_of(closed({"party": token, "purpose": one_of(*PURPOSES), "secret": digest}))
KEYS: Final = closed({}, dict.fromkeys((*POOLS, "tasks"), digest))
_SIGNATURE: Final = re.compile(r"[0-9a-f]{96}")


def number(value: Any, where: str) -> None:
    """An integer of at least 1."""
    check_type(value, int, where)
    if value < 1:
        raise BadCountError(where=where, value=value)


def observed_value(value: Any, where: str) -> None:
    """One observed value of section 4, its shape alone: a drand signature, a lottery's groups, or rolls."""
    check_type(value, dict, where)
    if "signature" in value:
        closed({"signature": _drand_signature})(value, where)
    elif "groups" in value:
        closed({"groups": list_of(list_of(count))})(value, where)
    else:
        closed({"rolls": list_of(count)})(value, where)


def _drand_signature(value: Any, where: str) -> None:
    check_type(value, str, where)
    if not _SIGNATURE.fullmatch(value):
        raise BadHexError(where=where, value=value)


def _public_key(value: Any, where: str) -> None:
    check_type(value, str, where)
    if not is_public_key(value):
        raise BadConstantError(where=where, value=value)


def _subject_or_commitment(value: Any, where: str) -> None:
    if not is_id(value):
        digest(value, where)


def _entry(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return closed({"type": text, "at": moment, **required}, optional)


_PLAN: Final[Mapping[str, Check]] = {"draw": token, "plan_hash": digest}
ENTRIES: Final[Mapping[str, Check]] = {
    "key": _entry(
        {"person": token, "name": text, "role": token, "body": token, "key": _public_key}, {"until": moment}
    ),
    "plan": _entry({**_PLAN, "issuer": token, "seq": number}),
    "observed": _entry({**_PLAN, "n": count, "value": observed_value}),
    "beacon": _entry({**_PLAN, "beacon": text}),
    "result": _entry({**_PLAN, "result_root": digest, "count": count, "empty_seats": count}),
    "open": _entry({**_PLAN, "secrets": SECRETS, "keys": KEYS}),
    "list": _entry({"what": one_of("annual_plan", "item_list", "rule_set"), "name": token, "digest": digest}),
    "replace": _entry(
        {
            **_PLAN,
            "n": number,
            "what": one_of("subject", "inspector", "direct"),
            "reason": token,
            "old": digest,
            "commitment": digest,
        }
    ),
    "void": _entry({**_PLAN, "reason": token}, {"would_be_root": digest}),
    "outcome": _entry({**_PLAN, "subject": _subject_or_commitment, "digest": digest}),
    "note": _entry({"text": text}),
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
        BadEntryError: `reason` names the rule and the member.
    """
    kind = entry.get("type") if type(entry) is dict else None
    if type(kind) is not str or kind not in ENTRIES:
        raise BadEntryError(type=repr(kind), reason="unknown type")
    try:
        ENTRIES[kind](entry, kind)
        check_values(entry)
    except ProtocolError as error:
        raise BadEntryError(type=kind, reason=str(error)) from error


def entry_bytes(entry: Record) -> bytes:
    """The leaf data of an entry: its canonical bytes, after check_entry."""
    check_entry(entry)
    return canon(entry)


class LogRules:
    """
    What holds among the entries of a log: feed them in log order, all of them or those of one draw.

    Unique are: plan, beacon, result, open of a plan; (issuer, seq) and (issuer, draw) of plans; `observed`
    for each source and `replace` for each n of a plan; every opened key and every task commitment. `at`
    never falls.
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
        marks = unique_marks(entry)
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


def unique_marks(entry: Record) -> list[tuple[str, ...]]:
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
