"""Checkpoints as pages show them: with their witnesses; one that somebody kept held against the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.canon import canon
from doublerandom.dr1.checkpoints import BadCheckpointError, parse_checkpoint, verify_checkpoint
from doublerandom.ledger import keys
from doublerandom.ledger import outside_queries as outside
from doublerandom.ledger import queries as ledger


@dataclass(frozen=True)
class CheckpointRow:
    """A signed tree head and who outside the office saw it: (name, when), and the time of its stamp."""

    size: int
    root: str
    at: datetime
    note: str
    witnesses: tuple[tuple[str, datetime], ...]
    stamped_at: datetime | None


@dataclass(frozen=True)
class Verdict:
    """
    What a checkpoint that somebody kept says of the log.

    `code`: consistent, rewritten (another root of that size), shrunk (the log is smaller now), foreign (of
    another log), forged (not signed by this log's key), malformed. `kept` and `now`: the roots compared.
    """

    code: str
    size: int = 0
    kept: str = ""
    now: str = ""

    @property
    def good(self) -> bool:
        """Whether the log still has everything that it had then."""
        return self.code == "consistent"


def rows(session: Session, found: Sequence[Any]) -> list[CheckpointRow]:
    """The checkpoints with their witnesses and stamps, in their order."""
    sizes = [row.size for row in found]
    lines, stamps = outside.cosignatures(session, sizes), outside.stamps(session, sizes)
    return [
        CheckpointRow(
            row.size,
            row.root,
            row.at,
            row.note + "".join(line.line for line in lines.get(row.size, [])),
            tuple((line.key.split("+", 1)[0], line.signed_at) for line in lines.get(row.size, [])),
            stamps[row.size].stamped_at if row.size in stamps else None,
        )
        for row in found
    ]


def row(session: Session, found: Any | None) -> CheckpointRow | None:
    """One checkpoint; None where there is none."""
    return rows(session, [found])[0] if found is not None else None


def compared(session: Session, text: str, settings: Settings) -> Verdict:
    """The verdict on a pasted checkpoint; browsers' line ends and blanks around it do not matter."""
    note = "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
    try:
        told = parse_checkpoint(note)
    except BadCheckpointError:
        return Verdict("malformed")
    if told.origin != settings.log_origin:
        return Verdict("foreign", told.size)
    try:
        key = bytes.fromhex(keys.log_public_hex(settings))
        verify_checkpoint(note, origin=settings.log_origin, public_key=key)
    except BadCheckpointError:
        return Verdict("forged", told.size)
    if not 0 < told.size <= ledger.log_size(session):
        return Verdict("shrunk", told.size, told.root.hex())
    now = ledger.root_at(session, told.size)
    return Verdict("consistent" if now == told.root.hex() else "rewritten", told.size, told.root.hex(), now)


def canonical(value: Any) -> Response:
    """An object as its canonical bytes."""
    return Response(canon(value), content_type="application/json; charset=utf-8")
