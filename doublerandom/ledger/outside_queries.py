"""What others say of our log (cosignatures, stamps), and what we said of theirs, always in order."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, func, select

from doublerandom.ledger.models import Checkpoint, LogEntry
from doublerandom.ledger.outside_models import (
    Cosignature,
    OutsideFailure,
    TimeStamp,
    WitnessedHead,
    WitnessedLog,
    WitnessRefusal,
)

CLOCKS_APART: Final = timedelta(days=1)
"""How far another's clock may be behind ours, so that what it signed is looked for in a short span."""


@dataclass(frozen=True)
class Evidence:
    """A checkpoint that somebody outside the office saw: with lines of witnesses, or a stamp, or both."""

    size: int
    note: str
    stamp: str


# --- our log, seen by others ---------------------------------------------------------------------------


def cosignatures(session: Session, sizes: Collection[int]) -> dict[int, list[Cosignature]]:
    """The cosignatures of these sizes, by size, in the order they came."""
    found: dict[int, list[Cosignature]] = defaultdict(list)
    statement = select(Cosignature).where(col(Cosignature.size).in_(sorted(sizes)))
    for row in session.exec(statement.order_by(col(Cosignature.id))):
        found[row.size].append(row)
    return found


def note_with_witnesses(session: Session, checkpoint: Checkpoint) -> str:
    """The checkpoint with a further line of each witness that signed it."""
    lines = cosignatures(session, [checkpoint.size]).get(checkpoint.size, [])
    return checkpoint.note + "".join(row.line for row in lines)


def last_cosignature(session: Session, key: str) -> Cosignature | None:
    """The largest of our checkpoints that this witness signed."""
    statement = select(Cosignature).where(Cosignature.key == key)
    return session.exec(statement.order_by(col(Cosignature.size).desc()).limit(1)).first()


def witness_keys(session: Session) -> list[str]:
    """The keys of all who ever cosigned, in order of the key."""
    return list(session.exec(select(Cosignature.key).distinct().order_by(Cosignature.key)))


def stamps(session: Session, sizes: Collection[int]) -> dict[int, TimeStamp]:
    """The stamps of these sizes, by size."""
    statement = select(TimeStamp).where(col(TimeStamp.size).in_(sorted(sizes)))
    return {row.size: row for row in session.exec(statement.order_by(col(TimeStamp.size)))}


def last_stamp(session: Session) -> TimeStamp | None:
    """The stamp of the largest checkpoint."""
    return session.exec(select(TimeStamp).order_by(col(TimeStamp.size).desc()).limit(1)).first()


def last_plan_index(session: Session) -> int:
    """Where the newest plan stands in the log, -1 where there is none."""
    found = session.exec(select(func.max(LogEntry.index)).where(LogEntry.type == "plan")).one()
    return -1 if found is None else found


def last_failure(session: Session, asked: str) -> OutsideFailure | None:
    """The last time this witness or server gave nothing."""
    statement = select(OutsideFailure).where(OutsideFailure.asked == asked)
    return session.exec(statement.order_by(col(OutsideFailure.id).desc()).limit(1)).first()


def failures_since(session: Session, asked: str, since: datetime | None) -> int:
    """How often it gave nothing after a time (None: ever)."""
    statement = select(func.count()).where(col(OutsideFailure.asked) == asked)
    if since is not None:
        statement = statement.where(col(OutsideFailure.at) > since)
    return session.exec(statement).one()


def checkpoints_page(
    session: Session, *, before: int | None, limit: int, kept: bool = False
) -> Sequence[Checkpoint]:
    """Signed tree heads smaller than `before`, the largest first; `kept`: those that somebody outside saw."""
    statement = select(Checkpoint)
    if before is not None:
        statement = statement.where(col(Checkpoint.size) < before)
    if kept:
        seen = select(Cosignature.size).union(select(TimeStamp.size))
        statement = statement.where(col(Checkpoint.size).in_(seen))
    return session.exec(statement.order_by(col(Checkpoint.size).desc()).limit(limit)).all()


def evidence_for(session: Session, index: int, *, before: datetime) -> Evidence | None:
    """
    The checkpoint that best shows that the entry at `index` was known outside the office before a time.

    Of those that cover the entry and were signed or stamped in time: the one with most witnesses, then the
    one with a stamp, then the smallest. Lines and stamps that came too late are left out.
    """
    since = session.get_one(LogEntry, index).at - CLOCKS_APART
    lines: dict[int, list[str]] = defaultdict(list)
    cosigned = select(Cosignature).where(
        col(Cosignature.size) > index, col(Cosignature.signed_at).between(since, before)
    )
    for row in session.exec(cosigned.order_by(col(Cosignature.id))):
        if row.signed_at < before:
            lines[row.size].append(row.line)
    stamped = select(TimeStamp).where(
        col(TimeStamp.size) > index, col(TimeStamp.stamped_at).between(since, before)
    )
    found = session.exec(stamped.order_by(col(TimeStamp.id)))
    answers = {row.size: row.answer for row in found if row.stamped_at < before}
    sizes = lines.keys() | answers.keys()
    if not sizes:
        return None
    size = min(sizes, key=lambda size: (-len(lines.get(size, ())), size not in answers, size))
    checkpoint = session.get_one(Checkpoint, size)
    return Evidence(size, checkpoint.note + "".join(lines.get(size, ())), answers.get(size, ""))


# --- logs of others, seen by us ------------------------------------------------------------------------


def witnessed_log(session: Session, origin: str) -> WitnessedLog | None:
    """The log of this origin, while we witness it."""
    statement = select(WitnessedLog).where(
        WitnessedLog.origin == origin, col(WitnessedLog.ended_at).is_(None)
    )
    return session.exec(statement.order_by(col(WitnessedLog.id))).one_or_none()


def witnessed_logs(session: Session) -> list[WitnessedLog]:
    """All logs that we witness or witnessed, by origin and time."""
    statement = select(WitnessedLog).order_by(col(WitnessedLog.origin), col(WitnessedLog.id))
    return list(session.exec(statement))


def witnessed_head(session: Session, origin: str) -> WitnessedHead | None:
    """The largest tree head of this origin that we cosigned."""
    statement = select(WitnessedHead).where(WitnessedHead.origin == origin)
    return session.exec(statement.order_by(col(WitnessedHead.size).desc()).limit(1)).first()


def witnessed_head_of_size(session: Session, origin: str, size: int) -> WitnessedHead | None:
    """The tree head of this origin and size, if we cosigned one."""
    statement = select(WitnessedHead).where(WitnessedHead.origin == origin, WitnessedHead.size == size)
    return session.exec(statement.order_by(col(WitnessedHead.id))).one_or_none()


def refusals(session: Session) -> list[WitnessRefusal]:
    """The forks that we refused to cosign, all of them, the newest first."""
    return list(session.exec(select(WitnessRefusal).order_by(col(WitnessRefusal.id).desc())))


def fork_at(session: Session, origin: str, size: int) -> WitnessRefusal | None:
    """The first second root of this size that was refused, if one is on record."""
    statement = select(WitnessRefusal).where(WitnessRefusal.origin == origin, WitnessRefusal.size == size)
    return session.exec(statement.order_by(col(WitnessRefusal.id)).limit(1)).first()
