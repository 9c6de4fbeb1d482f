"""One import, one transaction: a file is read, judged and applied, with its report; or nothing is changed."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, SQLModel

from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry.acts import BatchImported
from doublerandom.registry.errors import InvalidRecordError
from doublerandom.registry.intake.areas import Area
from doublerandom.registry.intake.beside import Reader
from doublerandom.registry.intake.cells import BLANKS, cleaned
from doublerandom.registry.intake.class_rows import take_classes
from doublerandom.registry.intake.columns import Columns, columns_of
from doublerandom.registry.intake.findings import REFUSED, REPEATED, Finding, finding, joined
from doublerandom.registry.intake.journal import plain_journal
from doublerandom.registry.intake.lists import ConflictRows, InspectorRows, ItemRows, RefusedRow, Rows
from doublerandom.registry.intake.plan_rows import PlanRows
from doublerandom.registry.intake.reading import Judged
from doublerandom.registry.intake.reports import Report
from doublerandom.registry.intake.subject_rows import formula_error
from doublerandom.registry.intake.subject_writing import ChangeSource, SubjectWriter
from doublerandom.registry.intake.tables import Table
from doublerandom.registry.intake.tie_rows import LinkRows, TieRows
from doublerandom.registry.intake.visit_rows import VisitRows
from doublerandom.registry.models import ImportBatch
from doublerandom.registry.services.membership import join_pool

KINDS: Final = ("subjects", "inspectors", "items", "conflicts", "classes", "plans", "visits", "ties", "links")
_UNCOMPARED: Final = {
    "id",
    "batch_id",
    "by",
    "at",
    "decided_by",
    "decided_at",
    "status",
    "source",
    "version",
    "active",
}
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Import:
    """
    What is imported, by whom, and what the file itself does not say.

    `reader` is the process that reads a large file beside (see `beside`); without it the file is read here.
    `places` is where a person said the fields are. `updates` says that the sender is the registration source:
    base fields of known subjects follow the file. Rows for bodies outside the path `within`, and for
    subjects outside the body's region, are refused.
    `mends_id` is the batch whose refused rows these are; `shared` that others use the database meanwhile.
    """

    kind: str
    path: Path
    by: str
    at: datetime
    body: Body | None = None
    prefix: str = ""
    dry_run: bool = False
    reader: Reader | None = None
    filename: str = ""
    sender: str = ""
    places: Mapping[str, int] | None = None
    updates: bool = False
    within: str = ""
    mends_id: int | None = None
    shared: bool = False
    on: date | None = None
    settings: Settings | None = None

    @property
    def name(self) -> str:
        """How its sender calls the file."""
        return (self.filename or self.path.name)[:255]


class _RehearsedError(Exception):
    """Ends the transaction of a dry run."""


def import_file(
    session: Session, what: Import, report: Report, *, progress: Progress = lambda _position: None
) -> Columns:
    """
    Import a file: every row is taken, refused, or found to be repeated; any error leaves nothing behind.

    Args:
        session: The session of the command.
        what: Kind, file, person and moment; a dry run does all of it and then undoes it.
        report: Takes the counts and findings.
        progress: Called with the number of bytes read so far.

    Returns:
        The columns of the file, for whoever writes the refused rows.

    Raises:
        UnreadableFileError, MissingColumnsError, RepeatedColumnError: The file cannot be used.
    """
    if what.kind not in KINDS:
        raise InvalidRecordError(field="kind", value=what.kind, reason=f"expected one of {', '.join(KINDS)}")
    with Table(what.path, kind=what.kind) as table:
        report.about = table.about
        also = ("body",) if what.kind == "inspectors" and what.body is None else ()
        columns = columns_of(what.kind, table.header, also=also, given=what.places)
    inside = bool(session.info.get("in_command"))
    try:
        with (
            plain_journal(session, wanted=what.reader is not None and not what.shared),
            transaction(session),
            _rehearsal(session, what, inside=inside),
        ):
            _import(session, what, columns, report, progress)
            _end_rehearsal(what)
    except _RehearsedError:
        pass
    return columns


def _rehearsal(session: Session, what: Import, *, inside: bool) -> AbstractContextManager[object]:
    """Inside another command a dry run is a savepoint of its own, so that it undoes itself alone."""
    return session.begin_nested() if what.dry_run and inside else nullcontext()


def _end_rehearsal(what: Import) -> None:
    if what.dry_run:
        raise _RehearsedError


def _import(session: Session, what: Import, columns: Columns, report: Report, progress: Progress) -> None:
    batch = ImportBatch(
        kind=what.kind,
        filename=what.name,
        sha256="",
        by=what.by,
        at=what.at,
        body_id=what.body.id if what.body else None,
        sender=what.sender,
        mends_id=what.mends_id,
    )
    session.add(batch)
    session.flush()
    assert batch.id is not None
    if what.kind == "subjects":
        batch.sha256 = _take_subjects(session, what, columns, report, batch_id=batch.id, progress=progress)
    elif what.kind == "classes":
        batch.sha256 = _take_classes(session, what, columns, report, batch_id=batch.id, progress=progress)
    else:
        batch.sha256 = _take_list(session, what, columns, report, batch_id=batch.id, progress=progress)
    counts = report.counts.__dict__
    batch.sqlmodel_update({**counts, "joined": report.joined})
    report.batch_id = batch.id
    act = BatchImported(
        on_id=str(batch.id),
        kind=what.kind,
        filename=batch.filename,
        sha256=batch.sha256,
        joined=report.joined,
        **counts,
    )
    put_on_record(session, act, by=what.by, at=what.at, after=batch)


def _take_subjects(
    session: Session, what: Import, columns: Columns, report: Report, *, batch_id: int, progress: Progress
) -> str:
    """Read, judge and write the file of subjects as a stream; gives its hash."""
    judged = Judged(what.path, what.reader, places=what.places)
    source = ChangeSource(what.name, what.by, what.at, updates=what.updates)
    listed = what.body if what.body is not None and what.body.pool == "listed" else None
    writer = SubjectWriter(
        session,
        columns,
        report,
        batch_id=batch_id,
        source=source,
        lists_codes=listed is not None,
        area=Area.of(what.body, what.within),
    )
    try:
        for chunk in judged:
            writer.take(chunk)
            progress(chunk.position)
        writer.settle()
    finally:
        writer.close()
    if listed is not None and listed.id is not None:
        report.joined = join_pool(
            session, writer.members(), listed.id, by=what.by, at=what.at, reason=what.name, batch_id=batch_id
        )
    return judged.sha256


def _take_classes(
    session: Session, what: Import, columns: Columns, report: Report, *, batch_id: int, progress: Progress
) -> str:
    """Take the monthly classes in bulk; gives the file's hash."""
    facts = {"batch_id": batch_id, "source": what.name, "by": what.by, "at": what.at}
    with Table(what.path, kind=what.kind) as table:
        return take_classes(session, columns, report, table, progress, on=what.on, body=what.body, **facts)


def _take_list(
    session: Session, what: Import, columns: Columns, report: Report, *, batch_id: int, progress: Progress
) -> str:
    """Take one of the short lists row by row; gives the file's hash."""
    taker = _ListTaker(session, columns, report, _rows_of(session, what, columns), batch_id)
    with Table(what.path, kind=what.kind) as table:
        for chunk in table.chunks():
            for line, cells in zip(chunk.lines, chunk.rows, strict=True):
                taker.take(line, cells)
            session.flush()
            progress(table.read_bytes)
        return table.sha256


def _rows_of(session: Session, what: Import, columns: Columns) -> Rows:
    if what.kind == "inspectors":
        return InspectorRows(session, columns, body=what.body, within=what.within)
    if what.kind == "items":
        return ItemRows(session, columns, body=what.body, prefix=what.prefix)
    if what.kind == "plans":
        return PlanRows(session, columns, body=what.body, prefix=what.prefix, by=what.by, at=what.at)
    return _fact_rows_of(session, what, columns)


def _fact_rows_of(session: Session, what: Import, columns: Columns) -> Rows:
    """The rules of lists that tell of two sides: who visited, who is tied or linked to whom."""
    facts: dict[str, Any] = {"by": what.by, "at": what.at}
    area = Area.of(what.body, what.within)
    if what.kind == "visits":
        return VisitRows(session, columns, body=what.body, area=area, **facts)
    if what.kind == "ties":
        return TieRows(session, columns, area=area, **facts)
    if what.kind == "links":
        return LinkRows(session, columns, settings=what.settings, area=area, **facts)
    return ConflictRows(session, columns, on=local(what.at).date(), within=what.within, **facts)


class _ListTaker:
    """Takes rows of a short list into the session, the first of each key."""

    def __init__(self, session: Session, columns: Columns, report: Report, rows: Rows, batch_id: int) -> None:
        self._session = session
        self._columns = columns
        self._report = report
        self._rows = rows
        self._batch = batch_id
        self._taken: dict[str, tuple[int, SQLModel]] = {}

    def take(self, line: int, cells: Sequence[str]) -> None:
        if not any(cell.strip(BLANKS) for cell in cells):
            return
        if wrong := formula_error(self._columns, line, cells):
            self._refuse(wrong, cells)
            return
        width = len(self._columns.header)
        if len(cells) < width or any(cell.strip(BLANKS) for cell in cells[width:]):
            where = {
                "where_zh": f"应有 {width} 列，实有 {len(cells)} 列",
                "where_en": f"{len(cells)} cells, not {width}",
            }
            self._refuse(
                finding(line, REFUSED, "broken_quoting_shifted_columns", ",".join(cells), **where), cells
            )
            return
        texts = cleaned(self._columns, self._columns.values(cells), line)
        try:
            record = self._rows.record(line, texts.values)
        except RefusedRow as refused:
            self._refuse(refused.finding, cells)
            return
        self._take_first(line, record, texts.notes)

    def _refuse(self, found: Finding, cells: Sequence[str]) -> None:
        self._report.add(found)
        self._report.refuse(cells)

    def _take_first(self, line: int, record: SQLModel, notes: list[Finding]) -> None:
        key = self._rows.key(record)
        if key in self._taken:
            first, kept = self._taken[key]
            self._report.add(self._repeated(line, key, record, kept, first))
        elif (registered := self._rows.kept(record)) is not None:
            self._report.add(self._repeated(line, key, record, registered, 0))
        else:
            self._taken[key] = (line, record)
            self._session.add(record.sqlmodel_update({"batch_id": self._batch}))
            self._report.accepted += 1
            self._report.took(line, key, str(getattr(record, "name", "")))
            if notes:
                self._report.add(joined(notes))

    def _repeated(self, line: int, key: str, record: SQLModel, kept: SQLModel, first: int) -> Finding:
        """The entry for a repeated key; where fields differ it shows both, what was kept first."""
        differences = "；".join(
            f"{field}：{_shown(getattr(kept, field))} ≠ {_shown(getattr(record, field))}"
            for field in type(record).model_fields
            if field not in _UNCOMPARED and getattr(kept, field) != getattr(record, field)
        )
        code = ("duplicate_code" if first else "already_registered") + "_fields_differ"
        if not differences:
            code = "duplicate_row" if first else "already_registered"
        return finding(line, REPEATED, code, key, differences=differences, first=first)


def _shown(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
