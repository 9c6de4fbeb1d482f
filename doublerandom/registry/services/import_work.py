"""The work on an import, in the background: looking at its file, applying it; again where it broke off."""

from datetime import datetime
from threading import Thread

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts.queries import Body
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger.files import FileStore
from doublerandom.registry import queries
from doublerandom.registry.claims import Claim
from doublerandom.registry.intake.beside import reader_of
from doublerandom.registry.intake.importing import Import, import_file
from doublerandom.registry.intake.listing import ListingReport
from doublerandom.registry.models import ImportJob, ImportState
from doublerandom.registry.services.imports import WORKING, move_import

log = structlog.get_logger("doublerandom.registry")


def work_in_background(engine: Engine, settings: Settings, job_id: int) -> bool:
    """
    Begin to work on an import that is to be looked at or applied; False where somebody works on it already.

    In tests it is done at once. A process that ends leaves nothing half applied, and the import can go on.
    """
    claim = Claim(settings, job_id)
    if not claim.taken:
        claim.release()
        return False
    if settings.testing:
        work(engine, settings, job_id, claim)
    else:
        Thread(target=work, args=(engine, settings, job_id, claim), name=f"import-{job_id}").start()
    return True


def work(engine: Engine, settings: Settings, job_id: int, claim: Claim) -> None:
    """Look at the file of an import, or apply it, as its state says; what goes wrong is told in its row."""
    with claim, Session(engine) as session:
        job = queries.job_by_id(session, job_id)
        state, by = job.state, job.changed_by
        session.rollback()
        if state not in WORKING:
            return
        try:
            carry_on(session, settings, job_id, claim)
        except DoubleRandomError as error:
            session.rollback()
            _fail(session, job_id, by, error.code, {**error.params, "file": job.filename})
        except (
            Exception
        ):  # a disk that fails, a database that closes: the page must say that nothing was applied
            log.exception("import failed", job=job_id)
            session.rollback()
            _fail(session, job_id, by, "unexpected", {})


def carry_on(
    session: Session, settings: Settings, job_id: int, claim: Claim, *, at: datetime | None = None
) -> None:
    """Look at a file or apply it, as its state says; inside the caller's command, if there is one."""
    job = queries.job_by_id(session, job_id)
    step = _examine if job.state is ImportState.EXAMINING else _apply
    step(session, settings, job_id, claim, at or clock.now())


def _fail(session: Session, job_id: int, by: str, code: str, params: dict[str, object]) -> None:
    told = {name: value if isinstance(value, int) else str(value) for name, value in params.items()}
    error = {"code": code, "params": told}
    move_import(session, job_id, ImportState.FAILED, WORKING, by=by, at=clock.now(), error=error)


def _examine(session: Session, settings: Settings, job_id: int, claim: Claim, at: datetime) -> None:
    """Do all that applying would do, undo it, and keep what became of each row."""
    store = FileStore(settings.files_dir)
    job = queries.job_by_id(session, job_id)
    with ListingReport() as report:
        _import(session, settings, job, report, claim, dry_run=True, at=at)
        facts = _facts(report, store, job)
        move_import(
            session, job_id, ImportState.EXAMINED, (ImportState.EXAMINING,), by=job.changed_by, at=at, **facts
        )


def _apply(session: Session, settings: Settings, job_id: int, claim: Claim, at: datetime) -> None:
    """Apply the file and say so, in one transaction."""
    store = FileStore(settings.files_dir)
    with ListingReport() as report, transaction(session):
        job = queries.job_by_id(session, job_id)
        _import(session, settings, job, report, claim, dry_run=False, at=at)
        facts = {**_facts(report, store, job), "batch_id": report.batch_id}
        move_import(
            session, job_id, ImportState.APPLIED, (ImportState.APPLYING,), by=job.changed_by, at=at, **facts
        )


def _import(
    session: Session,
    settings: Settings,
    job: ImportJob,
    report: ListingReport,
    claim: Claim,
    *,
    dry_run: bool,
    at: datetime,
) -> None:
    body = session.get_one(Body, job.body_id)
    store = FileStore(settings.files_dir)
    path = store.path(job.sha256)
    store.verify(job.sha256)
    claim.begin(job.size)
    with reader_of(path, kind=job.kind, places=job.places) as reader:
        what = Import(
            job.kind,
            path,
            job.changed_by,
            at,
            body=body,
            prefix=job.prefix,
            dry_run=dry_run,
            reader=reader,
            filename=job.filename,
            sender=job.sender,
            places=dict(job.places),
            updates=job.updates,
            within=body.path,
            mends_id=job.mends_id,
            shared=True,
            settings=settings,
            on=job.day,
        )
        import_file(session, what, report, progress=claim.tell)


def _facts(report: ListingReport, store: FileStore, job: ImportJob) -> dict[str, object]:
    """What the row of an import says after it was read."""
    counts = {**report.groups, "joined": report.joined}
    return {
        "counts": counts,
        "files": report.keep(store, list(job.header)),
        "about": dict(report.about),
        "total": sum(n for group, n in report.groups.items() if group != "noted"),
        "error": {},
    }
