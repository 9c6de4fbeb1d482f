"""
Judged rows of subjects into their table, in bulk, the first row of each code kept.

Into an empty SQLite table rows go without the unique index, which is built at the end: half the time.
Until then whoever reads doubts every code that came before in the file, and a few others; doubted rows are
put aside and settled under the index, in their order.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Index, RowMapping, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from doublerandom.registry.intake.areas import Area
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.findings import CHANGED, REFUSED, REPEATED, Finding, finding
from doublerandom.registry.intake.reports import Report
from doublerandom.registry.intake.subject_chunks import JudgedChunk, stored_fields
from doublerandom.registry.models import RegistrationStatus, Subject
from doublerandom.registry.queries import subject_ids_by_codes
from doublerandom.registry.services.subject_changes import change_subjects

WITHDRAWN: Final = RegistrationStatus.WITHDRAWN.value
MANY_ASIDE: Final = 5_000
CACHE_KIB: Final = 16_384
_KIND: Final = (
    "CASE WHEN {code} >= '94' OR {code} < '91' THEN 'institution' WHEN {code} >= '93' THEN 'cooperative' "
    "WHEN {code} >= '92' THEN 'self_employed' ELSE 'enterprise' END"
)
_REGION: Final = "substr({code}, 3, 6)"
_DEFAULTS: Final = {
    "kind": _KIND,
    "region": _REGION,
    "status": "'active'",
    "established": "NULL",
    "credit_class_on": "NULL",
}
_DATES: Final = ("established", "credit_class_on")
FIELDS: Final = (
    "code",
    "kind",
    "name",
    "region",
    "address",
    "industry",
    "authority",
    "status",
    "established",
    "category",
    "capital",
    "business",
    "credit_class",
    "credit_class_on",
)


class Aside(NamedTuple):
    """A row whose code may have come before, with its note, if it has one."""

    line: int
    values: tuple[str, ...]
    note: Finding | None


def expressions(fields: Sequence[str], names: Sequence[str], *, date_type: str = "") -> dict[str, str]:
    """
    SQL for each column of the table, from the names (or places) of a file's fields.

    Where the file says nothing, the region and kind of a subject are those that its code was issued with.

    Args:
        fields: What the file gives.
        names: How each of them is called in the statement.
        date_type: A cast for dates (`::date`), where texts are no dates.
    """
    given = dict(zip(fields, names, strict=True))
    made = {}
    for column in FIELDS:
        default = _DEFAULTS.get(column, "''").format(code=given["code"])
        if column not in given:
            made[column] = default
        elif column in _DATES:
            made[column] = f"nullif({given[column]}, ''){date_type}"
        elif column in _DEFAULTS:
            made[column] = f"coalesce(nullif({given[column]}, ''), {default})"
        else:
            made[column] = given[column]
    return made


class ChangeSource(NamedTuple):
    """Who changes known subjects, and whether base fields follow the file (it is the registration source)."""

    name: str = ""
    by: str = ""
    at: datetime | None = None
    updates: bool = False


class SubjectWriter:
    """Takes the judged chunks of one file into the table, inside the import's transaction."""

    def __init__(
        self,
        session: Session,
        columns: Columns,
        report: Report,
        *,
        batch_id: int,
        source: ChangeSource,
        lists_codes: bool = False,
        area: Area = Area(),  # noqa: B008 - frozen
    ) -> None:
        self._session = session
        self._columns = columns
        self._report = report
        self._fields = stored_fields(columns)
        self._code = self._fields.index("code")
        self._batch = batch_id
        self._source = source
        self._changes: dict[str, dict[str, str | date | None]] = {}
        self._changed_lines: dict[str, int] = {}
        self._lists_codes = lists_codes
        self._area = area
        self._elsewhere: set[str] = set()
        self._codes: list[str] = []
        self._connection = session.connection()
        self._sqlite = self._connection.dialect.name == "sqlite"
        self._statement = self._insert_statement()
        self._aside: list[Aside] = []
        self._first_ids: list[int] = []
        self._lines: list[Sequence[int]] = []
        self._fresh = self._sqlite and self._last_id() == 0
        self._prepare()

    def take(self, chunk: JudgedChunk) -> None:
        """Apply a chunk: its rows, its findings, its refused rows."""
        for _, cells in chunk.refused:
            self._report.refuse(cells)
        fields = chunk.fields()
        if self._lists_codes:
            self._codes += fields[self._code :: len(self._fields)]
        rows: Iterable[tuple[str, ...]] = zip(*[iter(fields)] * len(self._fields), strict=True)
        doubted = set(chunk.doubted if self._fresh else self._known(fields[self._code :: len(self._fields)]))
        if self._area.limited:
            rows = list(rows)
            doubted |= {n for n, row in enumerate(rows) if not self._area.holds(self._region(row))}
        if doubted:
            self._take_new(chunk, list(rows), doubted)
        else:
            self._write(rows, chunk.lines)
            self._report.add_all(chunk.findings)
        if not self._fresh or len(self._aside) > MANY_ASIDE:
            self.settle()

    def settle(self) -> None:
        """Build the index, if it is not there, and settle what was put aside."""
        if self._fresh:
            _code_index().create(self._connection)
            self._fresh = False
        aside, self._aside = self._aside, []
        for row in aside:
            kept = self._kept(row.values[self._code])
            if kept is not None:
                self._report.add(self._repeated(row, kept))
                continue
            if not self._area.holds(self._region(row.values)):
                self._refuse(row)
                continue
            self._write([row.values], [row.line])
            if row.note:
                self._report.add(row.note)
        self._change_known()

    def members(self) -> list[str]:
        """The codes of the file that are in the registry now, refused or not; if codes are listed."""
        unknown = self._elsewhere - subject_ids_by_codes(self._session, self._elsewhere).keys()
        return [code for code in self._codes if code not in unknown]

    def close(self) -> None:
        """Give the connection its habits back."""
        if self._sqlite:
            self._connection.exec_driver_sql("PRAGMA cache_size=-2000")

    def _prepare(self) -> None:
        if self._sqlite:
            self._connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")
        else:
            self._connection.exec_driver_sql("LOCK TABLE registry_subject IN SHARE ROW EXCLUSIVE MODE")
        if self._fresh:
            _code_index().drop(self._connection)

    def _known(self, codes: list[str]) -> list[int]:
        """The places of the codes that came before, in the registry or among these."""
        known = subject_ids_by_codes(self._session, codes).keys()
        firsts = {code: n for n, code in reversed(list(enumerate(codes)))}
        return [n for n, code in enumerate(codes) if code in known or firsts[code] < n]

    def _take_new(self, chunk: JudgedChunk, rows: list[tuple[str, ...]], doubted: set[int]) -> None:
        """Take the rows of a chunk that are new for certain, put the others aside with their notes."""
        new = [n for n in range(len(rows)) if n not in doubted]
        self._write([rows[n] for n in new], [chunk.lines[n] for n in new])
        lines = {chunk.lines[n] for n in doubted}
        notes = {found.line: found for found in chunk.findings if found.line in lines}
        self._report.add_all(found for found in chunk.findings if found.line not in lines)
        for n in sorted(doubted):
            self._aside.append(Aside(chunk.lines[n], rows[n], notes.get(chunk.lines[n])))

    def _region(self, values: tuple[str, ...]) -> str:
        """Where a row says that its subject is; by its code, where it says nothing (see `expressions`)."""
        given = values[self._fields.index("region")] if "region" in self._fields else ""
        return given or values[self._code][2:8]

    def _refuse(self, row: Aside) -> None:
        """Refuse a new subject of elsewhere; of its cells those are kept that the import reads."""
        self._elsewhere.add(row.values[self._code])
        self._report.add(finding(row.line, REFUSED, "subject_elsewhere", row.values[self._code]))
        cells = [""] * len(self._columns.header)
        for field, value in zip(self._fields, row.values, strict=True):
            cells[self._columns.places[field]] = value
        self._report.refuse(cells)

    def _write(self, rows: Iterable[tuple[str, ...]], lines: Sequence[int]) -> None:
        if not len(lines):
            return
        if self._report.lists:
            rows = list(rows)
            self._tell_taken(rows, lines)
        if self._sqlite:
            self._connection.connection.driver_connection.executemany(self._statement, rows)  # type: ignore[union-attr]
        else:
            self._connection.exec_driver_sql(self._statement, tuple(map(list, zip(*rows, strict=True))))
        self._first_ids.append(self._last_id() - len(lines) + 1)
        self._lines.append(lines if isinstance(lines, range) else array("q", lines))
        self._report.accepted += len(lines)

    def _tell_taken(self, rows: Sequence[tuple[str, ...]], lines: Sequence[int]) -> None:
        name = self._fields.index("name")
        for line, row in zip(lines, rows, strict=True):
            self._report.took(line, row[self._code], row[name])

    def _change_known(self) -> None:
        """Let known subjects say what the registration source says of them."""
        changes, self._changes = self._changes, {}
        if changes and self._source.at is not None:
            change_subjects(
                self._session,
                changes,
                source=self._source.name,
                batch_id=self._batch,
                by=self._source.by,
                at=self._source.at,
            )

    def _insert_statement(self) -> str:
        """One statement for all chunks: row by row in SQLite, a chunk of columns at once in PostgreSQL."""
        count = len(self._fields)
        names = [f"?{n}" if self._sqlite else f"given.f{n}" for n in range(1, count + 1)]
        made = expressions(self._fields, names, date_type="" if self._sqlite else "::date")
        insert = f"INSERT INTO registry_subject ({', '.join(made)}, batch_id)"
        values = ", ".join((*made.values(), str(self._batch)))
        if self._sqlite:
            return f"{insert} VALUES ({values})"
        arrays = ", ".join(["%s::text[]"] * count)
        columns = ", ".join(f"f{n}" for n in range(1, count + 1))
        given = f"unnest({arrays}) WITH ORDINALITY AS given({columns}, n)"
        return f"{insert} SELECT {values} FROM {given} ORDER BY given.n"  # noqa: S608 - names of our own

    def _last_id(self) -> int:
        """The number of the newest row; those of one chunk follow one another: nobody else can write."""
        newest: int = self._session.execute(sa_select(func.coalesce(func.max(Subject.id), 0))).scalar_one()
        return newest

    def _kept(self, code: str) -> RowMapping | None:
        """The row that is in the table under this code."""
        columns = [col(getattr(Subject, field)) for field in ("id", "batch_id", *FIELDS)]
        return self._session.execute(sa_select(*columns).where(col(Subject.code) == code)).mappings().first()

    def _repeated(self, row: Aside, kept: RowMapping) -> Finding:
        """The entry for a repeated code; where fields differ it shows both, what was kept first."""
        value = row.values[self._code]
        here = kept["batch_id"] == self._batch
        if not here and not self._area.holds(kept["region"]):
            return finding(row.line, REPEATED, "already_registered_elsewhere", value)
        differences = "；".join(self._differences(row.values, kept))
        if not here and value in self._changed_lines:
            facts: dict[str, Any] = {"first": self._changed_lines[value], "differences": differences}
            return finding(row.line, REPEATED, "duplicate_code_fields_differ", value, **facts)
        if not here and (new := self._new_fields(row.values, kept)):
            self._changes[value], self._changed_lines[value] = new, row.line
            why = "withdrawn_taken_back" if kept["status"] == WITHDRAWN else "base_fields_changed"
            return finding(row.line, CHANGED, why, value, differences=differences)
        code = "duplicate_code_fields_differ" if here else "already_registered_fields_differ"
        if not differences:
            code = "duplicate_row" if here else "already_registered"
        first = self._line_of(kept["id"]) if here else 0
        return finding(row.line, REPEATED, code, value, differences=differences, first=first)

    def _new_fields(self, values: tuple[str, ...], kept: RowMapping) -> dict[str, str | date | None]:
        """What changes of a known subject: what the source says otherwise; an empty cell says nothing."""
        back = kept["status"] == WITHDRAWN
        if not (self._source.updates or back):
            return {}
        new: dict[str, str | date | None] = {"status": RegistrationStatus.ACTIVE.value} if back else {}
        for field, value in zip(self._fields, values, strict=True):
            was = kept[field].isoformat() if isinstance(kept[field], date) else kept[field] or ""
            if value and value != was:
                new[field] = date.fromisoformat(value) if field in _DATES else value
        return new

    def _differences(self, values: tuple[str, ...], kept: RowMapping) -> Iterator[str]:
        for field, value in zip(self._fields, values, strict=True):
            was = kept[field].isoformat() if isinstance(kept[field], date) else kept[field] or ""
            if value != was and not (value == "" and field in _DEFAULTS):
                yield f"{self._columns.heading(field)}：{was} ≠ {value}"

    def _line_of(self, subject_id: int) -> int:
        """The line of the file from which this row was taken."""
        place = bisect_right(self._first_ids, subject_id) - 1
        return self._lines[place][subject_id - self._first_ids[place]]


def _code_index() -> Index:
    """The unique index on codes."""
    indexes: set[Index] = Subject.__table__.indexes  # type: ignore[attr-defined]
    return next(index for index in indexes if index.name == "uq_registry_subject_code")
