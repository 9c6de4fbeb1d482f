"""The public log re-computed from its entries alone, and held against what is stored and signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from sqlmodel import Session

from doublerandom.dr1.canon import format_time, parse
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.log import LogRules, check_entry, parse_checkpoint, verify_checkpoint
from doublerandom.dr1.merkle import Accumulator, leaf_hash
from doublerandom.ledger import queries, tree
from doublerandom.ledger.errors import LogBrokenError
from doublerandom.ledger.models import Checkpoint, LogEntry


@dataclass(frozen=True)
class LogAudit:
    """The whole log holds: so many entries, this root (hex; "" for an empty log)."""

    size: int
    root: str


def audit_log(session: Session, *, public_key: str | None = None, origin: str | None = None) -> LogAudit:
    """
    Go through the whole log as a stream: entries, the rules among them, and every signed tree head.

    Args:
        session: Reads only.
        public_key: The log's public key in hex; with `origin`, every checkpoint's signature is checked too.
        origin: The log's origin.

    Raises:
        LogBrokenError: `what` (`number`, `entry`, `rules`, `columns`, `checkpoint`, `node`) is wrong, first
            at `index`, `size` or `node`.
    """
    accumulator, rules = Accumulator(), LogRules()
    size = _size_now(session)
    for row, head in zip_longest(queries.log_rows(session, 0, size), queries.checkpoints(session, size)):
        if row is None or head is None or row.index != accumulator.size or head.size != row.index + 1:
            raise LogBrokenError(what="number", index=accumulator.size)
        accumulator.append(_checked_leaf(row, rules))
        _check_head(head, accumulator.root(), public_key=public_key, origin=origin)
    _check_nodes(session, size)
    return LogAudit(accumulator.size, accumulator.root().hex() if accumulator.size else "")


def _size_now(session: Session) -> int:
    """The size to which all is read, so that what is appended meanwhile disturbs nothing."""
    head = queries.latest_checkpoint(session)
    return max(queries.log_size(session), head.size if head else 0)


def _checked_leaf(row: LogEntry, rules: LogRules) -> bytes:
    """The leaf hash of a row: its text is canonical, its entry holds, and its columns say the same."""
    data = row.entry.encode()
    try:
        entry = parse(data)
        check_entry(entry)
    except ProtocolError as error:
        raise LogBrokenError(what="entry", index=row.index, why=str(error)) from error
    try:
        rules.accept(entry)
    except ProtocolError as error:
        raise LogBrokenError(what="rules", index=row.index, why=str(error)) from error
    leaf = leaf_hash(data)
    columns = (row.type, format_time(row.at), row.draw, row.leaf_hash)
    if columns != (entry["type"], entry["at"], entry.get("draw", ""), leaf.hex()):
        raise LogBrokenError(what="columns", index=row.index)
    return leaf


def _check_head(head: Checkpoint, root: bytes, *, public_key: str | None, origin: str | None) -> None:
    try:
        if public_key is not None and origin is not None:
            told = verify_checkpoint(head.note, origin=origin, public_key=bytes.fromhex(public_key))
        else:
            told = parse_checkpoint(head.note)
    except ProtocolError as error:
        raise LogBrokenError(what="checkpoint", size=head.size, why=str(error)) from error
    if (told.size, told.root, head.root) != (head.size, root, root.hex()):
        raise LogBrokenError(what="checkpoint", size=head.size)


def _check_nodes(session: Session, size: int) -> None:
    """The stored subtrees are exactly those that the leaves give, in the order in which they are finished."""
    for stored, computed in zip_longest(queries.all_nodes(session, size), _computed_nodes(session, size)):
        if stored != computed:
            raise LogBrokenError(what="node", node=stored or computed)


def _computed_nodes(session: Session, size: int) -> Iterator[tuple[tree.Node, bytes]]:
    """Every full subtree of the log, from the entries' texts; O(log n) of them in memory."""
    known: dict[tree.Node, bytes] = {}
    for row in queries.log_rows(session, 0, size):
        grown = tree.grow(row.index, leaf_hash(row.entry.encode()), known)
        yield from grown
        known.update(grown)
        kept = set(tree.peaks((0, row.index + 1)))
        known = {node: value for node, value in known.items() if node in kept}
