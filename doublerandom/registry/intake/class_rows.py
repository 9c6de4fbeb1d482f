"""
Rows of the monthly credit-risk classes, in bulk: nothing is overwritten silently, every move stays on record.

A row that is older than the class on record is refused; one that says the same is repeated; what a file moved
from which class to which, and whom it did not name, is counted and kept with the batch.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, func, insert
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry.acts import ClassesImported
from doublerandom.registry.intake.cells import BLANKS, day_of
from doublerandom.registry.intake.codes import read_code
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.findings import REFUSED, REPEATED, Finding, finding
from doublerandom.registry.intake.reports import Report
from doublerandom.registry.intake.subject_rows import class_of
from doublerandom.registry.intake.tables import Table
from doublerandom.registry.models import ClassMove, RegistrationStatus, Subject, SubjectChange
from doublerandom.registry.queries.bodies import within_region
from doublerandom.registry.queries.subjects import chunks

MISSING: Final = "missing"
"""Where a subject with a class went that the file does not name."""

_KEEP: Final = (
    "INSERT INTO registry_subject_change (subject_id, field, was, now, day, source, reason, batch_id, by, at)"
    " SELECT given.id, given.field, given.was, given.now,"
    " alike.day, alike.source, alike.reason, alike.batch_id, alike.by, alike.at FROM {given}"
)
_VALUES: Final = (
    "(SELECT ? AS id, ? AS field, ? AS was, ? AS now) AS given"
    " JOIN registry_subject_change AS alike ON alike.id = ?"
)
_ARRAYS: Final = (
    "unnest(%s::int[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS given(id, field, was, now, n)"
    " JOIN registry_subject_change AS alike ON alike.id = %s"
)
_CHANGE: Final = (
    "UPDATE registry_subject SET credit_class = given.class, credit_class_on = given.day"
    " FROM unnest(%s::text[], %s::date[], %s::int[]) AS given(class, day, id)"
    " WHERE registry_subject.id = given.id"
)


class Known(NamedTuple):
    """A subject as the registry has it."""

    id: int
    credit_class: str
    day: str


class Row(NamedTuple):
    """A row as it was read; `day` is YYYY-MM-DD."""

    line: int
    code: str
    credit_class: str
    day: str


class ClassTaker:
    """Takes one file of classes, inside the import's transaction."""

    def __init__(
        self,
        session: Session,
        columns: Columns,
        report: Report,
        *,
        batch_id: int,
        source: str,
        by: str,
        at: datetime,
        on: date | None = None,
        body: Body | None = None,
    ) -> None:
        self._session = session
        self._columns = columns
        self._report = report
        self._batch = batch_id
        self._on = on.isoformat() if on else ""
        self._body = body
        self._today = local(at).date()
        self._shared: dict[str, Any] = {
            "day": self._today, "source": source, "reason": "", "batch_id": batch_id, "by": by, "at": at,
        }  # fmt: skip
        self._by, self._at = by, at
        self._moves: Counter[tuple[str, str]] = Counter()
        self._lines: dict[int, int] = {}
        self._pattern: int | None = None
        self._with_class = self._counted()

    def take(self, lines: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        """Judge some rows of the file and apply those that hold."""
        read, wrong = self._read(lines, rows)
        known = self._known([row.code for row in read])
        moved: list[tuple[Known, Row]] = []
        originals = dict(zip(lines, rows, strict=True))
        for row in read:
            found = self._judged(row, known.get(row.code), originals[row.line])
            if isinstance(found, Known):
                moved.append((found, row))
            elif found.outcome == REFUSED:
                wrong.append(found)
            else:
                self._report.add(found)
        for found in sorted(wrong):
            self._report.add(found)
            self._report.refuse(originals[found.line])
        self._write(moved)

    def settle(self) -> None:
        """Keep how many moved from where to where, and put that on record."""
        for was, number in sorted(self._with_class.items()):
            seen = sum(n for (before, _), n in self._moves.items() if before == was)
            if number > seen:
                self._moves[was, MISSING] = number - seen
        rows = [
            {"batch_id": self._batch, "was": was, "now": now, "number": number}
            for (was, now), number in sorted(self._moves.items())
        ]
        if rows:
            self._session.execute(insert(ClassMove), rows)
        act = ClassesImported(
            on_id=str(self._batch),
            on=date.fromisoformat(self._on) if self._on else self._today,
            moved=sum(n for (was, now), n in self._moves.items() if now not in {was, MISSING}),
            missing=sum(n for (_, now), n in self._moves.items() if now == MISSING),
        )
        put_on_record(self._session, act, by=self._by, at=self._at, after=rows)

    def _read(self, lines: Sequence[int], rows: Sequence[Sequence[str]]) -> tuple[list[Row], list[Finding]]:
        """The rows that can be read, and what is wrong with the others."""
        read: list[Row] = []
        wrong: list[Finding] = []
        places, width = self._columns.places, len(self._columns.header)
        for line, cells in zip(lines, rows, strict=True):
            if not any(cells) or not any(cell.strip(BLANKS) for cell in cells):
                continue
            if len(cells) != width:
                where = {"where_zh": f"应有 {width} 列，实有 {len(cells)} 列"}
                where["where_en"] = f"{len(cells)} cells, not {width}"
                text = ",".join(cells)
                wrong.append(finding(line, REFUSED, "broken_quoting_shifted_columns", text, **where))
                continue
            code = cells[places["code"]].strip(BLANKS).upper()
            given = cells[places["credit_class"]]
            credit_class = class_of(given)
            day = day_of(cells[places["credit_class_on"]]) if "credit_class_on" in places else ""
            if not credit_class:
                wrong.append(finding(line, REFUSED, "credit_class_unknown", given))
            elif day is None or not (day or self._on):
                value, heading = "", "分类日期"
                if "credit_class_on" in places:
                    value, heading = (
                        cells[places["credit_class_on"]],
                        self._columns.heading("credit_class_on"),
                    )
                wrong.append(finding(line, REFUSED, "date_unreadable", value, heading=heading))
            elif (day or self._on) > self._today.isoformat():
                wrong.append(finding(line, REFUSED, "class_from_the_future", day or self._on))
            else:
                read.append(Row(line, code, credit_class, day or self._on))
        return read, wrong

    def _judged(self, row: Row, known: Known | None, cells: Sequence[str]) -> Known | Finding:
        """The subject that a row moves (or finds where it was on another day), or why it does not."""
        if known is None:
            code = cells[self._columns.places["code"]]
            read = read_code(code)
            reason = read.refused or "subject_unknown"
            facts: dict[str, Any] = {"expected": read.expected, "length": len(code)}
            return finding(row.line, REFUSED, reason, code, why=read.why if read.refused else "", **facts)
        if known.id in self._lines:
            first = self._lines[known.id]
            return finding(row.line, REPEATED, "duplicate_row", row.code, first=first)
        if row.day < known.day:
            return finding(row.line, REFUSED, "class_older", row.credit_class, day=row.day, known=known.day)
        if row.day == known.day and row.credit_class != known.credit_class and known.credit_class:
            facts = {"day": row.day, "known": known.credit_class}
            return finding(row.line, REFUSED, "class_differs", row.credit_class, **facts)
        self._lines[known.id] = row.line
        self._moves[known.credit_class, row.credit_class] += 1
        if (row.day, row.credit_class) == (known.day, known.credit_class):
            return finding(row.line, REPEATED, "already_registered", row.code)
        return known

    def _known(self, codes: list[str]) -> dict[str, Known]:
        found: dict[str, Known] = {}
        names = ("code", "id", "credit_class", "credit_class_on")
        columns = [col(getattr(Subject, name)) for name in names]
        for some in chunks(sorted(set(codes))):
            statement = sa_select(*columns).where(col(Subject.code).in_(some), self._concerned())
            for code, number, credit_class, day in self._session.execute(statement):
                found[code] = Known(number, credit_class, day.isoformat() if day else "")
        return found

    def _concerned(self) -> Any:
        """Subjects that the file may name: of the body's region, if a body sends it."""
        kept = col(Subject.status) != RegistrationStatus.WITHDRAWN.value
        return and_(kept, within_region(col(Subject.region), self._body.region)) if self._body else kept

    def _counted(self) -> dict[str, int]:
        """How many subjects that the file may name have each class."""
        statement = (
            sa_select(col(Subject.credit_class), func.count())
            .where(self._concerned(), col(Subject.credit_class) != "")
            .group_by(col(Subject.credit_class))
            .order_by(col(Subject.credit_class))
        )
        return {row[0]: row[1] for row in self._session.execute(statement)}

    def _write(self, moved: Sequence[tuple[Known, Row]]) -> None:
        """Keep the changes and change the classes: statements of the driver's own, which are much faster."""
        if not moved:
            return
        changes = iter(self._changes(moved))
        if self._pattern is None:
            self._pattern = self._first(next(changes))
        connection = self._session.connection()
        classes = [(row.credit_class, row.day, known.id) for known, row in moved]
        if connection.dialect.name == "postgresql":
            rows = list(changes)
            if rows:
                columns = tuple(map(list, zip(*rows, strict=True)))
                connection.exec_driver_sql(
                    _KEEP.format(given=_ARRAYS) + " ORDER BY given.n", (*columns, self._pattern)
                )
            columns = tuple(map(list, zip(*classes, strict=True)))
            connection.exec_driver_sql(_CHANGE, columns)
        else:
            driver: Any = connection.connection.driver_connection
            driver.executemany(_KEEP.format(given=_VALUES), ((*row, self._pattern) for row in changes))
            driver.executemany(
                "UPDATE registry_subject SET credit_class = ?, credit_class_on = ? WHERE id = ?", classes
            )
        self._report.accepted += len(moved)

    def _first(self, change: tuple[int, str, str, str]) -> int:
        """The number of the first change of this file; all others have its day, source, person and time."""
        number, field, was, now = change
        row = SubjectChange(subject_id=number, field=field, was=was, now=now, **self._shared)
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def _changes(self, moved: Sequence[tuple[Known, Row]]) -> Iterator[tuple[int, str, str, str]]:
        for known, row in moved:
            if row.credit_class != known.credit_class:
                yield (known.id, "credit_class", known.credit_class, row.credit_class)
            if row.day != known.day:
                yield (known.id, "credit_class_on", known.day, row.day)


def take_classes(
    session: Session, columns: Columns, report: Report, table: Table, progress: Any, **facts: Any
) -> str:
    """Take the whole file in the session's transaction (facts: see `ClassTaker`); gives its hash."""
    taker = ClassTaker(session, columns, report, **facts)
    for chunk in table.chunks():
        taker.take(chunk.lines, chunk.rows)
        progress(table.read_bytes)
    taker.settle()
    session.expire_all()
    return table.sha256
