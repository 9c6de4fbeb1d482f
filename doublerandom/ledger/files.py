"""The file store: files named by the SHA-256 of their bytes, written once, never changed."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from doublerandom.dr1.canon import HEX64
from doublerandom.ledger.errors import FileDamagedError, FileMissingError
from doublerandom.ledger.models import StoredFile

Source = bytes | Path | Iterable[bytes]

_CHUNK: Final = 1 << 20


class FileStore:
    """
    A folder of files by hash: `ab/abcdef…`, folders 0700, files 0400.

    `put` streams and is atomic: a name appears only with all of its bytes behind it, also after a power cut.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, source: Source) -> str:
        """Store bytes, a file's bytes or a stream of chunks; gives its SHA-256 in hex. Twice is once."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.root / f".{secrets.token_hex(16)}"
        try:
            sha256 = _write(fresh, _chunks(source))
            place = self.path(sha256)
            place.parent.mkdir(exist_ok=True, mode=0o700)
            fresh.replace(place)
            _sync_folder(place.parent)
        finally:
            fresh.unlink(missing_ok=True)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where a file of this name lies or would lie; raise FileMissingError for what is no name."""
        if not HEX64.fullmatch(sha256):
            raise FileMissingError(sha256=sha256)
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether there is such a file."""
        return self.path(sha256).is_file()

    def open(self, sha256: str, *, verify: bool = True) -> BinaryIO:
        """
        Open a file for reading, its bytes hashed before they are given out.

        Args:
            sha256: The file's name.
            verify: False leaves the hashing out, for reading a few lines of a large file often.

        Raises:
            FileMissingError: There is none.
            FileDamagedError: Its bytes do not give its name.
        """
        try:
            stream = self.path(sha256).open("rb")
        except FileNotFoundError:
            raise FileMissingError(sha256=sha256) from None
        if verify:
            if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
                stream.close()
                raise FileDamagedError(sha256=sha256)
            stream.seek(0)
        return stream

    def read(self, sha256: str) -> bytes:
        """All bytes of a (small) file, verified."""
        with self.open(sha256) as stream:
            return stream.read()

    def verify(self, sha256: str) -> None:
        """Raise unless the file is there and its bytes give its name."""
        self.open(sha256).close()


def keep_file(session: Session, store: FileStore, source: Source, *, kind: str, at: datetime) -> str:
    """Put a file into the store and, in the caller's transaction, its row beside it; gives its SHA-256."""
    sha256 = store.put(source)
    size = store.path(sha256).stat().st_size
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(StoredFile).values(sha256=sha256, size=size, kind=kind, at=at)
    session.connection().execute(row.on_conflict_do_nothing())
    return sha256


def _chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
    elif isinstance(source, Path):
        with source.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    else:
        yield from source


def _write(place: Path, chunks: Iterable[bytes]) -> str:
    """Write a fresh file that nobody else may read, force it to the disk, and give its SHA-256."""
    digest = hashlib.sha256()
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as stream:
        for chunk in chunks:
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Force a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
