"""The process that reads and judges a large file while this one writes; light, so as to start first."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LARGE: Final = 8 << 20
Reader = subprocess.Popen[bytes]


@contextmanager
def reader_of(
    path: Path, *, kind: str, large: int = LARGE, places: Mapping[str, int] | None = None
) -> Iterator[Reader | None]:
    """A process that writes the judged chunks of a file of subjects to its output; None if it is small."""
    if kind != "subjects" or path.stat().st_size < large:
        yield None
        return
    command = [sys.executable, "-m", "doublerandom.registry.intake.reading", str(path)]
    command += [json.dumps(dict(places))] if places else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=1 << 20) as process:  # noqa: S603 - ourselves
        try:
            yield process
        finally:
            process.kill()
