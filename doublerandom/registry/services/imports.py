"""Imports at the desk: a file is brought, its columns are told, it is looked at, applied or discarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from sqlmodel import Session

from doublerandom.accounts.queries import Body
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger.files import FileStore, keep_file
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import ImportMapped, ImportMoved, ImportUploaded
from doublerandom.registry.errors import (
    ColumnsChosenTwiceError,
    ImportFileTooLargeError,
    InvalidRecordError,
    NotRegistrationSourceError,
    UnreadableFileError,
    WrongImportStateError,
)
from doublerandom.registry.intake.columns import KINDS
from doublerandom.registry.intake.mapping import checked_places, guessed_places, signature_of
from doublerandom.registry.intake.tables import Table
from doublerandom.registry.models import ImportJob, ImportMapping, ImportState
from doublerandom.registry.texts import check_text

REGISTRATION_LINE: Final = "scjg"
"""The line of work whose bodies register enterprises: their files change base fields."""

WORKING: Final = (ImportState.EXAMINING, ImportState.APPLYING)
SAMPLES: Final = 3
_SHOWN: Final = 60
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Upload:
    """A file as it came, and who sent it; `mends_id` is the batch whose refused rows it holds."""

    stream: IO[bytes]
    filename: str
    kind: str
    sender: str
    mends_id: int | None = None


def upload_import(
    session: Session, settings: Settings, upload: Upload, *, body: Body, by: str, at: datetime
) -> ImportJob:
    """
    Take a file in to be imported: it is stored, its header and first rows are read; nothing is applied.

    What its columns mean is proposed: as it was last said of this sender's files with this header, else by
    the headings.

    Raises:
        ImportFileTooLargeError: Larger than `settings.import_file_mb`.
        UnreadableFileError: No table that we can read; its kinds say why.
    """
    if upload.kind not in KINDS:
        raise InvalidRecordError(
            field="kind", value=upload.kind, reason=f"expected one of {', '.join(KINDS)}"
        )
    sender, filename = upload.sender.strip() or body.name, Path(upload.filename).name[:255] or "—"
    check_text("sender", sender, longest=128, needed=True)
    assert body.id is not None
    with TemporaryDirectory(prefix="doublerandom-upload-") as folder:
        path = Path(folder) / "file"
        size = _received(upload.stream, path, limit=settings.import_file_mb)
        facts = _first_look(path, filename, upload.kind)
        with transaction(session):
            remembered = queries.remembered_mapping(
                session,
                body_id=body.id,
                kind=upload.kind,
                sender=sender,
                signature=signature_of(facts["header"]),
            )
            job = ImportJob(
                kind=upload.kind,
                filename=filename,
                sha256=keep_file(session, FileStore(settings.files_dir), path, kind="import", at=at),
                size=size,
                body_id=body.id,
                sender=sender,
                by=by,
                at=at,
                changed_at=at,
                changed_by=by,
                mends_id=upload.mends_id,
                places=remembered.places if remembered else guessed_places(upload.kind, facts["header"]),
                **facts,
            )
            session.add(job)
            session.flush()
            act = ImportUploaded(
                on_id=str(job.id), kind=job.kind, filename=filename, sha256=job.sha256, sender=sender
            )
            put_on_record(session, act, by=by, at=at, after=job)
    return job


def _received(stream: IO[bytes], path: Path, *, limit: int) -> int:
    """Write a stream to a file; gives its size, or raises ImportFileTooLargeError."""
    size = 0
    with path.open("wb") as file:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > limit << 20:
                raise ImportFileTooLargeError(limit=limit)
            file.write(piece)
    return size


def _first_look(path: Path, filename: str, kind: str) -> dict[str, Any]:
    """Header, first rows, sheet."""
    try:
        with Table(path, kind=kind) as table:
            chunk = next(table.chunks(), None)
            rows = [row for row in (chunk.rows if chunk else [])[:50] if any(row)][:SAMPLES]
            samples = [[cell[:_SHOWN] for cell in row] for row in rows]
            return {"header": list(table.header), "samples": samples, "about": dict(table.about)}
    except UnreadableFileError as error:
        error.params["file"] = filename
        raise


def examine_import(
    session: Session,
    job_id: int,
    *,
    places: Mapping[str, int],
    updates: bool,
    by: str,
    at: datetime,
    prefix: str = "",
    day: date | None = None,
    chosen_twice: bool = False,
) -> ImportJob:
    """
    Say what the columns mean, and let the file be looked at; what is said is remembered for its sender.

    Args:
        session: The session of the command.
        job_id: Which.
        places: The column (from 0) of each field.
        updates: Its sender is the registration source: base fields of known subjects follow the file.
        by: Person token.
        at: Now.
        prefix: What codes of items begin with.
        day: The day of classes, where the file names none.
        chosen_twice: Two columns were given the same meaning.

    Raises:
        MissingColumnsError, ColumnsChosenTwiceError: The columns do not give what the kind needs.
        NotRegistrationSourceError: The importing body registers nobody.
        WrongImportStateError: It is being worked on, applied or discarded.
    """
    check_text("prefix", prefix, longest=16)
    if chosen_twice:
        raise ColumnsChosenTwiceError
    with transaction(session):
        job = _in_state(session, job_id, ImportState.UPLOADED, ImportState.EXAMINED, ImportState.FAILED)
        checked = checked_places(job.kind, job.header, places)
        body = session.get_one(Body, job.body_id)
        if updates and (job.kind != "subjects" or body.line != REGISTRATION_LINE):
            raise NotRegistrationSourceError
        _remember(session, job, checked, by=by, at=at)
        job.sqlmodel_update(
            {
                "places": checked,
                "updates": updates,
                "prefix": prefix.strip(),
                "day": day,
                "state": ImportState.EXAMINING,
                "changed_at": at,
                "changed_by": by,
                "error": {},
            }
        )
        put_on_record(
            session, ImportMapped(on_id=str(job.id), places=checked, updates=updates), by=by, at=at, after=job
        )
    return job


def _remember(session: Session, job: ImportJob, places: dict[str, int], *, by: str, at: datetime) -> None:
    """Keep what a person said otherwise than the headings, or than was said last."""
    signature = signature_of(job.header)
    known = queries.remembered_mapping(
        session, body_id=job.body_id, kind=job.kind, sender=job.sender, signature=signature
    )
    if places == (known.places if known else guessed_places(job.kind, job.header)):
        return
    session.add(
        ImportMapping(
            body_id=job.body_id,
            sender=job.sender,
            kind=job.kind,
            signature=signature,
            places=places,
            by=by,
            at=at,
        )
    )


def apply_import(session: Session, job_id: int, *, by: str, at: datetime) -> ImportJob:
    """Let an import that was looked at be applied, as one batch; raise WrongImportStateError otherwise."""
    return move_import(session, job_id, ImportState.APPLYING, (ImportState.EXAMINED,), by=by, at=at)


def discard_import(session: Session, job_id: int, *, by: str, at: datetime) -> ImportJob:
    """Apply nothing of a file; raise WrongImportStateError where it is being worked on or applied."""
    open_states = (ImportState.UPLOADED, ImportState.EXAMINED, ImportState.FAILED)
    return move_import(session, job_id, ImportState.DISCARDED, open_states, by=by, at=at)


def move_import(
    session: Session,
    job_id: int,
    state: ImportState,
    before: tuple[ImportState, ...],
    *,
    by: str,
    at: datetime,
    **facts: Any,
) -> ImportJob:
    """Bring an import from one of the states `before` to another, with these facts."""
    with transaction(session):
        job = _in_state(session, job_id, *before)
        job.sqlmodel_update({"state": state, "changed_at": at, "changed_by": by, **facts})
        act = ImportMoved(on_id=str(job.id), state=state.value, counts=dict(job.counts))
        put_on_record(session, act, by=by, at=at, after=job)
    return job


def _in_state(session: Session, job_id: int, *states: ImportState) -> ImportJob:
    job = queries.job_by_id(session, job_id)
    if job.state not in states:
        raise WrongImportStateError(state=job.state.value)
    return job
