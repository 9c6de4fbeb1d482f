"""drand rounds that are due are fetched from relays; what verifies is taken, what does not is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import Record
from doublerandom.draws import beacon, queries
from doublerandom.draws.acts import RelayDistrusted
from doublerandom.draws.beacon.words import DISTRUSTED
from doublerandom.draws.models import RelayWord
from doublerandom.draws.queries import RoundDue
from doublerandom.draws.services.observing import observe
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger.trail import put_on_record

AT_ONCE = 8
"""Rounds for which relays are asked in one turn; the others come with the next."""
log = structlog.get_logger("doublerandom.draws.fetching")


@dataclass(frozen=True)
class Fetched:
    """What became of one source: `taken`, `missing` (no relay has it yet), or `refused` (with code)."""

    draw: str
    n: int
    what: str
    code: str = ""


def fetch_due(session: Session, settings: Settings, at: datetime) -> list[Fetched]:
    """
    Ask the relays for every drand round that is due and missing, and enter what verifies.

    Relays are asked outside of any command, all at once, for `settings.drand_seconds` in all; just after a
    round's time at every call, later with pauses. What an answer is worth is decided offline against the
    pinned key. Answers that no honest relay gives are logged and put on record.

    Returns:
        One for each source that was asked for; nothing without relays. No trouble of the network raises.
    """
    wanted = (
        [each for each in queries.rounds_due(session, at=at) if _is_time(each, at)] if settings.relays else []
    )
    if not wanted:
        return []
    session.rollback()  # nothing was changed; no reader holds the database while the network is waited for
    sources: list[Record] = []
    for each in wanted:
        if each.source not in sources and len(sources) < AT_ONCE:
            sources.append(each.source)
    answers = beacon.ask(settings.relays, sources, seconds=settings.drand_seconds)
    return [
        _enter(session, each, answers, settings=settings, at=at) for each in wanted if each.source in sources
    ]


def _is_time(due: RoundDue, at: datetime) -> bool:
    return due.asked_at is None or at - due.asked_at >= beacon.pause_after(due.published, at)


def _enter(
    session: Session, due: RoundDue, answers: Sequence[beacon.Answer], *, settings: Settings, at: datetime
) -> Fetched:
    """Keep what was said about one source, and take its value where one verified."""
    said = [answer for answer in answers if answer.source == due.source]
    _keep(session, due, said, at)
    value = next((answer.value for answer in said if answer.value is not None), None)
    if value is None or _came(session, due):
        return Fetched(due.draw, due.n, "missing" if value is None else "taken")
    try:
        observe(session, due.draw, n=due.n, value=value, settings=settings, by="system", at=at)
    except DoubleRandomError as error:
        return Fetched(due.draw, due.n, "refused", error.code)
    return Fetched(due.draw, due.n, "taken")


def _came(session: Session, due: RoundDue) -> bool:
    """Whether somebody entered the value while the relays were asked."""
    return queries.source(session, queries.draw(session, due.draw), due.n).seen is not None


def _keep(session: Session, due: RoundDue, said: Sequence[beacon.Answer], at: datetime) -> None:
    """One row for each word of each relay; a new word of distrust goes on record."""
    with transaction(session):
        queries.draw_for_update(session, due.draw)
        for answer in said:
            word = answer.word.value
            row = queries.relay_word(session, due.draw_id, due.n, answer.relay, word)
            if row is not None:
                row.last_at, row.times = at, row.times + 1
                session.add(row)
                continue
            told = RelayWord(
                draw_id=due.draw_id, n=due.n, relay=answer.relay, word=word, first_at=at, last_at=at
            )
            session.add(told)
            if answer.word in DISTRUSTED:
                log.warning("relay distrusted", draw=due.draw, n=due.n, relay=answer.relay, word=word)
                put_on_record(
                    session, RelayDistrusted(due.draw, due.n, answer.relay, word), by="system", at=at
                )
