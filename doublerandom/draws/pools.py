"""Frozen pools on disk: written once, ascending by id, sealed where the plan seals them, read by search."""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

import orjson
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1 import inputs
from doublerandom.dr1.canon import Record
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.members import POOLS
from doublerandom.dr1.pools import (
    PoolCommitment,
    SubjectPool,
    freeze_lines,
    load_subjects,
    record_lines,
    sealed_leaf,
)
from doublerandom.draws.errors import StorageDamagedError
from doublerandom.draws.models import FrozenPool
from doublerandom.draws.search import find_line, record_id
from doublerandom.ledger.errors import FileDamagedError, FileMissingError, SealBrokenError
from doublerandom.ledger.files import FileStore, keep_file
from doublerandom.ledger.vault import Vault

_CHUNK = 1 << 20
_WORK: Final = ".work-"
_YOUNG: Final = 60  # seconds


@dataclass(frozen=True)
class WrittenPool:
    """A pool on its way into the store: a plain file only this process sees, its commitment and its key."""

    name: str
    path: Path
    commitment: PoolCommitment
    key: bytes | None


@contextmanager
def workplace(settings: Settings) -> Iterator[Path]:
    """A folder of one's own, which nobody else may read, gone afterwards with all in it."""
    folder = new_folder(settings)
    try:
        with held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_folder(settings: Settings) -> Path:
    """A new folder for plain files, mode 0700, which `sweep` takes away once nobody holds it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(tempfile.mkdtemp(dir=settings.data_dir, prefix=_WORK))


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder by a lock that ends with the process, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sweep(settings: Settings, *, at: datetime) -> int:
    """
    Take away the folders with plain pools that killed processes left; how many there were.

    Folders that somebody holds stay, and those younger than a minute, which nobody may hold yet.
    """
    swept = 0
    for folder in sorted(settings.data_dir.glob(f"{_WORK}*")):
        with suppress(FileNotFoundError):  # its owner has just finished
            if at.timestamp() - folder.stat().st_mtime > _YOUNG and not _is_held(folder):
                shutil.rmtree(folder)
                swept += 1
    return swept


def _is_held(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def write_subjects(
    folder: Path, records: Iterable[Record], *, sealed: bool
) -> tuple[WrittenPool, SubjectPool]:
    """Write the subjects' file and read it back as any verifier does."""
    path = _write(folder / "subjects", record_lines(records))
    key = secrets.token_bytes(32) if sealed else None
    pool = load_subjects(path, key)
    return WrittenPool("subjects", path, pool.commitment, key), pool


def write_pool(folder: Path, name: str, records: Iterable[Record]) -> WrittenPool:
    """Write the inspectors' or the conflicts' file and seal its commitment under a fresh key."""
    path = _write(folder / name, record_lines(records))
    key = secrets.token_bytes(32)
    return WrittenPool(name, path, freeze_lines(name, path, key), key)


def _write(path: Path, lines: Iterable[bytes]) -> Path:
    with path.open("wb", buffering=_CHUNK) as file:
        file.writelines(lines)
    return path


def keep_pool(
    session: Session,
    written: WrittenPool,
    *,
    draw_id: int,
    number: str,
    closed: bool,
    settings: Settings,
    at: datetime,
) -> FrozenPool:
    """Put a written pool into the file store (encrypted when sealed), in the caller's transaction."""
    store = FileStore(settings.files_dir)
    source: Path | Iterable[bytes] = written.path
    if written.key is not None:
        source = Vault(settings).seal_stream(_chunks(written.path), context(number, written.name))
    pool = FrozenPool(
        draw_id=draw_id,
        name=written.name,
        root=written.commitment.root,
        size=written.commitment.size,
        sealed=written.commitment.sealed,
        sha256=keep_file(session, store, source, kind="pool", at=at),
        leaves_sha256=keep_file(session, store, _leaves(written), kind="leaves", at=at) if closed else "",
    )
    session.add(pool)
    return pool


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _leaves(written: WrittenPool) -> Iterator[bytes]:
    """The lines of `<pool>.leaves`."""
    assert written.key is not None
    with written.path.open("rb") as file:
        found = sorted(sealed_leaf(written.key, written.name, orjson.loads(line)) for line in file)
    for leaf in found:
        yield leaf.hex().encode() + b"\n"


def context(number: str, name: str) -> str:
    """What the vault binds a pool's file to."""
    return f"draw|{number}|pool|{name}"


@contextmanager
def open_pool(pool: FrozenPool, number: str, settings: Settings) -> Iterator[BinaryIO]:
    """
    A frozen pool's plain lines, seekable; a few reads cost no more than those.

    Raises:
        StorageDamagedError: The file is missing, or what seals it is broken.
    """
    store = FileStore(settings.files_dir)
    try:
        if pool.sealed:
            stream = Vault(settings).open_file(store.path(pool.sha256), context(number, pool.name))
        else:
            stream = store.open(pool.sha256, verify=False)
    except (FileMissingError, FileDamagedError, SealBrokenError, FileNotFoundError) as error:
        raise StorageDamagedError(draw=number, pool=pool.name) from error
    with stream:
        yield stream


def find_record(file: BinaryIO, code: str) -> Record | None:
    """The record with this id in a pool's file, found by bisection."""
    line = find_line(file, code.encode(), record_id)
    found: Record | None = None if line is None else orjson.loads(line)
    return found


def read_inputs(
    plan: Record,
    pools: dict[str, FrozenPool],
    *,
    observed: list[Record],
    secrets_: list[Record],
    keys: dict[str, str],
    settings: Settings,
) -> inputs.Inputs:
    """
    Everything a draw is computed from, every pool held against the plan it was committed in.

    Raises:
        StorageDamagedError: A stored pool is not the committed one.
    """
    number = plan["draw"]
    openers = {name: partial(open_pool, pools[name], number, settings) for name in POOLS}
    try:
        return inputs.read_inputs(plan, openers, observed=observed, secrets=secrets_, keys=keys)
    except (ProtocolError, SealBrokenError) as error:
        raise StorageDamagedError(draw=number, pool=str(error)) from error
