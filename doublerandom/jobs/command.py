"""`doublerandom jobs`: does what is due, again and again, or once."""

import logging
import signal
import sys
from typing import Any, NoReturn

import click
from apscheduler.schedulers.blocking import BlockingScheduler

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.db import make_engine
from doublerandom.draws.pools import sweep
from doublerandom.jobs.duties import DUTIES, Worker, perform
from doublerandom.jobs.leading import leadership
from doublerandom.logs import configure_logs

EVERY_SECONDS = 5


@click.command()
@click.option(
    "--once", is_flag=True, help="Do what is due now, print it, then end; 1 where something failed."
)
@click.option("--every", default=EVERY_SECONDS, show_default=True, help="Seconds between two looks.")
def jobs(*, once: bool, every: int) -> None:
    """Do what is due: draw, fail, reveal. Safe to start twice; the second waits for the first to end."""
    configure_logs()
    settings = Settings()
    sweep(settings, at=clock.now())
    engine = make_engine(settings.resolved_database_url)
    worker = Worker(engine, settings, leadership(engine, settings))
    try:
        failed = _once(worker) if once else _again_and_again(worker, every)
    finally:
        worker.lead.release()
        engine.dispose()
    if failed:
        raise SystemExit(1)


def _once(worker: Worker) -> bool:
    """Do every duty once, in order, and print what was done; whether something failed."""
    if not worker.lead.held():
        click.echo("另一个进程正在处理 / another process does the work", err=True)
        return False
    done = [one for duty in DUTIES for one in perform(worker, duty, clock.now())]
    for one in done:
        click.echo(" ".join(filter(None, (one.draw or "-", one.what, one.code))))
    return any(one.what == "error" for one in done)


def _again_and_again(worker: Worker, every: int) -> bool:
    """Do the duties until the process is told to end; each waits for itself alone."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BlockingScheduler(timezone="UTC")
    _plan(scheduler, worker, every)
    signal.signal(signal.SIGTERM, _end)
    try:
        scheduler.start()
    except SystemExit:
        scheduler.shutdown(wait=True)
    return False


def _plan(scheduler: BlockingScheduler, worker: Worker, every: int) -> None:
    for duty in DUTIES:
        scheduler.add_job(
            lambda duty=duty: perform(worker, duty, clock.now()),
            "interval",
            seconds=every * duty.every,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=clock.now(),
        )


def _end(_signal: int, _frame: Any) -> NoReturn:
    """What runs is finished, nothing new begins."""
    sys.exit(0)
