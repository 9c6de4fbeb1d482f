"""When a visit is to be, and who looked at what is not public yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.dr1.canon import format_time
from doublerandom.draws import queries
from doublerandom.draws.acts import EvidenceSeen, ListSeen, NoVisitStated, TaskLooked, VisitTimeSet
from doublerandom.draws.acts.draws import DrawFact
from doublerandom.draws.errors import (
    NotTheLeadError,
    NoVisitError,
    VisitPassedError,
    VisitShownError,
    VisitTimeError,
)
from doublerandom.draws.models import Look, Replacement, VisitTime
from doublerandom.draws.queries import TaskView
from doublerandom.ledger.trail import fingerprint, put_on_record

LEAST_AHEAD: Final = timedelta(hours=1)


def set_visit_time(
    session: Session,
    task_id: int,
    *,
    certificate: str,
    visit_at: datetime,
    by: str,
    at: datetime,
    ahead: timedelta = LEAST_AHEAD,
) -> VisitTime:
    """
    The lead says when a task is to be visited; said again, the last word counts and all stay on record.

    The team of an unannounced task sees its subject so many hours before (rule set, `visit.hours_before`);
    from then on the visit is not put off any more. A time that has passed stays until the lead says that no
    visit took place (`note_no_visit`): else it counts as the visit's.

    Raises:
        NotTheLeadError: Somebody else than the lead of the team.
        VisitTimeError: The time is not `ahead`, or the visit was made.
        VisitPassedError: The time set before has passed.
        VisitShownError: The team sees the subject of an unannounced task, and the time is later than before.
    """
    with transaction(session):
        queries.draw_for_update(session, queries.task_view(session, task_id).draw)
        task = queries.task_view(session, task_id)
        if not certificate or certificate != task.lead:
            raise NotTheLeadError(id=task_id)
        if visit_at < at + ahead or task.closed_at is not None:
            raise VisitTimeError(id=task_id, minutes=ahead // timedelta(minutes=1))
        if task.visit_due(at):
            raise VisitPassedError(id=task_id)
        if task.visit_at is not None and _is_shown(task, at) and visit_at > task.visit_at:
            raise VisitShownError(id=task_id)
        found = VisitTime(task_id=task_id, visit_at=visit_at, by=by, at=at)
        session.add(found)
        act = VisitTimeSet(task.draw, task.commitment, format_time(visit_at))
        put_on_record(session, act, by=by, at=at, after=found)
    return found


def _is_shown(task: TaskView, at: datetime) -> bool:
    """Whether the team of an unannounced task has seen its subject."""
    return task.unannounced and not task.seen_by_team(at).hidden


def note_no_visit(session: Session, task_id: int, *, certificate: str, by: str, at: datetime) -> VisitTime:
    """
    The lead says that no visit took place at the time that was set and has passed.

    Until then the draw is not voided, and the subject not replaced.

    Raises:
        NotTheLeadError: Somebody else than the lead of the team.
        NoVisitError: No time was set, it has not come, it was said before, or the result is recorded.
    """
    with transaction(session):
        queries.draw_for_update(session, queries.task_view(session, task_id).draw)
        task = queries.task_view(session, task_id)
        if not certificate or certificate != task.lead:
            raise NotTheLeadError(id=task_id)
        if not task.visit_due(at) or task.closed_at is not None:
            raise NoVisitError(id=task_id)
        found = queries.visit_times(session, [task_id])[task_id]
        before = fingerprint(found)
        found.missed_by, found.missed_at = by, at
        session.add(found)
        act = NoVisitStated(task.draw, task.commitment, format_time(found.visit_at))
        put_on_record(session, act, by=by, at=at, before=before, after=found)
    return found


def note_task_seen(session: Session, task: TaskView, *, by: str, at: datetime) -> None:
    """Put on record that somebody saw whose a task is, once for person and day; after the reveal no more."""
    if not task.hidden:
        _note(session, [(f"task:{task.id}", task, TaskLooked(task.draw, task.commitment))], by=by, at=at)


def note_lists_seen(session: Session, tasks: list[TaskView], *, by: str, at: datetime) -> None:
    """Put on record that somebody saw a list of tasks: for each draw once for person and day."""
    by_draw: dict[str, list[TaskView]] = {}
    for task in tasks:
        if not task.hidden:
            by_draw.setdefault(task.draw, []).append(task)
    looks = [(f"list:{draw}", some[0], ListSeen(draw, len(some))) for draw, some in sorted(by_draw.items())]
    _note(session, looks, by=by, at=at)


def _note(
    session: Session, looks: Sequence[tuple[str, TaskView, DrawFact]], *, by: str, at: datetime
) -> None:
    day = local(at).date()
    new = [
        (thing, act)
        for thing, task, act in looks
        if task.revealed_at is None and not queries.has_looked(session, by, thing, day)
    ]
    if not new:
        return
    with transaction(session):
        for thing, act in new:
            queries.draw_for_update(session, act.draw)
            if not queries.has_looked(session, by, thing, day):
                session.add(Look(person=by, thing=thing, day=day))
                put_on_record(session, act, by=by, at=at)


def note_evidence_seen(
    session: Session, draw: str, replacement: Replacement, *, by: str, at: datetime
) -> None:
    """Put on record that somebody opened the document of a request, which may name the subject."""
    assert replacement.id is not None
    with transaction(session):
        act = EvidenceSeen(draw, replacement.id, replacement.evidence_file)
        put_on_record(session, act, by=by, at=at)
