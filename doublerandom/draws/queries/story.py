"""The timeline of a draw."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from doublerandom.dr1.canon import Record, parse_time
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.queries.records import beacon_at
from doublerandom.ledger import queries as ledger


@dataclass(frozen=True)
class Event:
    """
    One step of a draw's timeline.

    `kind`: committed, due, observed, beacon, result, open, outcome, replace, void, failed, reveal. `index` is
    the entry's place in the public log, -1 where there is none; `done` is False for what is still to come.
    """

    kind: str
    at: datetime
    index: int = -1
    done: bool = True
    entry: Record | None = None


def timeline(session: Session, draw: Draw, *, at: datetime) -> list[Event]:
    """What happened to a public draw and what is to come, in order of time; names nobody too early."""
    kinds = {"plan": "committed"}
    events = [
        Event(kinds.get(entry["type"], entry["type"]), parse_time(entry["at"]), index, entry=entry)
        for index, entry in ledger.entries_of_draw(session, draw.number)
    ]
    if draw.rehearsal:
        events += _rehearsed(session, draw)
    if draw.status is DrawStatus.FAILED and draw.ended_at:
        events.append(Event("failed", draw.ended_at))
    events.append(Event("due", draw.due, done=draw.due <= at))
    if draw.revealed_at is None and draw.status in {DrawStatus.COMMITTED, DrawStatus.DRAWN}:
        events.append(Event("reveal", draw.reveal_by, done=False))
    return sorted(events, key=lambda event: (event.at, event.index if event.index >= 0 else -1))


def _rehearsed(session: Session, draw: Draw) -> list[Event]:
    """The steps of a rehearsal, which is in no log."""
    steps = [
        ("committed", draw.committed_at),
        ("beacon", beacon_at(session, draw)),
        ("result", draw.drawn_at),
        ("open", draw.revealed_at),
        ("void", draw.ended_at if draw.status is DrawStatus.VOIDED else None),
    ]
    return [Event(kind, at) for kind, at in steps if at is not None]
