"""The head of the audit trail, once a day in the public log: cutting the trail's end then shows."""

import re
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger import log, queries
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.models import LogMark

_TEXT: Final = "审计记录至 {day}：第 {number} 条，散列 {hash} / audit trail at act {number}"
_TOLD: Final = re.compile(r"审计记录至 \d{4}-\d\d-\d\d：第 (\d{1,18}) 条，散列 ([0-9a-f]{64}) / .*")


def note_trail_head(session: Session, settings: Settings, at: datetime) -> int | None:
    """
    Write number and hash of the trail's newest act into the public log, once for each local day.

    A mark of the log, unique in the schema, holds the day: whoever comes second finds it done.

    Returns:
        The entry's index; None where today's stands there already, or the trail is empty.
    """
    day = clock.local(at).date().isoformat()
    mark = f"trail_head|{day}"
    if session.get(LogMark, mark) is not None:
        return None
    with transaction(session):
        lock_evidence(session)
        head = queries.last_act(session)
        if head is None or session.get(LogMark, mark) is not None:
            return None
        text = _TEXT.format(day=day, number=head.id, hash=head.hash)
        index = log.append(session, {"type": "note", "text": text}, settings=settings, at=at)
        session.add(LogMark(mark=mark, index=index))
    return index


def told_head(entry: dict[str, Any]) -> tuple[int, str] | None:
    """Number and hash of the act that a note tells as the trail's head; None for any other entry."""
    match = _TOLD.fullmatch(entry["text"]) if entry["type"] == "note" else None
    return (int(match[1]), match[2]) if match else None


def trail_keeps(session: Session, entry: dict[str, Any]) -> bool:
    """Whether the trail still holds what a note of its head tells; True for any other entry."""
    told = told_head(entry)
    return told is None or queries.act_hash(session, told[0]) == told[1]
