"""
Chunks of a file of subjects, read and judged: here, or beside the writing in a process of its own.

`python -m doublerandom.registry.intake.reading FILE` writes judged chunks to standard output.
"""

import io
import marshal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from doublerandom.errors import InvalidInputError
from doublerandom.registry import errors
from doublerandom.registry.errors import UnreadableFileError
from doublerandom.registry.intake.columns import columns_of
from doublerandom.registry.intake.findings import Finding
from doublerandom.registry.intake.subject_chunks import ChunkJudge, JudgedChunk
from doublerandom.registry.intake.tables import Table

ROWS: Final = 8192
ASIDE: Final = 8 << 20
_PLAIN: Final = 2


class Judged:
    """The judged chunks of a file; after the last one its hash is known."""

    def __init__(self, path: Path, *, aside: bool | None = None) -> None:
        self.path = path
        self.sha256 = ""
        self._aside = path.stat().st_size >= ASIDE if aside is None else aside

    def __iter__(self) -> Iterator[JudgedChunk]:
        yield from self._from_process() if self._aside else self._here()

    def _here(self) -> Iterator[JudgedChunk]:
        with Table(self.path) as table:
            judge = ChunkJudge(columns_of("subjects", table.header))
            for chunk in table.chunks(ROWS):
                yield judge.judge(chunk, table.read_bytes)
            self.sha256 = table.sha256

    def _from_process(self) -> Iterator[JudgedChunk]:
        command = [sys.executable, "-m", __name__, str(self.path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=1 << 20) as process:  # noqa: S603 - ourselves
            try:
                assert process.stdout is not None
                for frame in _frames(process.stdout):
                    if "failed" in frame:
                        _raise_again(frame)
                    if "sha256" in frame:
                        self.sha256 = frame["sha256"]
                        return
                    yield _unpacked(frame)
            finally:
                process.kill()
        raise UnreadableFileError(file=self.path.name, reason="the reading process ended early")


def _frames(stream: Any) -> Iterator[dict[str, Any]]:
    while len(size := stream.read(8)) == 8:
        yield marshal.loads(stream.read(int.from_bytes(size, "little")))  # noqa: S302 - written by our own process


def _unpacked(frame: dict[str, Any]) -> JudgedChunk:
    lines = frame["lines"]
    return JudgedChunk(
        frame["cells"].decode(),
        range(*lines) if type(lines) is tuple else lines,
        [Finding(*found) for found in frame["findings"]],
        frame["refused"],
        frame["position"],
    )


def _packed(chunk: JudgedChunk) -> dict[str, Any]:
    lines = chunk.lines
    return {
        "cells": chunk.cells.encode(),
        "lines": (lines.start, lines.stop) if isinstance(lines, range) else lines,
        "findings": [tuple(found) for found in chunk.findings],
        "refused": chunk.refused,
        "position": chunk.position,
    }


def _raise_again(frame: dict[str, Any]) -> NoReturn:
    """The error that ended the reading process, as if it had been raised here."""
    kind: type[InvalidInputError] = getattr(errors, frame["failed"])
    raise kind(**frame["params"])


def main(path: str) -> None:
    """Write the judged chunks of a file to standard output, then its hash; or the error that ended it."""
    out = io.BufferedWriter(io.FileIO(1, "wb", closefd=False), 1 << 20)

    def send(frame: dict[str, Any]) -> None:
        data = marshal.dumps(frame, _PLAIN)
        out.write(len(data).to_bytes(8, "little"))
        out.write(data)

    judged = Judged(Path(path), aside=False)
    try:
        for chunk in judged:
            send(_packed(chunk))
        send({"sha256": judged.sha256})
    except InvalidInputError as error:
        send({"failed": type(error).__name__, "params": error.params})
    out.flush()


if __name__ == "__main__":
    import gc

    gc.disable()  # rows are short-lived and hold no cycles
    main(sys.argv[1])
