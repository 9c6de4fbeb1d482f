"""What is wrong or waited for among draws, computed from the facts themselves; always ordered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from doublerandom.accounts import queries as accounts
from doublerandom.draws import plans
from doublerandom.draws.models import Alarm, AlarmKind, Draw, DrawStatus, Heartbeat, JobError
from doublerandom.draws.queries.records import deposits, observations, plan_of, superseded_by

WORKER: Final = "jobs"
SILENT_AFTER: Final = timedelta(minutes=5)
REPEATS: Final = 3
BEFORE: Final = timedelta(hours=1)
ROUND_LATE: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    """Something wrong with a draw that nothing has ended yet: what, since when; `error` is what fails."""

    draw: Draw
    kind: AlarmKind
    since: datetime
    error: JobError | None = None


def standing(session: Session, *, at: datetime, below: str = "") -> list[Standing]:
    """
    What is wrong with draws of the bodies at and below a path, by draw; rehearsals left out.

    A result is late from half of its time on, missing from `result_by` on. A failure stands until the draw
    that supersedes it is logged, or its reveal would be past; one that was not opened, until it is. An error
    stands from its third time on.
    """
    found = [*_without_result(session, at, below), *_failed(session, at, below), *_errors(session, below)]
    return sorted(found, key=lambda one: (one.draw.number, one.since, one.kind))


def _without_result(session: Session, at: datetime, below: str) -> Iterator[Standing]:
    for row in _rows(session, below, DrawStatus.COMMITTED):
        if at >= row.due + (row.result_by - row.due) / 2:
            yield Standing(row, AlarmKind.RESULT_LATE, row.due)
        if at >= row.result_by:
            yield Standing(row, AlarmKind.RESULT_MISSING, row.result_by)


def _failed(session: Session, at: datetime, below: str) -> Iterator[Standing]:
    for row in _rows(session, below, DrawStatus.FAILED):
        assert row.ended_at is not None
        if row.ended_reason == "not-opened":
            over = row.revealed_at is not None
        else:
            over = at > row.reveal_by or superseded_by(session, row.number) is not None
        if not over:
            yield Standing(row, AlarmKind.FAILED, row.ended_at)


def _errors(session: Session, below: str) -> Iterator[Standing]:
    for error in open_errors(session):
        row = session.get_one(Draw, error.draw_id)
        if error.times >= REPEATS and accounts.body_by_id(session, row.body_id).path.startswith(below):
            yield Standing(row, AlarmKind.ERROR_REPEATS, error.first_at, error)


def _rows(session: Session, below: str, status: DrawStatus) -> list[Draw]:
    statement = select(Draw).join(accounts.Body, col(accounts.Body.id) == col(Draw.body_id))
    statement = statement.where(Draw.status == status, Draw.seq > 0)
    statement = statement.where(col(accounts.Body.path).startswith(below, autoescape=True))
    return list(session.exec(statement.order_by(col(Draw.number))))


def open_errors(session: Session) -> list[JobError]:
    """What the worker failed at and has not got over, by draw."""
    statement = select(JobError).where(col(JobError.ended_at).is_(None))
    return list(session.exec(statement.order_by(col(JobError.draw_id))))


def open_error(session: Session, draw: Draw) -> JobError | None:
    """What the worker fails at with this draw."""
    statement = select(JobError).where(JobError.draw_id == draw.id, col(JobError.ended_at).is_(None))
    return session.exec(statement).one_or_none()


def open_alarms(session: Session) -> list[tuple[Alarm, Draw]]:
    """The alarms on draws that are raised and not resolved, as they were raised."""
    statement = select(Alarm, Draw).join(Draw, col(Draw.id) == col(Alarm.draw_id))
    rows = session.exec(statement.where(col(Alarm.resolved_at).is_(None)).order_by(col(Alarm.id)))
    return [(row[0], row[1]) for row in rows]


def alarms(
    session: Session, *, below: str, before: int | None = None, limit: int = 50
) -> list[tuple[Alarm, Draw | None]]:
    """Alarms on draws of the bodies at and below a path, and on the worker, the newest first."""
    statement = select(Alarm, Draw).outerjoin(Draw, col(Draw.id) == col(Alarm.draw_id))
    statement = statement.outerjoin(accounts.Body, col(accounts.Body.id) == col(Draw.body_id))
    in_sight = col(accounts.Body.path).startswith(below, autoescape=True)
    statement = statement.where(or_(col(Alarm.draw_id).is_(None), in_sight))
    if before is not None:
        statement = statement.where(col(Alarm.id) < before)
    rows = session.exec(statement.order_by(col(Alarm.id).desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def heartbeat(session: Session) -> Heartbeat | None:
    """When the worker was last seen, if it ever was."""
    return session.exec(select(Heartbeat).where(Heartbeat.name == WORKER)).one_or_none()


def overdue(session: Session, *, at: datetime, below: str = "") -> list[Draw]:
    """Draws of the bodies at and below a path for which the worker should have done something by now."""
    statement = select(Draw).join(accounts.Body, col(accounts.Body.id) == col(Draw.body_id))
    statement = statement.where(
        col(accounts.Body.path).startswith(below, autoescape=True),
        col(Draw.rehearsal).is_(False),
        or_(
            and_(col(Draw.status) == DrawStatus.COMMITTED, col(Draw.due) <= at),
            and_(col(Draw.status) == DrawStatus.DRAWN, col(Draw.reveal_by) <= at + plans.REVEAL_AHEAD),
        ),
    )
    return list(session.exec(statement.order_by(col(Draw.due), col(Draw.id))))


def silent_since(session: Session, *, at: datetime, below: str = "") -> datetime | None:
    """Since when the worker is not seen while draws of bodies at and below a path are due; else None."""
    waiting = overdue(session, at=at, below=below)
    if not waiting:
        return None
    seen = heartbeat(session)
    since = seen.seen_at if seen else min(_hour_of(row) for row in waiting)
    return since if at - since > SILENT_AFTER else None


def _hour_of(draw: Draw) -> datetime:
    """When the worker should have done what is next for a draw."""
    return draw.due if draw.status is DrawStatus.COMMITTED else draw.reveal_by - plans.REVEAL_AHEAD


@dataclass(frozen=True)
class Awaited:
    """What a committed draw still waits for: numbers of sources, and parties whose secret is missing."""

    sources: tuple[int, ...]
    parties: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.sources) + len(self.parties)


def awaited(session: Session, draw: Draw, *, at: datetime) -> Awaited:
    """
    What people have to enter for a draw and have not yet; a drand round only once it is ten minutes late.

    Before `due` what can only come after it counts too: people have to be ready.
    """
    plan = plan_of(draw)
    seen = {row.n for row in observations(session, draw)}
    late = at >= draw.due + ROUND_LATE
    sources = tuple(
        n
        for n, source in enumerate(plan["randomness"])
        if n not in seen and (source["kind"] != "drand" or late)
    )
    held = {(row.purpose, row.party) for row in deposits(session, draw)}
    lacking = {entry["party"] for entry in plan["secrets"] if (entry["purpose"], entry["party"]) not in held}
    return Awaited(sources, tuple(sorted(lacking)))


def wait_for_values(session: Session, *, at: datetime) -> list[Draw]:
    """Committed draws whose hour is near or past, by due time; rehearsals left out."""
    statement = select(Draw).where(
        Draw.status == DrawStatus.COMMITTED, Draw.seq > 0, col(Draw.due) <= at + BEFORE
    )
    return list(session.exec(statement.order_by(col(Draw.due), col(Draw.id))))
