"""Lists of draws, and figures of the year and of pools."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from doublerandom.clock import SHANGHAI
from doublerandom.dr1.canon import Record
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.queries.records import IN_WORK, PUBLIC


def awaiting(session: Session, status: DrawStatus) -> list[Draw]:
    """All draws in a state, by due time."""
    return list(session.exec(select(Draw).where(Draw.status == status).order_by(col(Draw.due), col(Draw.id))))


def ended_unshown(session: Session) -> list[Draw]:
    """Voided and failed draws whose would-be result is not shown yet, by due time."""
    statement = select(Draw).where(
        col(Draw.status).in_((DrawStatus.VOIDED, DrawStatus.FAILED)), col(Draw.revealed_at).is_(None)
    )
    return list(session.exec(statement.order_by(col(Draw.due), col(Draw.id))))


def draws(session: Session, *, body_id: int | None = None, limit: int = 50, offset: int = 0) -> list[Draw]:
    """Public draws, rehearsals too (they are marked), latest due first."""
    statement = select(Draw).where(col(Draw.status).in_(PUBLIC))
    if body_id is not None:
        statement = statement.where(Draw.body_id == body_id)
    return list(
        session.exec(
            statement.order_by(col(Draw.due).desc(), col(Draw.id).desc()).limit(limit).offset(offset)
        )
    )


def draws_of_body(session: Session, body_ids: Sequence[int]) -> list[Draw]:
    """All draws of some bodies for those who work on them, prepared ones too, newest first."""
    statement = select(Draw).where(col(Draw.body_id).in_(body_ids))
    return list(session.exec(statement.order_by(col(Draw.created_at).desc(), col(Draw.id).desc())))


def next_draws(session: Session, *, at: datetime, limit: int = 5) -> list[Draw]:
    """Committed draws that are still to come, soonest first; no rehearsals."""
    statement = select(Draw).where(Draw.status == DrawStatus.COMMITTED, Draw.seq > 0, col(Draw.due) > at)
    return list(session.exec(statement.order_by(col(Draw.due), col(Draw.id)).limit(limit)))


def latest_draws(session: Session, *, limit: int = 5) -> list[Draw]:
    """Draws that have run or ended, latest first; no rehearsals."""
    done = [status for status in PUBLIC if status is not DrawStatus.COMMITTED]
    statement = select(Draw).where(col(Draw.status).in_(done), Draw.seq > 0)
    return list(session.exec(statement.order_by(col(Draw.due).desc(), col(Draw.id).desc()).limit(limit)))


@dataclass(frozen=True)
class Counts:
    """Draws committed to in a year, by what became of them, and the tasks dealt."""

    draws: int
    tasks: int
    voids: int
    failures: int
    waiting: int


def counts(session: Session, *, year: int) -> Counts:
    """The figures of a year (of `due`, in Asia/Shanghai): voids, failures counted, rehearsals left out."""
    begin, end = (datetime(first, 1, 1, tzinfo=SHANGHAI).astimezone(UTC) for first in (year, year + 1))
    rows = session.exec(
        select(Draw.status, func.count(), func.coalesce(func.sum(Draw.tasks), 0))
        .where(Draw.seq > 0, col(Draw.due) >= begin, col(Draw.due) < end)
        .group_by(Draw.status)
        .order_by(Draw.status),
    ).all()
    number = {status: (count, tasks) for status, count, tasks in rows}
    return Counts(
        draws=sum(count for count, _ in number.values()),
        tasks=sum(number.get(status, (0, 0))[1] for status in IN_WORK),
        voids=number.get(DrawStatus.VOIDED, (0, 0))[0],
        failures=number.get(DrawStatus.FAILED, (0, 0))[0],
        waiting=number.get(DrawStatus.COMMITTED, (0, 0))[0],
    )


@dataclass(frozen=True)
class PoolCounts:
    """The subjects' pool of a draw in figures: all of it public with the plan."""

    size: int
    excluded: dict[str, int]
    strata: list[Record]
    take: int
    inspectors: int
    inspectors_excluded: dict[str, int]
    conflicts: int
    waived: int


def pool_counts(draw: Draw) -> PoolCounts:
    """The pools of a draw in figures, by exclusion reason and stratum, as the pre-flight counted them."""
    told = draw.preflight
    return PoolCounts(
        size=told["subjects"],
        excluded=told["excluded"],
        strata=told["strata"],
        take=told["take"],
        inspectors=told["inspectors"],
        inspectors_excluded=told["inspectors_excluded"],
        conflicts=told["conflicts"],
        waived=told["waived"],
    )
