"""The public log: appends one canonical entry, the subtrees it completes, and a signed checkpoint."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.canon import format_time
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.log import (
    BadCheckpointError,
    entry_bytes,
    sign_checkpoint,
    unique_marks,
    verify_checkpoint,
)
from doublerandom.dr1.merkle import leaf_hash
from doublerandom.ledger import queries, tree
from doublerandom.ledger.errors import (
    LogEntryRefusedError,
    LogEntryRepeatedError,
    LogRangeError,
    PlanNotLoggedError,
    WrongLogKeyError,
)
from doublerandom.ledger.keys import log_key, log_public_hex
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.models import Checkpoint, LogEntry, LogMark, LogNode


def append(session: Session, entry: dict[str, Any], *, settings: Settings, at: datetime) -> int:
    """
    Append one entry to the public log, in the caller's transaction, and sign the new tree head.

    Args:
        session: Inside `transaction()`.
        entry: `type` and the members of section 10 of docs/protocol.md; `at` is added here.
        settings: Name the log's origin and where its key lies.
        at: When it happened; where the log already holds a later time, that one is written: `at` never falls.

    Returns:
        The entry's index, from 0 without gap.

    Raises:
        LogEntryRefusedError: A member is missing, unknown or of another kind.
        LogEntryRepeatedError: The log holds it already: a second plan, beacon, result or open of one plan, a
            second plan of one (issuer, seq) or (issuer, draw), an opened key or a task commitment again.
        PlanNotLoggedError: It names a plan that is not in the log under this draw number.
        WrongLogKeyError: The settings give another key or origin than the log was begun with.
        RuntimeError: Called outside a command.
    """
    lock_evidence(session)
    session.flush()
    last = queries.last_entry(session)
    index = last.index + 1 if last else 0
    moment = at.replace(microsecond=0)
    moment = max(moment, last.at) if last else moment
    dated = {**entry, "at": format_time(moment)}
    data = _checked_bytes(dated)
    marks = ["|".join(mark) for mark in unique_marks(dated)]
    _refuse_repetition(session, marks)
    _refuse_unknown_plan(session, dated)
    leaf = leaf_hash(data)
    row = LogEntry(
        index=index,
        type=dated["type"],
        at=moment,
        draw=dated.get("draw", ""),
        entry=data.decode(),
        leaf_hash=leaf.hex(),
    )
    session.add(row)
    session.flush()  # the marks' foreign key wants the entry first
    session.add_all(LogMark(mark=mark, index=index) for mark in marks)
    _grow_tree(session, index, leaf, settings=settings, at=moment)
    session.flush()
    return index


def extract(session: Session, indexes: Iterable[int], *, settings: Settings) -> dict[str, Any]:
    """
    Entries with their proofs under the newest checkpoint, as a bundle's log.json has them (section 12).

    Args:
        session: Reads only.
        indexes: Which entries; they come out ascending, each once.
        settings: Name the log's origin and its key.

    Raises:
        LogRangeError: The log has no such entry, or none at all.
    """
    head = queries.latest_checkpoint(session)
    if head is None:
        raise LogRangeError(size=0)
    entries = [
        {
            "index": index,
            "entry": queries.entry(session, index),
            "proof": queries.inclusion_proof(session, index, head.size),
        }
        for index in sorted(set(indexes))
    ]
    key = log_public_hex(settings)
    return {"origin": settings.log_origin, "key": key, "checkpoint": head.note, "entries": entries}


def _checked_bytes(entry: dict[str, Any]) -> bytes:
    try:
        return entry_bytes(entry)
    except ProtocolError as error:
        raise LogEntryRefusedError(type=str(entry.get("type", "")), member=str(error)) from error


def _refuse_repetition(session: Session, marks: list[str]) -> None:
    for mark in marks:
        if (known := session.get(LogMark, mark)) is not None:
            raise LogEntryRepeatedError(what=mark, index=known.index)
    if len(set(marks)) < len(marks):
        raise LogEntryRepeatedError(what="|".join(marks), index=-1)


def _refuse_unknown_plan(session: Session, entry: dict[str, Any]) -> None:
    """Whatever names a plan comes after it, under its draw number."""
    if entry["type"] == "plan" or "plan_hash" not in entry:
        return
    mark = session.get(LogMark, f"plan|{entry['plan_hash']}")
    if mark is None or queries.entry(session, mark.index)["draw"] != entry["draw"]:
        raise PlanNotLoggedError(draw=entry["draw"], plan_hash=entry["plan_hash"])


def _grow_tree(session: Session, index: int, leaf: bytes, *, settings: Settings, at: datetime) -> None:
    """Store the subtrees that the leaf completes, sign the head over all leaves: one query, O(log n) rows."""
    known = queries.nodes(session, tree.peaks((0, index)))
    grown = tree.grow(index, leaf, known)
    for (level, position), value in grown:
        session.add(LogNode(level=level, index=position, hash=value.hex()))
    known.update(grown)
    root = tree.fold([known[node] for node in tree.peaks((0, index + 1))])
    session.add(_signed_head(session, index + 1, root, settings=settings, at=at))


def _signed_head(session: Session, size: int, root: bytes, *, settings: Settings, at: datetime) -> Checkpoint:
    """The new checkpoint, by the key that signed the one before."""
    key, origin = log_key(settings), settings.log_origin
    if (before := queries.latest_checkpoint(session)) is not None:
        try:
            verify_checkpoint(before.note, origin=origin, public_key=key.public_key().public_bytes_raw())
        except BadCheckpointError as error:
            raise WrongLogKeyError(origin=origin, size=before.size) from error
    return Checkpoint(size=size, root=root.hex(), at=at, note=sign_checkpoint(origin, size, root, key))
