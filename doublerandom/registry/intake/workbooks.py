"""XLSX and XLS workbooks as tables: header flattened, totals left out, each row with its row of the sheet."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from doublerandom.config import Settings
from doublerandom.registry.errors import (
    DamagedWorkbookError,
    EmptyWorkbookError,
    LargeWorkbookError,
    ProtectedWorkbookError,
    UnreadableFileError,
)
from doublerandom.registry.intake.frames import frames
from doublerandom.registry.intake.tables import BLOCK, Chunk, Table

_FAILED: Final[dict[str, type[UnreadableFileError]]] = {
    "protected": ProtectedWorkbookError,
    "too_large": LargeWorkbookError,
    "no_table": EmptyWorkbookError,
    "damaged": DamagedWorkbookError,
}
READER: Final = "doublerandom.registry.intake.sheets"
_OUT_OF_MEMORY: Final = {-6, -9, -24}


class Workbook(Table):
    """
    A sheet of a workbook, read once from its header, as records; a process of its own opens it.

    `about` names the sheet taken, the other sheets, the lines of the header and the rows left out.

    Raises:
        ProtectedWorkbookError, DamagedWorkbookError, LargeWorkbookError, EmptyWorkbookError: It cannot be
            read.
    """

    plain = False

    def __init__(self, path: Path, *, block: int = BLOCK, kind: str = "") -> None:  # noqa: ARG002 - as a CSV file
        self.path = path
        self.encoding = ""
        self.read_bytes = 0
        self._size = path.stat().st_size
        with path.open("rb") as file:
            self._digest = hashlib.file_digest(file, "sha256").hexdigest()
        settings = Settings()
        limits = (str(settings.import_memory_mb), str(settings.import_unpacked_mb))
        command = [
            sys.executable,
            "-m",
            READER,
            str(path),
            kind or "-",
            *limits,
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - ourselves
        self._frames = frames(self._process.stdout)
        try:
            head = self._next()
        except UnreadableFileError:
            self.close()
            raise
        self.header = head["header"]
        self.about = head["about"]
        self._last = head["rows"]

    def close(self) -> None:
        """End the process that reads."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    @property
    def sha256(self) -> str:
        """The hash of the file."""
        return self._digest

    def chunks(self) -> Iterator[Chunk]:
        """All records after the header, some at a time."""
        while "end" not in (frame := self._next()):
            lines = frame["lines"]
            self.line = lines[-1]
            self.read_bytes = self._size * self.line // max(self._last, 1)
            yield Chunk(lines, frame["rows"])
        self.read_bytes = self._size

    def _next(self) -> dict[str, Any]:
        frame = next(self._frames, None)
        if frame is None:
            status = self._process.wait()
            raise _FAILED["too_large" if status in _OUT_OF_MEMORY else "damaged"](file=self.path.name)
        if "failed" in frame:
            raise _FAILED[frame["failed"]](file=self.path.name)
        return frame
