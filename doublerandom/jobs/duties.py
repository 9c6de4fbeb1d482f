"""The duties of the process that leads, each with its own rhythm, so that none waits for another."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import services as accounts
from doublerandom.config import Settings
from doublerandom.draws import services as draws
from doublerandom.jobs.draws import Done, run_due
from doublerandom.jobs.leading import Leadership
from doublerandom.ledger.outside import reach_outside
from doublerandom.registry import services as registry

INDEXED_AT_ONCE: Final = 25_000

log = structlog.get_logger("doublerandom.jobs")


def _name_of_worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Worker:
    """This process as the others know it, and what it works with."""

    engine: Engine
    settings: Settings
    lead: Leadership
    name: str = field(default_factory=_name_of_worker)
    started_at: datetime = field(default_factory=clock.now)


@dataclass(frozen=True)
class Duty:
    """Something to be done again and again: `every` in looks of the worker, so 1 is at each."""

    name: str
    work: Callable[[Worker, Session, datetime], list[Done]]
    every: int = 1


def _draws(worker: Worker, session: Session, at: datetime) -> list[Done]:
    """Say that we are there, do what is due, and look whether anything is wrong."""
    seen = draws.beat(session, worker=worker.name, started_at=worker.started_at, at=at)
    done = run_due(session, worker.settings, at)
    watched = [*seen, *draws.watch(session, at=at)]
    return [*done, *(Done(one.draw, one.what, one.kind) for one in watched)]


def _rounds(worker: Worker, session: Session, at: datetime) -> list[Done]:
    """Ask the relays for drand rounds, outside any transaction; slow ones hold up nobody."""
    fetched = draws.fetch_due(session, worker.settings, at)
    return [Done(one.draw, one.what, one.code) for one in fetched if one.what in {"taken", "refused"}]


def _recusals(worker: Worker, session: Session, at: datetime) -> list[Done]:
    """Ask to replace inspectors whose recusal a head granted since their draw."""
    taken_up = draws.take_up_granted(session, settings=worker.settings, at=at)
    return [Done(number, "recusal") for number in taken_up]


def _registry(worker: Worker, session: Session, at: datetime) -> list[Done]:  # noqa: ARG001 - a duty's signature
    """Go on with bulk acts, and index subjects for the search, some at a time."""
    reached = registry.carry_on_bulk_acts(session, at=at)
    indexed = registry.index_subjects(session, most=INDEXED_AT_ONCE)
    if reached or indexed:
        log.info("registry", bulk=reached, indexed=indexed)
    return []


def _mail(worker: Worker, session: Session, at: datetime) -> list[Done]:
    """Send messages by e-mail, where a mail server is set."""
    told = accounts.send_mail(session, worker.settings, at)
    if any(told.values()):
        log.info("mail", **told)
    return []


def _outside(worker: Worker, session: Session, at: datetime) -> list[Done]:
    """Ask witnesses and stamp servers for evidence from outside the office; who gives none is a warning."""
    for asked in reach_outside(session, worker.settings, at):
        told = log.info if asked.what in {"noted", "cosigned", "stamped"} else log.warning
        told("outside", who=asked.who, size=asked.size, what=asked.what)
    return []


def _drafts(worker: Worker, session: Session, at: datetime) -> list[Done]:  # noqa: ARG001 - a duty's signature
    """Open drafts again whose preparation was killed, so that their planners can go on."""
    if recovered := draws.recover_drafts(worker.engine, worker.settings):
        log.info("drafts", recovered=recovered)
    return []


DUTIES: Final = (
    Duty("rounds", _rounds),
    Duty("draws", _draws),
    Duty("outside", _outside, every=2),
    Duty("recusals", _recusals, every=4),
    Duty("drafts", _drafts, every=2),
    Duty("registry", _registry),
    Duty("mail", _mail, every=4),
)
"""In the order in which one look does them all."""


def perform(worker: Worker, duty: Duty, at: datetime) -> list[Done]:
    """One turn of a duty: nothing unless we lead; what it did is logged, and so is what stopped it."""
    try:
        if not worker.lead.held():
            return []
        with Session(worker.engine) as session:
            done = duty.work(worker, session, at)
    except Exception:  # the database may come back, and the other duties go on
        log.exception("job failed", duty=duty.name)
        return [Done("", "error", f"{duty.name}_stopped")]
    for one in done:
        tell = log.error if one.what in {"error", "raised"} else log.info
        tell("job", duty=duty.name, draw=one.draw, done=one.what, code=one.code)
    return done


def tick(engine: Engine, settings: Settings, lead: Leadership, at: datetime) -> list[Done]:
    """One look at all draws, and nothing else: what the duty `draws` does."""
    duty = next(duty for duty in DUTIES if duty.name == "draws")
    return perform(Worker(engine, settings, lead), duty, at)
