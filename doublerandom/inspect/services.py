"""Commands of inspection: record a result, review it; categories as a dated table."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlmodel import Session

from doublerandom import clock
from doublerandom.db import transaction
from doublerandom.draws import queries as draws_queries
from doublerandom.draws import services as draws_services
from doublerandom.inspect import queries
from doublerandom.inspect.core import METHODS, Category, Finding, check_findings, check_visit_day, took_part
from doublerandom.inspect.errors import (
    NotForReviewError,
    OwnInspectionError,
    TaskHiddenError,
    TaskNotOpenError,
    TaskNotYoursError,
    TooFewInspectorsError,
    UnknownMethodError,
)
from doublerandom.inspect.models import Inspection, InspectionStatus, ItemResult, ResultCategory
from doublerandom.ledger.trail import Fact, put_on_record
from doublerandom.registry import services as registry_services


@dataclass(frozen=True)
class CategoriesSet(Fact):
    """The table of result categories was filled for a span of days."""

    on_kind: ClassVar[str] = "result_categories"
    on_id: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class ResultRecorded(Fact):
    """A team member recorded the result of a task; the task is named by its commitment."""

    on_kind: ClassVar[str] = "inspection"
    on_id: str
    draw: str
    commitment: str
    visited_on: str
    method: str
    round: int
    items: tuple[str, ...]


@dataclass(frozen=True)
class ResultReviewed(Fact):
    """A reviewer approved a result or returned it."""

    on_kind: ClassVar[str] = "inspection"
    on_id: str
    approved: bool
    opinion: str


def add_categories(
    session: Session, categories: Iterable[Category], *, valid_from: date, by: str, at: datetime
) -> None:
    """Put a table of result categories in force from a day on."""
    rows = list(categories)
    with transaction(session):
        session.add_all(ResultCategory(**asdict(row), valid_from=valid_from) for row in rows)
        put_on_record(
            session,
            CategoriesSet(on_id=valid_from.isoformat(), codes=tuple(row.code for row in rows)),
            by=by,
            at=at,
        )


def record_result(
    session: Session,
    task_id: int,
    *,
    certificate: str,
    visited_on: date,
    method: str,
    findings: Sequence[Finding],
    summary: str = "",
    by: str,
    at: datetime,
) -> Inspection:
    """
    Record what a team found at one task and hand it to the reviewer; a returned result is recorded anew.

    Args:
        session: The database.
        task_id: The dealt task.
        certificate: Certificate number of who records; must hold a seat of the task, alone or in a team.
        visited_on: Day of the visit, in Asia/Shanghai.
        method: One of `core.METHODS`.
        findings: One for each item of the draw.
        summary: The team's words on the whole.
        by: Who records.
        at: When.

    Raises:
        TaskNotYoursError, TaskNotOpenError, VisitDateError, UnknownMethodError, and what `require_startable`
        and `check_findings` raise.
    """
    with transaction(session):
        task = _own_open_task(session, task_id, certificate, at=at)
        check_visit_day(visited_on, drawn_on=clock.local(task.drawn_at).date(), today=clock.local(at).date())
        if method not in METHODS:
            raise UnknownMethodError(value=method)
        categories = queries.categories_for(session, task, visited_on)
        check_findings(findings, items=task.items, categories=categories, visited_on=visited_on)
        inspection = _new_round(session, task_id, visited_on=visited_on, method=method, by=by, at=at)
        inspection.summary = summary
        session.flush()
        session.add_all(_item_result(inspection, each) for each in findings)
        problem = any(not categories[code].exclusive for each in findings for code in each.categories)
        _tell_the_rooms_below(session, task, visited_on, found=problem, by=by, at=at)
        act = ResultRecorded(
            on_id=str(inspection.id),
            draw=task.draw,
            commitment=task.commitment,
            visited_on=visited_on.isoformat(),
            method=method,
            round=inspection.round,
            items=tuple(sorted(each.item for each in findings)),
        )
        put_on_record(session, act, by=by, at=at, after=[inspection, *findings])
    return inspection


def require_startable(task: draws_queries.TaskView, *, at: datetime) -> None:
    """
    A visit begins, and its result is recorded, by as many inspectors as the law asks for, knowing whom.

    Raises:
        TooFewInspectorsError, TaskHiddenError.
    """
    if len(task.counting) < task.least:
        raise TooFewInspectorsError(count=len(task.counting), least=task.least)
    if task.seen_by_team(at).hidden:
        raise TaskHiddenError(task=task.id)


def _own_open_task(
    session: Session, task_id: int, certificate: str, *, at: datetime
) -> draws_queries.TaskView:
    """The task, with its draw held, when whoever holds the certificate may record its result now."""
    task = draws_queries.task_view(session, task_id)
    if not certificate or certificate not in task.people:
        raise TaskNotYoursError(task=task_id)
    draws_queries.draw_for_update(session, task.draw)
    task = draws_queries.task_view(session, task_id)
    previous = queries.inspection_of_task(session, task_id)
    answered = previous is not None and previous.status is not InspectionStatus.RETURNED
    if answered or not task.open_for_results:
        raise TaskNotOpenError(subject=task.subject)
    if previous is None:
        require_startable(task, at=at)
    return task


def _new_round(
    session: Session, task_id: int, *, visited_on: date, method: str, by: str, at: datetime
) -> Inspection:
    """The inspection of a task, made or opened again for the next round, and handed to the reviewer."""
    facts: dict[str, Any] = {"visited_on": visited_on, "method": method, "entered_by": by, "entered_at": at}
    inspection = queries.inspection_of_task(session, task_id) or Inspection(task_id=task_id, round=0, **facts)
    inspection.sqlmodel_update(
        {
            **facts,
            "status": InspectionStatus.SUBMITTED,
            "submitted_at": at,
            "round": inspection.round + 1,
        }
    )
    session.add(inspection)
    return inspection


def _item_result(inspection: Inspection, finding: Finding) -> ItemResult:
    """A finding as its row."""
    assert inspection.id is not None
    return ItemResult(
        inspection_id=inspection.id,
        round=inspection.round,
        item=finding.item,
        categories=list(finding.categories),
        measure=finding.measure,
        due=finding.due,
        finding=finding.finding,
    )


def _tell_the_rooms_below(
    session: Session, task: draws_queries.TaskView, visited_on: date, *, found: bool, by: str, at: datetime
) -> None:
    """Push the visit down: to the draw (visited) and to the registry (the one table of visits)."""
    draws_services.mark_visited(session, task.draw, task.subject, by=by, at=at)
    registry_services.record_visit(
        session,
        subject_code=task.subject,
        body_id=task.body_id,
        visited_on=visited_on,
        items=list(task.items),
        inspectors=list(task.people),
        source=f"task:{task.commitment}",
        found=found,
        by=by,
        at=at,
    )


def review(
    session: Session,
    inspection_id: int,
    *,
    approve: bool,
    opinion: str = "",
    certificate: str = "",
    by: str,
    at: datetime,
) -> Inspection:
    """
    Approve a submitted result, or return it to the team with an opinion; never by a member of the team.

    Raises:
        NotForReviewError, OwnInspectionError.
    """
    with transaction(session):
        inspection, task = queries.inspection_for_update(session, inspection_id)
        if inspection.status is not InspectionStatus.SUBMITTED:
            raise NotForReviewError(id=inspection_id)
        if took_part(by, certificate, people=[inspection.entered_by], team=task.people):
            raise OwnInspectionError(id=inspection_id)
        inspection.sqlmodel_update(
            {
                "status": InspectionStatus.REVIEWED if approve else InspectionStatus.RETURNED,
                "reviewed_by": by,
                "reviewed_at": at,
                "opinion": opinion,
            }
        )
        act = ResultReviewed(on_id=str(inspection.id), approved=approve, opinion=opinion)
        put_on_record(session, act, by=by, at=at, after=inspection)
    return inspection


def mark_published(session: Session, inspection_id: int) -> None:
    """Told by publish, within its command (whose act tells of it too): the result is public."""
    with transaction(session):
        inspection = queries.inspection(session, inspection_id)
        if inspection.status is not InspectionStatus.REVIEWED:
            raise NotForReviewError(id=inspection_id)
        inspection.status = InspectionStatus.PUBLISHED
