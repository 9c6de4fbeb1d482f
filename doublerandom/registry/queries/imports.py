"""Imports: batches and open jobs in sight, mappings of senders, and what an undo would take back."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body, Sight
from doublerandom.clock import SHANGHAI
from doublerandom.ledger import queries as ledger_queries
from doublerandom.registry.errors import ImportNotFoundError
from doublerandom.registry.models import (
    Conflict,
    ConflictStatus,
    ImportBatch,
    ImportJob,
    ImportMapping,
    ImportState,
    Inspector,
    Item,
    ItemStatus,
    RegistrationStatus,
    Subject,
    SubjectChange,
    SubjectStanding,
    Visit,
)

OPEN = (
    ImportState.UPLOADED,
    ImportState.EXAMINING,
    ImportState.EXAMINED,
    ImportState.APPLYING,
    ImportState.FAILED,
)


@dataclass(frozen=True)
class BatchFilter:
    """Which batches a list shows; what is empty leaves nothing out."""

    kind: str = ""
    words: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Undoing:
    """
    What undoing a batch takes back, by kind of thing, and what it leaves because others acted on it since.

    `subjects` are codes that were new; `fields` are (code, field, value before); `members` are codes that
    joined the pool; `inspectors` are certificate numbers; `items` and `conflicts` are numbers of rows.
    """

    subjects: list[str] = field(default_factory=list)
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    inspectors: list[str] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    conflicts: list[int] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things are taken back."""
        named = (self.subjects, self.fields, self.members, self.inspectors, self.items, self.conflicts)
        return sum(len(one) for one in named)


def _batches_seen(sight: Sight) -> ColumnElement[bool]:
    """Batches of the bodies in sight; those of no body (the command line) are seen by auditors alone."""
    below = sa_select(col(Body.id)).where(col(Body.path).startswith(sight.body_path, autoescape=True))
    seen = col(ImportBatch.body_id).in_(below)
    return or_(seen, col(ImportBatch.body_id).is_(None)) if "auditor" in sight.roles else seen


def import_batches_in_sight(
    session: Session, wanted: BatchFilter, *, sight: Sight, before: int | None = None, limit: int | None = 50
) -> list[ImportBatch]:
    """Batches that a person may see, newest first, of numbers below `before`."""
    statement = select(ImportBatch).where(_batches_seen(sight), *_wanted(wanted))
    if before:
        statement = statement.where(col(ImportBatch.id) < before)
    return list(session.exec(statement.order_by(col(ImportBatch.id).desc()).limit(limit)))


def _wanted(wanted: BatchFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kind:
        found.append(col(ImportBatch.kind) == wanted.kind)
    if wanted.person:
        found.append(col(ImportBatch.by) == wanted.person)
    if wanted.words:
        named = col(ImportBatch.filename).contains(wanted.words, autoescape=True)
        found.append(or_(named, col(ImportBatch.sender).contains(wanted.words, autoescape=True)))
    if wanted.since:
        found.append(col(ImportBatch.at) >= _midnight(wanted.since))
    if wanted.until:
        found.append(col(ImportBatch.at) < _midnight(wanted.until, later=1))
    return found


def _midnight(day: date, *, later: int = 0) -> datetime:
    """The beginning of a local day, or of the one after it."""
    return datetime.combine(day + timedelta(days=later), time(), tzinfo=SHANGHAI)


def import_batch(session: Session, batch_id: int, *, sight: Sight) -> ImportBatch:
    """One batch in sight, or ImportNotFoundError."""
    found = session.exec(select(ImportBatch).where(ImportBatch.id == batch_id, _batches_seen(sight))).first()
    if found is None:
        raise ImportNotFoundError(value=batch_id)
    return found


def batch_by_id(session: Session, batch_id: int) -> ImportBatch:
    """One batch, or ImportNotFoundError."""
    found = session.get(ImportBatch, batch_id)
    if found is None:
        raise ImportNotFoundError(value=batch_id)
    return found


def undoing_batch(session: Session, batch_id: int) -> ImportBatch | None:
    """The batch that took this one back, if it was."""
    return session.exec(select(ImportBatch).where(ImportBatch.undoes_id == batch_id)).first()


def mending_batches(session: Session, batch_id: int) -> list[ImportBatch]:
    """The batches of mended rows of this one, oldest first."""
    statement = select(ImportBatch).where(ImportBatch.mends_id == batch_id)
    return list(session.exec(statement.order_by(col(ImportBatch.id))))


def import_job_of(session: Session, batch_id: int) -> ImportJob | None:
    """The job of the desk that made a batch, if it came in there."""
    return session.exec(select(ImportJob).where(ImportJob.batch_id == batch_id)).first()


def import_job(session: Session, job_id: int, *, below: str) -> ImportJob:
    """A job of a body at or below a path, or ImportNotFoundError."""
    statement = (
        select(ImportJob)
        .join(Body, col(Body.id) == col(ImportJob.body_id))
        .where(ImportJob.id == job_id, col(Body.path).startswith(below, autoescape=True))
    )
    found = session.exec(statement).first()
    if found is None:
        raise ImportNotFoundError(value=job_id)
    return found


def job_by_id(session: Session, job_id: int) -> ImportJob:
    """One job, as it is now, locked for a command; or ImportNotFoundError."""
    statement = select(ImportJob).where(ImportJob.id == job_id)
    found = session.exec(statement.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise ImportNotFoundError(value=job_id)
    return found


def open_import_jobs(session: Session, *, below: str, limit: int = 50) -> list[ImportJob]:
    """Imports that are neither applied nor discarded, of bodies at and below a path, newest first."""
    statement = (
        select(ImportJob)
        .join(Body, col(Body.id) == col(ImportJob.body_id))
        .where(col(ImportJob.state).in_(OPEN), col(Body.path).startswith(below, autoescape=True))
    )
    return list(session.exec(statement.order_by(col(ImportJob.id).desc()).limit(limit)))


def remembered_mapping(
    session: Session, *, body_id: int, kind: str, sender: str, signature: str
) -> ImportMapping | None:
    """What was last said of the columns of this sender's files with this header."""
    statement = select(ImportMapping).where(
        col(ImportMapping.body_id) == body_id,
        col(ImportMapping.kind) == kind,
        col(ImportMapping.sender) == sender,
        col(ImportMapping.signature) == signature,
    )
    return session.exec(statement.order_by(col(ImportMapping.id).desc()).limit(1)).first()


def senders(session: Session, *, body_id: int) -> list[str]:
    """Who sent files to this body before, by name."""
    named = sa_select(col(ImportJob.sender)).where(col(ImportJob.body_id) == body_id).distinct()
    return sorted(session.scalars(named.order_by(col(ImportJob.sender))))


def undoing(session: Session, batch: ImportBatch) -> Undoing:
    """What undoing a batch would take back now."""
    assert batch.id is not None
    made = Undoing()
    _subjects_to_withdraw(session, batch.id, made)
    _fields_to_restore(session, batch.id, made)
    _members_to_leave(session, batch.id, made)
    _inspectors_to_end(session, batch.id, made)
    _items_to_end(session, batch.id, made)
    _conflicts_to_end(session, batch.id, made)
    made.left[:] = dict.fromkeys(made.left)
    return made


def _members_to_leave(session: Session, batch_id: int, made: Undoing) -> None:
    """Subjects that joined a pool; not those of whose membership the body said more since."""
    later = aliased(SubjectStanding)
    again = exists().where(
        col(later.subject_id) == col(SubjectStanding.subject_id),
        col(later.body_id) == col(SubjectStanding.body_id),
        col(later.kind) == "member",
        col(later.id) > col(SubjectStanding.id),
    )
    statement = (
        sa_select(col(Subject.code), again)
        .join(SubjectStanding, col(SubjectStanding.subject_id) == col(Subject.id))
        .where(
            col(SubjectStanding.batch_id) == batch_id,
            col(SubjectStanding.kind) == "member",
            col(SubjectStanding.value) == "in",
        )
        .order_by(col(Subject.code))
    )
    for code, kept in session.execute(statement):
        (made.left if kept else made.members).append(code)


def _subjects_to_withdraw(session: Session, batch_id: int, made: Undoing) -> None:
    """New subjects; not those of which others said something since, or that were visited."""
    of_others = or_(col(SubjectStanding.batch_id) != batch_id, col(SubjectStanding.batch_id).is_(None))
    touched = or_(
        exists().where(and_(col(SubjectStanding.subject_id) == col(Subject.id), of_others)),
        exists().where(col(Visit.subject_id) == col(Subject.id)),
        exists().where(col(SubjectChange.subject_id) == col(Subject.id)),
    )
    statement = (
        sa_select(col(Subject.code), touched)
        .where(col(Subject.batch_id) == batch_id, col(Subject.status) != RegistrationStatus.WITHDRAWN.value)
        .order_by(col(Subject.code))
    )
    for code, kept in session.execute(statement):
        (made.left if kept else made.subjects).append(code)


def _fields_to_restore(session: Session, batch_id: int, made: Undoing) -> None:
    """Fields that the batch changed and nobody changed since."""
    later = aliased(SubjectChange)
    again = exists().where(
        col(later.subject_id) == col(SubjectChange.subject_id),
        col(later.field) == col(SubjectChange.field),
        col(later.id) > col(SubjectChange.id),
    )
    statement = (
        sa_select(col(Subject.code), col(SubjectChange.field), col(SubjectChange.was), again)
        .join(Subject, col(Subject.id) == col(SubjectChange.subject_id))
        .where(col(SubjectChange.batch_id) == batch_id)
        .order_by(col(SubjectChange.id))
    )
    for code, name, was, changed in session.execute(statement):
        if changed:
            made.left.append(f"{code} {name}")
        else:
            made.fields.append((code, name, was))


def _inspectors_to_end(session: Session, batch_id: int, made: Undoing) -> None:
    """Inspectors that are active; not those to whom something was done since, as a further certificate."""
    people = sa_select(col(Inspector.certificate)).where(
        col(Inspector.batch_id) == batch_id, col(Inspector.active)
    )
    found = list(session.scalars(people.order_by(col(Inspector.certificate))))
    came_in = ledger_queries.acts_on(session, "import_batch", str(batch_id)) if found else []
    touched = ledger_queries.acted_on_since(session, "inspector", came_in[0].id) if came_in else set()
    for certificate in found:
        (made.left if certificate in touched else made.inspectors).append(certificate)


def _items_to_end(session: Session, batch_id: int, made: Undoing) -> None:
    """Items that are drafts."""
    items = sa_select(col(Item.id), col(Item.code), col(Item.status)).where(col(Item.batch_id) == batch_id)
    for number, code, status in session.execute(items.order_by(col(Item.id))):
        if status is ItemStatus.DRAFT:
            made.items.append(number)
        elif status is not ItemStatus.ABOLISHED:
            made.left.append(code)


def _conflicts_to_end(session: Session, batch_id: int, made: Undoing) -> None:
    """Conflicts that nobody decided or ended."""
    told = (
        sa_select(Conflict, col(Inspector.certificate), col(Subject.code))
        .join(Inspector, col(Inspector.id) == col(Conflict.inspector_id))
        .join(Subject, col(Subject.id) == col(Conflict.subject_id))
        .where(col(Conflict.batch_id) == batch_id)
        .order_by(col(Conflict.id))
    )
    for conflict, certificate, code in session.execute(told):
        if conflict.status is ConflictStatus.DECLARED and conflict.ended_on is None:
            made.conflicts.append(conflict.id)
        else:
            made.left.append(f"{certificate} {code}")
