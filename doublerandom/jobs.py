"""What is due is done: draws run, overdue ones fail, others open; by one process, safe to start twice."""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

import click
import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.db import make_engine
from doublerandom.dr1.errors import ProtocolError
from doublerandom.draws import queries, services
from doublerandom.draws.errors import RandomnessMissingError, TooLateToDrawError, WrongDrawStateError
from doublerandom.draws.models import DrawStatus
from doublerandom.draws.pools import sweep
from doublerandom.errors import DoubleRandomError
from doublerandom.registry import services as registry

_LEADER = 0x6472_6A6F_6273  # "drjobs": any fixed number will do
EVERY_SECONDS = 5
INDEXED_AT_ONCE = 25_000

log = structlog.get_logger("doublerandom.jobs")


@dataclass(frozen=True)
class Done:
    """One thing done for a draw: `run`, `failed`, `shown` (would-be), `revealed`, `error` (with code)."""

    draw: str
    what: str
    code: str = ""


def run_due(session: Session, settings: Settings, at: datetime) -> list[Done]:
    """
    Do all that is due, one command for each draw: what stops one does not stop the others.

    Draws whose randomness and secrets are in run from `due` on; those too late fail; what voided and failed
    draws would have drawn is shown; drawn ones open at `reveal_by` or when every visit is done. Done again,
    it finds nothing to do: a draw executes once whoever meets whom.
    """
    done = []
    for number in [row.number for row in queries.awaiting(session, DrawStatus.COMMITTED) if row.due <= at]:
        done += _attempt(
            session, number, "run", partial(services.run, session, number, settings=settings, at=at)
        )
    done += [Done(number, "failed") for number in services.fail_overdue(session, at=at)]
    for number in [row.number for row in queries.ended_unshown(session)]:
        done += _attempt(session, number, "shown", partial(_show, session, number, settings, at))
    for number in [row.number for row in queries.awaiting(session, DrawStatus.DRAWN)]:
        if services.may_reveal(session, queries.draw(session, number), at):
            reveal = partial(services.reveal, session, number, settings=settings, at=at)
            done += _attempt(session, number, "revealed", reveal)
    return done


class _NothingToShowError(Exception):
    """The randomness of an ended draw is not known yet."""


def _show(session: Session, number: str, settings: Settings, at: datetime) -> None:
    if not services.show_would_be(session, number, settings=settings, at=at):
        raise _NothingToShowError


def _attempt(session: Session, number: str, what: str, command: Callable[[], object]) -> list[Done]:
    """Run one command; waiting for randomness, or somebody else having been faster, is nothing to report."""
    try:
        command()
    except (RandomnessMissingError, WrongDrawStateError, _NothingToShowError):
        return []
    except TooLateToDrawError:
        return [Done(number, "failed")]
    except (DoubleRandomError, ProtocolError) as error:
        return [Done(number, "error", error.code)]
    except Exception:  # a disk that fails at one draw must not stop the others
        log.exception("job failed", draw=number, done=what)
        session.rollback()
        return [Done(number, "error", "unexpected")]
    return [Done(number, what)]


class Leadership(Protocol):
    """Whether this process is the one that works."""

    def held(self) -> bool:
        """Take the lead if nobody has it; whether it is ours now."""

    def release(self) -> None:
        """Give the lead up."""


class FileLeadership:
    """On SQLite: a locked file beside the database; the lock ends with the process."""

    def __init__(self, settings: Settings) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(settings.data_dir / "jobs.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def held(self) -> bool:
        """Lock the file without waiting; locking what is ours already succeeds."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Close the file; another process may take the lead at once."""
        os.close(self._descriptor)


class AdvisoryLeadership:
    """On PostgreSQL: an advisory lock of one connection; it ends with the connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def held(self) -> bool:
        """Whether our connection lives and holds the lock; a lost one is made anew."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self.release()
            else:
                return True
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LEADER}).scalar_one():
            self._connection = connection
            return True
        connection.close()
        return False

    def release(self) -> None:
        """Give the lock back and close the connection for good; a dead one has lost its lock anyway."""
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LEADER})
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def leadership(engine: Engine, settings: Settings) -> Leadership:
    """The kind of lead that fits the database."""
    return AdvisoryLeadership(engine) if engine.dialect.name == "postgresql" else FileLeadership(settings)


def tick(engine: Engine, settings: Settings, lead: Leadership, at: datetime) -> list[Done]:
    """One turn of the loop: nothing unless we lead; every thing done is logged."""
    if not lead.held():
        return []
    with Session(engine) as session:
        done = run_due(session, settings, at)
        _keep_the_registry(session, at)
    for one in done:
        (log.error if one.what == "error" else log.info)("job", draw=one.draw, done=one.what, code=one.code)
    return done


def _keep_the_registry(session: Session, at: datetime) -> None:
    """Go on with bulk acts, and index subjects for the search, some at a time: draws are waiting too."""
    try:
        reached = registry.carry_on_bulk_acts(session, at=at)
        indexed = registry.index_subjects(session, most=INDEXED_AT_ONCE)
    except SQLAlchemyError:
        log.exception("job failed", done="registry")
        session.rollback()
        return
    if reached or indexed:
        log.info("registry", bulk=reached, indexed=indexed)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--every", default=EVERY_SECONDS, show_default=True, help="Seconds between two looks.")
def jobs(*, once: bool, every: int) -> None:
    """Do what is due: draw, fail, reveal. Safe to start twice; the second waits for the first to end."""
    from apscheduler.schedulers.blocking import BlockingScheduler

    from doublerandom.logs import configure_logs

    configure_logs()
    settings = Settings()
    sweep(settings, at=clock.now())
    engine = make_engine(settings.resolved_database_url)
    lead = leadership(engine, settings)
    if once:
        for one in tick(engine, settings, lead, clock.now()):
            click.echo(f"{one.draw} {one.what} {one.code}".rstrip())
        lead.release()
        engine.dispose()
        return
    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        lambda: tick(engine, settings, lead, clock.now()),
        "interval",
        seconds=every,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=clock.now(),
    )
    scheduler.start()
