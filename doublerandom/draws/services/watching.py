"""The watch over draws: the worker is seen, what it fails at is counted, alarms are raised and resolved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from doublerandom.accounts import services as messages
from doublerandom.db import transaction
from doublerandom.dr1.canon import format_time
from doublerandom.draws import queries
from doublerandom.draws.acts import AlarmRaised, AlarmResolved, WorkerWasSilent
from doublerandom.draws.models import Alarm, AlarmKind, Draw, DrawStatus, Heartbeat, JobError
from doublerandom.draws.queries.watch import WORKER, Standing
from doublerandom.draws.services import notices
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.trail import put_on_record

SEEN_EVERY: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=1)
ALARMS: Final = "/desk/draws/alarms"


@dataclass(frozen=True)
class Watched:
    """What one look changed: an alarm `raised` or `resolved`; `draw` is empty for the worker's own."""

    draw: str
    what: str
    kind: str


def beat(session: Session, *, worker: str, started_at: datetime, at: datetime) -> list[Watched]:
    """
    Note that the worker runs, at most twice a minute.

    Where none was seen while something was due, everybody who watches hears of it, and it is on record.
    """
    last = queries.heartbeat(session)
    if last and last.worker == worker and timedelta(0) <= at - last.seen_at < SEEN_EVERY:
        return []
    with transaction(session):
        lock_evidence(session)
        since = queries.silent_since(session, at=at) if last else None
        row = queries.heartbeat(session) or Heartbeat(
            name=WORKER, worker=worker, started_at=started_at, seen_at=at
        )
        row.worker, row.started_at, row.seen_at = worker, started_at, max(row.seen_at, at)
        session.add(row)
        if since is not None:
            _tell_silence(session, since, at=at)
    return [Watched("", "raised", AlarmKind.WORKER_SILENT)] if since else []


def _tell_silence(session: Session, since: datetime, *, at: datetime) -> None:
    """An alarm that is over as it is raised: the worker that says so runs again."""
    overdue = queries.overdue(session, at=at)
    people = {person for row in overdue for person in notices.watchers(session, row, at=at)}
    told = messages.send(
        session,
        to=people,
        kind="alarm_worker_silent",
        params={"since": since.isoformat()},
        url=ALARMS,
        at=at,
        key=f"worker|{format_time(since)}",
    )
    alarm = Alarm(kind=AlarmKind.WORKER_SILENT, since=since, raised_at=at, told=told, resolved_at=at)
    session.add(alarm)
    act = WorkerWasSilent(WORKER, format_time(since), format_time(at), len(told))
    put_on_record(session, act, by="system", at=at)


def note_error(session: Session, number: str, *, step: str, code: str, at: datetime) -> JobError:
    """Count that the worker failed at a step of a draw."""
    with transaction(session):
        draw = queries.draw_for_update(session, number)
        assert draw.id is not None
        row = queries.open_error(session, draw)
        if row is None:
            row = JobError(draw_id=draw.id, step=step, code=code, first_at=at, last_at=at)
        else:
            row.step, row.code, row.times, row.last_at = step, code, row.times + 1, at
        session.add(row)
    return row


def pausing(session: Session, *, at: datetime) -> set[int]:
    """
    The draws (their rows) that the worker leaves alone for now, since it failed at them.

    Five seconds after the first time, then twice as long, up to a minute.
    """
    return {
        row.draw_id for row in queries.open_errors(session) if timedelta(0) <= at - row.last_at < _pause(row)
    }


def _pause(error: JobError) -> timedelta:
    return min(timedelta(seconds=5 * 2 ** min(error.times - 1, 4)), LONGEST_PAUSE)


def watch(session: Session, *, at: datetime) -> list[Watched]:
    """
    Compare what is wrong with the alarms that are raised: raise what is new, resolve what a later fact ended.

    Alarms go to planners, supervisors, administrators and overseers of the draw's body and those above it,
    and to its signers.
    Who has to enter a value hears of it an hour before, and at the hour. Done again it changes nothing.
    """
    _end_errors(session, at)
    wrong = {(one.draw.id, one.kind): one for one in queries.standing(session, at=at)}
    raised = {(alarm.draw_id, alarm.kind): (alarm, draw) for alarm, draw in queries.open_alarms(session)}
    found = [_resolve(session, *raised[key], at=at) for key in raised if key not in wrong]
    found += [_raise(session, wrong[key], at=at) for key in wrong if key not in raised]
    _tell_awaited(session, at)
    return found


def _raise(session: Session, one: Standing, *, at: datetime) -> Watched:
    draw, kind = one.draw, one.kind
    number, params = draw.number, _facts(one)
    with transaction(session):
        lock_evidence(session)
        told = messages.send(
            session,
            to=notices.watchers(session, draw, at=at),
            kind=f"alarm_{kind}",
            params=params,
            url=ALARMS,
            at=at,
            key=f"alarm|{number}|{kind}|{format_time(one.since)}",
        )
        session.add(Alarm(draw_id=draw.id, kind=kind, since=one.since, raised_at=at, told=told))
        act = AlarmRaised(number, kind, format_time(one.since), len(told))
        put_on_record(session, act, by="system", at=at)
    return Watched(number, "raised", kind)


def _facts(one: Standing) -> dict[str, str | int]:
    """The facts of an alarm's sentence."""
    draw = one.draw
    facts: dict[str, str | int] = {"draw": draw.number, "due": draw.due.isoformat()}
    facts["result_by"] = draw.result_by.isoformat()
    if one.error is not None:
        facts["count"] = one.error.times
    return facts


def _resolve(session: Session, alarm: Alarm, draw: Draw, *, at: datetime) -> Watched:
    number, kind = draw.number, alarm.kind
    with transaction(session):
        lock_evidence(session)
        alarm.resolved_at = at
        session.add(alarm)
        put_on_record(session, AlarmResolved(number, kind, format_time(alarm.raised_at)), by="system", at=at)
    return Watched(number, "resolved", kind)


def _end_errors(session: Session, at: datetime) -> None:
    """Close what the worker failed at and what was done since, by whomever."""
    over = [row for row in queries.open_errors(session) if not _still_to_do(session, row)]
    if over:
        with transaction(session):
            for row in over:
                row.ended_at = at
                session.add(row)


def _still_to_do(session: Session, error: JobError) -> bool:
    draw = session.get_one(Draw, error.draw_id)
    if error.step == "run":
        return draw.status is DrawStatus.COMMITTED
    if error.step == "revealed":
        return draw.status is DrawStatus.DRAWN
    return draw.revealed_at is None


def _tell_awaited(session: Session, at: datetime) -> None:
    """Tell of each draw whose values are missing, once an hour before `due` and once at it."""
    for draw in queries.wait_for_values(session, at=at):
        waiting = queries.awaited(session, draw, at=at)
        if len(waiting):
            notices.tell_awaited(session, draw, waiting, at=at)
