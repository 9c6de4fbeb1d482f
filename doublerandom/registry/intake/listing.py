"""A report that lists every row by what becomes of it, for the pages of the desk."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from doublerandom.ledger.files import FileStore
from doublerandom.registry.intake.findings import CHANGED, NOTED, REFUSED, Finding
from doublerandom.registry.intake.reports import Report
from doublerandom.web import Page

NEW: Final = "new"
DIFFERING: Final = "differing"
UNCHANGED: Final = "unchanged"
REPEATED_HERE: Final = "repeated"
GROUPS: Final = (NEW, CHANGED, DIFFERING, UNCHANGED, REPEATED_HERE, REFUSED, NOTED)
REFUSED_ROWS: Final = "refused_rows"


class ListingReport(Report):
    """
    Findings and the rows taken, in one file for each group, a line for each row.

    The groups: new; changed (base fields follow the file); differing (known, the record was kept); unchanged
    (known, the same); repeated (in the file); refused; noted (taken, with a note).
    """

    lists = True

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory(prefix="doublerandom-import-")
        self._groups: dict[str, IO[str]] = {}
        self.groups: dict[str, int] = {}

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        for file in self._groups.values():
            file.close()
        self._folder.cleanup()

    def took(self, line: int, key: str, name: str) -> None:
        """A row was taken as new."""
        self._write(NEW, [line, NEW, "", key, name, name])

    def add(self, found: Finding) -> None:
        """See Report."""
        super().add(found)
        self._write(group_of(found), list(found))

    def keep(self, store: FileStore, header: list[str]) -> dict[str, str]:
        """Put the groups, and the refused rows as CSV to be mended, into the store; gives their names."""
        kept = {}
        for group, file in self._groups.items():
            file.flush()
            kept[group] = store.put(Path(file.name))
        if self.counts.refused:
            path = Path(self._folder.name) / "refused.csv"
            self.write_refused(path, header)
            kept[REFUSED_ROWS] = store.put(path)
        return kept

    def _write(self, group: str, row: list[Any]) -> None:
        if group not in self._groups:
            path = Path(self._folder.name) / group
            self._groups[group] = path.open("w", encoding="utf-8", errors="surrogatepass")
        self._groups[group].write(json.dumps(row, ensure_ascii=True) + "\n")
        self.groups[group] = self.groups.get(group, 0) + 1


def group_of(found: Finding) -> str:
    """The group of rows that an entry belongs to."""
    if found.outcome in {REFUSED, NOTED, CHANGED}:
        return found.outcome
    if found.code == "already_registered":
        return UNCHANGED
    return DIFFERING if found.code.startswith("already_registered") else REPEATED_HERE


def page_of(store: FileStore, sha256: str, *, after: int, size: int) -> Page[Finding]:
    """A page of a group of rows, from the line that begins at the byte `after` of its file, or the next."""
    with store.open(sha256, verify=False) as file:
        file.seek(max(after - 1, 0))
        if after:
            file.readline()
        found = [Finding(*json.loads(line)) for _, line in zip(range(size), file, strict=False)]
        here = file.tell()
        more = bool(file.read(1))
    return Page(rows=found, next_after=str(here) if more else "")


def rows_of(store: FileStore, sha256: str) -> Iterator[Finding]:
    """All rows of a group."""
    with store.open(sha256, verify=False) as file:
        for line in file:
            yield Finding(*json.loads(line))
