"""What trail and log hold: acts, entries, roots, proofs and checkpoints, always in order."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, tuple_
from sqlmodel import Session, col, func, select

from doublerandom.ledger import tree
from doublerandom.ledger.errors import LogBrokenError, LogRangeError
from doublerandom.ledger.models import Act, Checkpoint, LogEntry, LogNode, PinAttempt, SigningKey, StoredFile

PAGE_LARGEST = 1000
_STREAM = 1000


# --- the trail -----------------------------------------------------------------------------------------


def last_act(session: Session) -> Act | None:
    """The newest act of the trail, None before the first."""
    return session.exec(select(Act).order_by(col(Act.id).desc()).limit(1)).first()


def act_hash(session: Session, number: int) -> str:
    """The stored hash of the act of this number, empty where there is none."""
    return session.exec(select(Act.hash).where(Act.id == number)).one_or_none() or ""


def acts(session: Session) -> Iterator[Act]:
    """All acts by number, as a stream."""
    start = 1
    while page := _page_of_acts(session, start):
        yield from page
        start = page[-1].id + 1


def _page_of_acts(session: Session, start: int) -> Sequence[Act]:
    statement = select(Act).where(col(Act.id) >= start).order_by(col(Act.id))
    return session.exec(statement.limit(_STREAM)).all()


def acts_on(session: Session, kind: str, number: str) -> list[Act]:
    """What was done to one thing, oldest first."""
    statement = select(Act).where(Act.on_kind == kind, Act.on_id == number).order_by(col(Act.id))
    return list(session.exec(statement))


def acted_on_since(session: Session, kind: str, after: int) -> set[str]:
    """The numbers of the things of a kind to which something was done after the act of this number."""
    statement = select(Act.on_id).where(col(Act.id) > after, Act.on_kind == kind).distinct()
    return set(session.exec(statement.order_by(Act.on_id)))


def latest_acts(session: Session, *, limit: int = 50, before: int | None = None) -> list[Act]:
    """The newest acts (older than number `before`), newest first."""
    statement = select(Act).order_by(col(Act.id).desc()).limit(limit)
    return list(session.exec(statement if before is None else statement.where(col(Act.id) < before)))


# --- entries of the public log -------------------------------------------------------------------------


def log_size(session: Session) -> int:
    """How many entries the log has."""
    last = session.exec(select(func.max(LogEntry.index))).one()
    return 0 if last is None else last + 1


def last_entry(session: Session) -> LogEntry | None:
    """The newest entry of the log as its row, None in an empty log."""
    return session.exec(select(LogEntry).order_by(col(LogEntry.index).desc()).limit(1)).first()


def entry(session: Session, index: int) -> dict[str, Any]:
    """The entry at `index` (from 0), or raise LogRangeError."""
    row = session.get(LogEntry, index)
    if row is None:
        raise LogRangeError(index=index, size=log_size(session))
    return entry_of(row)


def entries(session: Session, start: int = 0, end: int | None = None) -> Iterator[dict[str, Any]]:
    """The entries from `start` up to `end` (excluded; None: all there are), as a stream."""
    for row in log_rows(session, start, end):
        yield entry_of(row)


def log_rows(session: Session, start: int = 0, end: int | None = None) -> Iterator[LogEntry]:
    """The same as `entries`, as rows: with index, leaf hash and the canonical text."""
    end = log_size(session) if end is None else end
    while page := _page_of_log(session, start, end):
        yield from page
        start = page[-1].index + 1


def _page_of_log(session: Session, start: int, end: int) -> Sequence[LogEntry]:
    statement = select(LogEntry).where(col(LogEntry.index) >= start, col(LogEntry.index) < end)
    return session.exec(statement.order_by(col(LogEntry.index)).limit(_STREAM)).all()


def log_entries_page(session: Session, start: int, end: int) -> list[dict[str, Any]]:
    """
    What `/log/entries?start=&end=` serves: at most PAGE_LARGEST entries; a later `end` means the log's end.

    Raises:
        LogRangeError: `start` is negative or behind the log's end, or `end` lies before `start`.
    """
    size = log_size(session)
    if not 0 <= start <= size or end < start:
        raise LogRangeError(start=start, end=end, size=size)
    return list(entries(session, start, min(end, size, start + PAGE_LARGEST)))


def log_rows_of_draw(session: Session, number: str) -> list[LogEntry]:
    """The rows of the entries that name this draw number, in log order."""
    return list(session.exec(select(LogEntry).where(LogEntry.draw == number).order_by(col(LogEntry.index))))


def entries_of_draw(session: Session, number: str) -> list[tuple[int, dict[str, Any]]]:
    """The entries that name this draw number, each with its index, in log order."""
    return [(row.index, entry_of(row)) for row in log_rows_of_draw(session, number)]


def key_entries(session: Session, public_keys: Iterable[str]) -> list[tuple[int, dict[str, Any]]]:
    """The `key` entries of these public keys (hex), each with its index, in log order."""
    wanted = set(public_keys)
    rows = session.exec(select(LogEntry).where(LogEntry.type == "key").order_by(col(LogEntry.index)))
    found = [(row.index, entry_of(row)) for row in rows]
    return [(index, known) for index, known in found if known["key"] in wanted]


def list_entries(session: Session, digests: Iterable[str]) -> list[tuple[int, dict[str, Any]]]:
    """The `list` entries of these digests (hex), each with its index, in log order."""
    wanted = set(digests)
    rows = session.exec(select(LogEntry).where(LogEntry.type == "list").order_by(col(LogEntry.index)))
    found = [(row.index, entry_of(row)) for row in rows]
    return [(index, known) for index, known in found if known["digest"] in wanted]


def notes(session: Session) -> Iterator[tuple[int, dict[str, Any]]]:
    """The `note` entries, each with its index, in log order."""
    rows = session.exec(select(LogEntry).where(LogEntry.type == "note").order_by(col(LogEntry.index)))
    for row in rows:
        yield row.index, entry_of(row)


def entry_of(row: LogEntry) -> dict[str, Any]:
    """The entry that a row holds."""
    parsed: dict[str, Any] = json.loads(row.entry)
    return parsed


# --- roots and proofs ----------------------------------------------------------------------------------


def root_at(session: Session, size: int) -> str:
    """The root (hex) of the first `size` entries; one query, O(log n) rows. Empty sizes are refused."""
    _check_size(session, size)
    return _span_roots(session, [(0, size)])[0].hex()


def inclusion_proof(session: Session, index: int, size: int) -> list[str]:
    """The audit path (hex) of entry `index` in the tree of the first `size` entries, from the leaf up."""
    whole = _check_size(session, size)
    if not 0 <= index < size:
        raise LogRangeError(index=index, size=whole)
    return [root.hex() for root in _span_roots(session, tree.inclusion_spans(index, size))]


def consistency_proof(session: Session, first: int, second: int) -> list[str]:
    """The proof (hex) that the first `second` entries extend the first `first`."""
    whole = _check_size(session, second)
    if not 0 < first <= second:
        raise LogRangeError(first=first, second=second, size=whole)
    return [root.hex() for root in _span_roots(session, tree.consistency_spans(first, second))]


def nodes(session: Session, wanted: Iterable[tree.Node]) -> dict[tree.Node, bytes]:
    """The hashes of these stored subtrees, in one query; raise LogBrokenError where one is missing."""
    asked = sorted(set(wanted))
    if not asked:
        return {}
    statement = (
        select(LogNode.level, LogNode.index, LogNode.hash)
        .where(tuple_(col(LogNode.level), col(LogNode.index)).in_(asked))
        .order_by(col(LogNode.level), col(LogNode.index))
    )
    found = {(level, index): bytes.fromhex(value) for level, index, value in session.exec(statement)}
    if len(found) < len(asked):
        raise LogBrokenError(what="node")
    return found


def all_nodes(session: Session, size: int) -> Iterator[tuple[tree.Node, bytes]]:
    """The stored subtrees of the first `size` entries, in the order they were finished, as a stream."""
    for start in range(0, size, _STREAM):
        yield from _nodes_finished(session, start, min(start + _STREAM, size))


def _nodes_finished(session: Session, start: int, end: int) -> list[tuple[tree.Node, bytes]]:
    """The stored subtrees that leaves `start` up to `end` finished: start < (index + 1)·2^level ≤ end."""
    of_level = [
        and_(col(LogNode.level) == level, col(LogNode.index).between(start >> level, (end >> level) - 1))
        for level in range(end.bit_length())
    ]
    statement = select(LogNode.level, LogNode.index, LogNode.hash).where(or_(*of_level))
    found = session.exec(statement.order_by(col(LogNode.level), col(LogNode.index))).all()
    found = sorted(found, key=lambda node: ((node[1] + 1) << node[0], node[0]))
    return [((level, index), bytes.fromhex(value)) for level, index, value in found]


def _span_roots(session: Session, spans: list[tree.Span]) -> list[bytes]:
    parts = [tree.peaks(span) for span in spans]
    known = nodes(session, (node for part in parts for node in part))
    return [tree.fold([known[node] for node in part]) for part in parts]


def _check_size(session: Session, size: int) -> int:
    whole = log_size(session)
    if not 0 < size <= whole:
        raise LogRangeError(asked=size, size=whole)
    return whole


# --- checkpoints, keys, files --------------------------------------------------------------------------


def latest_checkpoint(session: Session) -> Checkpoint | None:
    """The newest signed tree head, None while the log is empty."""
    return session.exec(select(Checkpoint).order_by(col(Checkpoint.size).desc()).limit(1)).first()


def checkpoint(session: Session, size: int) -> Checkpoint:
    """The signed tree head of this size, or raise LogRangeError."""
    row = session.get(Checkpoint, size)
    if row is None:
        raise LogRangeError(asked=size, size=log_size(session))
    return row


def checkpoints(session: Session, size: int) -> Iterator[Checkpoint]:
    """The signed tree heads up to this size, ascending, as a stream."""
    start = 1
    while page := _page_of_checkpoints(session, start, size):
        yield from page
        start = page[-1].size + 1


def _page_of_checkpoints(session: Session, start: int, end: int) -> Sequence[Checkpoint]:
    statement = select(Checkpoint).where(col(Checkpoint.size) >= start, col(Checkpoint.size) <= end)
    return session.exec(statement.order_by(col(Checkpoint.size)).limit(_STREAM)).all()


def signing_keys(session: Session, person: str) -> list[SigningKey]:
    """A person's signing keys, newest first."""
    statement = select(SigningKey).where(SigningKey.person == person).order_by(col(SigningKey.id).desc())
    return list(session.exec(statement))


def pin_attempts_since(session: Session, person: str, since: datetime) -> int:
    """How many attempts to sign with this person's PIN are counted after a time."""
    statement = select(func.count()).where(col(PinAttempt.person) == person, col(PinAttempt.at) > since)
    return session.exec(statement).one()


def stored_file(session: Session, sha256: str) -> StoredFile | None:
    """What is known of a file in the store."""
    return session.get(StoredFile, sha256)
