"""
Chunks of a file of subjects, read and judged: here, or beside the writing in a process of its own.

`python -m doublerandom.registry.intake.reading FILE [PLACES]` writes judged chunks to standard output.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from doublerandom.errors import InvalidInputError
from doublerandom.registry import errors
from doublerandom.registry.errors import UnreadableFileError
from doublerandom.registry.intake.beside import Reader
from doublerandom.registry.intake.columns import columns_of
from doublerandom.registry.intake.findings import Finding
from doublerandom.registry.intake.frames import Sender, frames
from doublerandom.registry.intake.seen import Seen
from doublerandom.registry.intake.subject_chunks import ChunkJudge, JudgedChunk
from doublerandom.registry.intake.tables import Table


class Judged:
    """The judged chunks of a file, read here or by a process beside; after the last one its hash is known."""

    def __init__(
        self, path: Path, reader: Reader | None = None, *, places: Mapping[str, int] | None = None
    ) -> None:
        self.path = path
        self.sha256 = ""
        self._reader = reader
        self._places = places

    def __iter__(self) -> Iterator[JudgedChunk]:
        yield from self._here() if self._reader is None else self._from(self._reader)

    def _here(self) -> Iterator[JudgedChunk]:
        with Table(self.path, kind="subjects") as table:
            judge = ChunkJudge(columns_of("subjects", table.header, given=self._places))
            seen = Seen(fields=len(judge.fields), place=judge.fields.index("code"))
            for chunk in judge.judge_table(table):
                yield chunk._replace(doubted=seen.doubted(chunk.cells))
            self.sha256 = table.sha256

    def _from(self, reader: Reader) -> Iterator[JudgedChunk]:
        for frame in frames(reader.stdout):
            if "failed" in frame:
                _raise_again(frame)
            if "sha256" in frame:
                self.sha256 = frame["sha256"]
                return
            yield _unpacked(frame)
        raise UnreadableFileError(file=self.path.name, reason="the reading process ended early")


def _unpacked(frame: dict[str, Any]) -> JudgedChunk:
    lines = frame["lines"]
    return JudgedChunk(
        frame["cells"],
        range(*lines) if type(lines) is tuple else lines,
        [Finding(*found) for found in frame["findings"]],
        frame["refused"],
        frame["position"],
        frame["doubted"],
    )


def _packed(chunk: JudgedChunk) -> dict[str, Any]:
    lines = chunk.lines
    return {
        "cells": chunk.cells,
        "lines": (lines.start, lines.stop) if isinstance(lines, range) else lines,
        "findings": [tuple(found) for found in chunk.findings],
        "refused": chunk.refused,
        "position": chunk.position,
        "doubted": chunk.doubted,
    }


def _raise_again(frame: dict[str, Any]) -> NoReturn:
    """The error that ended the reading process, as if it had been raised here."""
    kind: type[InvalidInputError] = getattr(errors, frame["failed"])
    raise kind(**frame["params"])


def main(path: str, places: str = "") -> None:
    """
    Write the judged chunks of a file to standard output, then its hash; or the error that ended it.

    `places` is a JSON object of fields and columns where a person said what they mean.
    """
    out = Sender()
    judged = Judged(Path(path), places=json.loads(places) if places else None)
    try:
        for chunk in judged:
            out.send(_packed(chunk))
        out.send({"sha256": judged.sha256})
    except InvalidInputError as error:
        out.send({"failed": type(error).__name__, "params": error.params})
    out.flush()


if __name__ == "__main__":
    import gc

    gc.disable()  # rows are short-lived and hold no cycles
    main(*sys.argv[1:])
