"""Who works on an import, and how far it is: a file beside the database whose lock ends with its process."""

import fcntl
import json
import os
from pathlib import Path
from time import sleep
from typing import NamedTuple, Self

from doublerandom.config import Settings

IMPORTS = "imports"


class Progress(NamedTuple):
    """How many of `total` bytes were read; `working` is whether anybody still reads."""

    read: int
    total: int
    working: bool


class Claim:
    """
    The lock of one import (or of other work, in another `place`): whoever holds it works on it.

    Progress stands in the locked file, not in the database: until the import is applied as a whole, nobody
    else would see it there.
    """

    def __init__(self, settings: Settings, job_id: int, *, place: str = IMPORTS) -> None:
        file = _place(settings, job_id, place)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        self._total = 0
        self.taken = any(self._locks(wait) for wait in (0, 0.02, 0.05))  # a reader looks at it for a moment

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _locks(self, wait: float) -> bool:
        sleep(wait)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def begin(self, total: int) -> None:
        """So many bytes will be read."""
        self._total = total
        self.tell(0)

    def tell(self, read: int) -> None:
        """So many bytes were read."""
        data = json.dumps([min(read, self._total), self._total]).encode().ljust(48)
        os.pwrite(self._descriptor, data, 0)

    def release(self) -> None:
        """Nobody works on it any more."""
        os.close(self._descriptor)


def progress_of(settings: Settings, job_id: int) -> Progress:
    """How far an import is, and whether it goes on; one whose process ended does not."""
    try:
        descriptor = os.open(_place(settings, job_id), os.O_RDONLY)
    except FileNotFoundError:
        return Progress(0, 0, working=False)
    try:
        read, total = json.loads(os.pread(descriptor, 48, 0) or b"[0, 0]")
        return Progress(read, total, working=_is_locked(descriptor))
    finally:
        os.close(descriptor)


def is_claimed(settings: Settings, job_id: int, *, place: str = IMPORTS) -> bool:
    """Whether somebody works on it at this moment."""
    try:
        descriptor = os.open(_place(settings, job_id, place), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return _is_locked(descriptor)
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _place(settings: Settings, job_id: int, place: str = IMPORTS) -> Path:
    return settings.data_dir / place / str(job_id)
