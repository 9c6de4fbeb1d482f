"""An import taken back by a later batch: nothing is deleted, and what others did since stays."""

from datetime import date, datetime

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import BatchUndone
from doublerandom.registry.acts.conflicts import ConflictEnded
from doublerandom.registry.errors import BatchNotUndoableError, BatchUndoneError
from doublerandom.registry.models import ImportBatch, RegistrationStatus
from doublerandom.registry.queries.imports import Undoing
from doublerandom.registry.queries.subject_history import DAYS
from doublerandom.registry.services.inspectors import InspectorIn, change_inspector
from doublerandom.registry.services.items import abolish_item
from doublerandom.registry.services.membership import leave_pool_many
from doublerandom.registry.services.subject_changes import change_subjects
from doublerandom.registry.texts import check_text

UNDOABLE = ("subjects", "inspectors", "items", "conflicts", "classes")


def undo_batch(session: Session, batch_id: int, *, reason: str, by: str, at: datetime) -> ImportBatch:
    """
    Take a batch back by a later one, of kind `undo`, that names it.

    New subjects become `withdrawn`, changed fields what they were, members leave the pool, inspectors become
    inactive, drafts of items are abolished, conflicts end. What somebody else changed, said or visited since
    stays as it is and is counted. Only the registry changes: pools that draws froze stay as they are.

    Args:
        session: The session of the command.
        batch_id: The batch that came in by mistake.
        reason: Why; needed.
        by: Person token.
        at: Now.

    Raises:
        BatchUndoneError: It was taken back before.
        BatchNotUndoableError: It is an undo itself, or of a kind that is corrected row by row.
    """
    check_text("reason", reason, longest=255, needed=True)
    with transaction(session):
        batch = queries.batch_by_id(session, batch_id)
        if queries.undoing_batch(session, batch_id) is not None:
            raise BatchUndoneError(value=batch_id)
        if batch.kind not in UNDOABLE:
            raise BatchNotUndoableError(value=batch_id)
        plan = queries.undoing(session, batch)
        undo = ImportBatch(
            kind="undo",
            filename=batch.filename,
            sha256=batch.sha256,
            by=by,
            at=at,
            body_id=batch.body_id,
            sender=batch.sender,
            undoes_id=batch_id,
            reason=reason,
            changed=plan.count,
            repeated=len(plan.left),
        )
        session.add(undo)
        session.flush()
        assert undo.id is not None
        _take_back(session, plan, batch, undo_id=undo.id, reason=reason, by=by, at=at)
        act = BatchUndone(
            on_id=str(undo.id), undoes=batch_id, taken_back=plan.count, left=len(plan.left), reason=reason
        )
        put_on_record(session, act, by=by, at=at, after=undo)
    return undo


def _take_back(
    session: Session, plan: Undoing, batch: ImportBatch, *, undo_id: int, reason: str, by: str, at: datetime
) -> None:
    if batch.body_id is not None and plan.members:
        leave_pool_many(
            session,
            plan.members,
            batch.body_id,
            reason="entered-by-mistake",
            note=reason,
            by=by,
            at=at,
            batch_id=undo_id,
        )
    changes: dict[str, dict[str, str | date | None]] = {
        code: {"status": RegistrationStatus.WITHDRAWN.value} for code in plan.subjects
    }
    for code, field, was in reversed(plan.fields):
        changes.setdefault(code, {})[field] = _stored(field, was)
    if changes:
        change_subjects(
            session, changes, source=batch.filename, batch_id=undo_id, reason=reason, by=by, at=at
        )
    _end_rows(session, plan, reason=reason, by=by, at=at)


def _stored(field: str, was: str) -> str | date | None:
    """What a field held, of the text that its change kept."""
    if field in DAYS:
        return date.fromisoformat(was) if was else None
    return was


def _end_rows(session: Session, plan: Undoing, *, reason: str, by: str, at: datetime) -> None:
    for certificate in plan.inspectors:
        row = queries.inspector(session, certificate)
        said = InspectorIn(
            name=row.name,
            body_id=row.body_id,
            department=row.department,
            regions=row.regions,
            skills=row.skills,
            position=row.position,
            items=row.items,
            expert=row.expert,
            expert_types=row.expert_types,
            active=False,
        )
        change_inspector(session, certificate, said, reason=reason, by=by, at=at)
    for item_id in plan.items:
        abolish_item(session, item_id, reason=reason, by=by, at=at)
    for conflict_id in plan.conflicts:
        conflict = queries.conflict(session, conflict_id)
        before, today = fingerprint(conflict), local(at).date()
        conflict.sqlmodel_update({"ended_on": today, "ended_by": by, "end_reason": reason})
        act = ConflictEnded(on_id=str(conflict_id), ended_on=today, reason=reason)
        put_on_record(session, act, by=by, at=at, before=before, after=conflict)
