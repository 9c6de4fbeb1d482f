"""All reading of inspections; who may see what is part of each query."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, or_, select

from doublerandom.draws import queries as draws_queries
from doublerandom.inspect.core import Category, Finding
from doublerandom.inspect.errors import InspectionNotFoundError
from doublerandom.inspect.models import Inspection, InspectionStatus, ItemResult, ResultCategory
from doublerandom.registry import rules as rulebook

__all__ = [
    "Inspection",
    "InspectionStatus",
    "categories_for",
    "categories_on",
    "findings",
    "inspection",
    "inspection_for_update",
    "inspection_in_sight",
    "inspection_of_task",
    "inspections_of_tasks",
    "waiting",
]


def categories_on(session: Session, day: date) -> dict[str, Category]:
    """The result categories in force on a day, by code, in the order of their codes."""
    rows = session.exec(
        select(ResultCategory)
        .where(
            ResultCategory.valid_from <= day,
            or_(col(ResultCategory.valid_to).is_(None), col(ResultCategory.valid_to) >= day),
        )
        .order_by(col(ResultCategory.id)),
    )
    return {
        row.code: Category(
            row.code,
            row.zh,
            row.en,
            exclusive=row.exclusive,
            follow_up=row.follow_up,
            proposes=row.proposes,
            ends_eligibility=row.ends_eligibility,
        )
        for row in rows
    }


def categories_for(session: Session, task: draws_queries.TaskView, day: date) -> dict[str, Category]:
    """The categories by which a task's result is recorded: those of its rules, else the table of that day."""
    listed = rulebook.categories_on(task.rules, day)
    if not listed:
        return categories_on(session, day)
    flags = ("exclusive", "follow_up", "proposes", "ends_eligibility")
    return {
        row["code"]: Category(row["code"], row["zh"], row["en"], **{flag: row[flag] for flag in flags})
        for row in listed
    }


def inspection(session: Session, inspection_id: int) -> Inspection:
    """One inspection, or InspectionNotFoundError."""
    found = session.get(Inspection, inspection_id)
    if found is None:
        raise InspectionNotFoundError(id=inspection_id)
    return found


def inspection_for_update(session: Session, inspection_id: int) -> tuple[Inspection, draws_queries.TaskView]:
    """
    One inspection with its task, read anew; both it and its draw are held until the command ends.

    The draw is held first, as by every command on draws, so that no two commands wait for each other.
    """
    task = draws_queries.task_view(session, inspection(session, inspection_id).task_id)
    draws_queries.draw_for_update(session, task.draw)
    statement = select(Inspection).where(Inspection.id == inspection_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one(), task


def inspection_in_sight(
    session: Session, inspection_id: int, *, body_path: str, status: InspectionStatus
) -> tuple[Inspection, draws_queries.TaskView]:
    """One inspection in a state, of the bodies in sight (by path prefix), or InspectionNotFoundError."""
    found = inspection(session, inspection_id)
    task = draws_queries.task_view(session, found.task_id)
    if found.status is not status or not task.body_path.startswith(body_path):
        raise InspectionNotFoundError(id=inspection_id)
    return found, task


def inspection_of_task(session: Session, task_id: int) -> Inspection | None:
    """What was recorded of a task, if anything."""
    return session.exec(select(Inspection).where(Inspection.task_id == task_id)).one_or_none()


def inspections_of_tasks(session: Session, task_ids: Sequence[int]) -> dict[int, Inspection]:
    """What was recorded of some tasks, by task id."""
    rows = session.exec(
        select(Inspection).where(col(Inspection.task_id).in_(task_ids)).order_by(col(Inspection.id))
    )
    return {row.task_id: row for row in rows}


def findings(session: Session, inspection: Inspection) -> list[Finding]:
    """The latest round's findings, in the order of the items' codes (bytes)."""
    rows = session.exec(
        select(ItemResult)
        .where(ItemResult.inspection_id == inspection.id, ItemResult.round == inspection.round)
        .order_by(ItemResult.item),
    )
    found = [
        Finding(row.item, tuple(row.categories), measure=row.measure, due=row.due, finding=row.finding)
        for row in rows
    ]
    return sorted(found, key=lambda finding: finding.item.encode())


def waiting(
    session: Session, *, body_path: str, status: InspectionStatus
) -> list[tuple[Inspection, draws_queries.TaskView]]:
    """Inspections in a state, of the bodies in sight (by path prefix), oldest first, each with its task."""
    rows = session.exec(
        select(Inspection)
        .where(Inspection.status == status)
        .order_by(col(Inspection.submitted_at), col(Inspection.id)),
    ).all()
    tasks = draws_queries.task_views(session, [row.task_id for row in rows])
    return [(row, tasks[row.task_id]) for row in rows if tasks[row.task_id].body_path.startswith(body_path)]
