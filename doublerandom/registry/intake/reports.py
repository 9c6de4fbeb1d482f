"""The report of an import: counts, and what became of each row that was not simply taken."""

import csv
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Self

from doublerandom.registry.intake.findings import CHANGED, NOTED, REFUSED, REPEATED, Finding


@dataclass(frozen=True)
class Counts:
    """How many rows were taken, refused, repeated, taken with a note (among those taken); known, changed."""

    accepted: int
    refused: int
    repeated: int
    noted: int
    changed: int = 0


class Report:
    """
    Findings and refused rows of one import, kept in temporary files until it is known that the import holds.

    Findings are added in the order of lines, repeated ones in an order of their own; both come out as one.
    """

    lists = False  # whether `took` wants to hear of every row taken

    def __init__(self) -> None:
        self.accepted = 0
        self.about: dict[str, Any] = {}
        self.joined = 0
        self.batch_id: int | None = None
        self.counter: Counter[str] = Counter()
        self._findings = _spool()
        self._repeated = _spool()
        self._refused = _spool()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._findings, self._repeated, self._refused):
            file.close()

    def add(self, found: Finding) -> None:
        """One entry; those of one outcome come by line."""
        self.counter[found.outcome] += 1
        file = self._repeated if found.outcome in {REPEATED, CHANGED} else self._findings
        file.write(json.dumps(found, ensure_ascii=False) + "\n")

    def took(self, line: int, key: str, name: str) -> None:
        """A row was taken; heard by reports that list them."""

    def add_all(self, found: Iterable[Finding]) -> None:
        """Several entries, by line."""
        for one in found:
            self.add(one)

    def refuse(self, cells: Sequence[str]) -> None:
        """The original cells of a refused row."""
        self._refused.write(json.dumps(list(cells), ensure_ascii=False) + "\n")

    @property
    def counts(self) -> Counts:
        """The numbers so far."""
        outcomes = (REFUSED, REPEATED, NOTED, CHANGED)
        return Counts(self.accepted, *(self.counter[outcome] for outcome in outcomes))

    def findings(self) -> Iterator[Finding]:
        """All entries by line."""
        both = (_read(self._findings), _read(self._repeated))
        yield from (Finding(*found) for found in merge(*both, key=lambda found: int(found[0])))

    def write_json(self, path: Path) -> None:
        """Write the report as JSON: the counts, then the rows; a reader never sees half of it."""
        with _replacing(path, encoding="utf-8") as file:
            self.dump(file)

    def dump(self, file: IO[str]) -> None:
        """The report as JSON, one row of it a line; of a workbook also which sheet and what was left out."""
        numbers = {name: n for name, n in self.counts.__dict__.items() if n or name != CHANGED}
        counts = json.dumps(numbers)[1:-1]
        about = json.dumps(self.about, ensure_ascii=False)[1:-1]
        file.write(f'{{{counts}, {about}{", " if about else ""}"rows": [')
        for number, found in enumerate(self.findings()):
            file.write(",\n" if number else "\n")
            json.dump(found._asdict(), file, ensure_ascii=False)
        file.write("]}\n")

    def write_refused(self, path: Path, header: Sequence[str]) -> None:
        """Write the refused rows in the original columns, as UTF-8 with a byte order mark, to be mended."""
        with _replacing(path, encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(_read(self._refused))


def _spool() -> IO[str]:
    return TemporaryFile("w+", encoding="utf-8", errors="surrogatepass")


def _read(file: IO[str]) -> Iterable[list[Any]]:
    file.seek(0)
    return map(json.loads, file)


class _replacing:  # noqa: N801 - reads as a verb where it is used
    """A file that takes its place only when it is written to the end."""

    def __init__(self, path: Path, *, encoding: str) -> None:
        self.path = path
        self.fresh = path.with_name(f".{path.name}.{os.getpid()}")
        self.file = self.fresh.open("w", encoding=encoding, newline="")

    def __enter__(self) -> IO[str]:
        return self.file

    def __exit__(self, kind: object, *_: object) -> None:
        self.file.close()
        if kind is None:
            self.fresh.replace(self.path)
        else:
            self.fresh.unlink()
