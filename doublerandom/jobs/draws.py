"""What is due for draws: run, fail, show, open; what stops one does not stop the others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.errors import ProtocolError
from doublerandom.draws import queries, services
from doublerandom.draws.errors import RandomnessMissingError, TooLateToDrawError, WrongDrawStateError
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.errors import DoubleRandomError

log = structlog.get_logger("doublerandom.jobs")


@dataclass(frozen=True)
class Done:
    """
    One thing done.

    `what`: `run`, `failed`, `shown` (would-be), `revealed`, `lapsed` (a first signature), `taken` or
    `refused` (a drand round), `raised` or `resolved` (an alarm), `error`; `code` is the error's, or the
    alarm's kind. `draw` is empty for what is the worker's own.
    """

    draw: str
    what: str
    code: str = ""


def run_due(session: Session, settings: Settings, at: datetime) -> list[Done]:
    """
    Do all that is due, one command for each draw.

    Draws whose randomness and secrets are in run from `due` on; those too late fail; what voided and failed
    draws would have drawn is shown; drawn ones open at `reveal_by` or when every visit is done; first
    signatures that another plan overtook lapse. Done again, it finds nothing to do: a draw executes once
    whoever meets whom. What fails at a draw is tried again after a pause, and counted.
    """
    done = []
    for number in _numbers(session, queries.awaiting(session, DrawStatus.COMMITTED), at):
        run = partial(services.run, session, number, settings=settings, at=at)
        done += _attempt(session, number, "run", run, at)
    done += [Done(number, "failed") for number in services.fail_overdue(session, at=at)]
    for number in _numbers(session, queries.ended_unshown(session), at):
        done += _attempt(session, number, "shown", partial(_show, session, number, settings, at), at)
    for number in _numbers(session, queries.awaiting(session, DrawStatus.DRAWN), at):
        if services.may_reveal(session, queries.draw(session, number), at):
            reveal = partial(services.reveal, session, number, settings=settings, at=at)
            done += _attempt(session, number, "revealed", reveal, at)
    return [*done, *(Done(number, "lapsed") for number in services.lapse_overtaken(session, at=at))]


def _numbers(session: Session, rows: list[Draw], at: datetime) -> list[str]:
    """The numbers of draws whose hour has come and that no error makes pause."""
    pausing = services.pausing(session, at=at)
    return [row.number for row in rows if row.due <= at and row.id not in pausing]


class _NothingToShowError(Exception):
    """The randomness of an ended draw is not known yet."""


def _show(session: Session, number: str, settings: Settings, at: datetime) -> None:
    if not services.show_would_be(session, number, settings=settings, at=at):
        raise _NothingToShowError


def _attempt(
    session: Session, number: str, step: str, command: Callable[[], object], at: datetime
) -> list[Done]:
    """Run one command; waiting for randomness, or somebody else having been faster, is nothing to report."""
    try:
        command()
    except (RandomnessMissingError, WrongDrawStateError, _NothingToShowError):
        return []
    except TooLateToDrawError:
        return [Done(number, "failed")]
    except (DoubleRandomError, ProtocolError) as error:
        code = error.code
    except Exception:  # a disk that fails at one draw must not stop the others
        log.exception("job failed", draw=number, step=step)
        code = "unexpected"
    else:
        return [Done(number, step)]
    session.rollback()
    services.note_error(session, number, step=step, code=code, at=at)
    return [Done(number, "error", code)]
