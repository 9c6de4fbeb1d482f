"""The bundle of a draw: one zip of closed names with deterministic bytes, or its directory; section 12."""

import os
import shutil
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self, cast

from doublerandom.dr1.bundle_files import (
    JSON_FILES,
    LEAF_FILES,
    LINE_FILES,
    NAMES,
    BundleBytesError,
    check_file,
    json_file,
    lines_file,
    log_file,
    note_text,
    read_json,
)
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.lines import LONGEST_LINE

__all__ = [
    "JSON_FILES",
    "LEAF_FILES",
    "LINE_FILES",
    "NAMES",
    "Bundle",
    "BundleBytesError",
    "BundleFormError",
    "BundleNameError",
    "BundleUnreadableError",
    "check_file",
    "json_file",
    "lines_file",
    "log_file",
    "note_text",
    "open_bundle",
    "read_json",
    "write_bundle",
]

MOST_BYTES: Final = 1 << 29  # of a JSON file: a few kilobytes of zip can unpack to any size
_CHUNK: Final = 1 << 20
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16
_WIDE: Final = 1 << 31
_UTF8: Final = 0x800


class BundleUnreadableError(ProtocolError):
    """A bundle is no zip or directory, is damaged, or cannot be read."""

    code = "bundle_unreadable"
    check = 1


class BundleNameError(ProtocolError):
    """A bundle holds a name that section 12 does not list, or one name twice."""

    code = "bundle_name"
    check = 1


class BundleFormError(ProtocolError):
    """An archive is not stored, dated and ordered as section 12 says, or holds something beside its files."""

    code = "bundle_form"
    check = 1


class Bundle:
    """A bundle opened for reading; use it as a context manager."""

    def __init__(
        self, names: Iterable[str], opener: Callable[[str], BinaryIO], archive: zipfile.ZipFile | None
    ) -> None:
        self.names = frozenset(names)
        self._opener = opener
        self._archive = archive

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._archive is not None:
            self._archive.close()

    def __contains__(self, name: object) -> bool:
        return name in self.names

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file opened for reading, in pieces; raises BundleUnreadableError where it is damaged."""
        try:
            with self._opener(name) as file:
                yield file
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise BundleUnreadableError(file=name, reason=str(error)) from error

    def lines(self, name: str) -> Iterator[bytes]:
        """
        The lines of a file without their newlines, split at 0A only, read as they are asked for.

        Raises:
            BundleBytesError: The last line has no newline.
            BundleUnreadableError: The archive is damaged there, or a line is beyond all measure.
        """
        with self.open(name) as file:
            rest = b""
            while chunk := file.read(_CHUNK):
                *whole, rest = (rest + chunk).split(b"\n")
                yield from whole
                if len(rest) > LONGEST_LINE:
                    raise BundleUnreadableError(file=name, reason="too large")
            if rest:
                raise BundleBytesError(file=name)

    def read(self, name: str) -> bytes:
        """The bytes of a file; BundleUnreadableError where it is damaged or, unpacked, beyond all measure."""
        with self.open(name) as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BundleUnreadableError(file=name, reason="too large")
        return data

    def json(self, name: str) -> Any:
        """The value of a JSON file: canonical bytes and a newline, of the members section 12 gives."""
        return read_json(name, self.read(name))


def open_bundle(path: Path) -> Bundle:
    """
    Open a bundle, a zip or the directory it was unpacked to.

    Raises:
        BundleUnreadableError: Neither of the two.
        BundleNameError: A name that section 12 does not list, a directory inside, or a name twice.
        BundleFormError: An archive of another form than `write_bundle` gives.
    """
    if path.is_dir():
        names = [entry.name for entry in sorted(path.iterdir())]
        _check_names(names)
        _check_plain_files(path, names)
        return Bundle(names, lambda name: (path / name).open("rb"), None)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BundleUnreadableError(file=path.name, reason=str(error)) from error
    names = archive.namelist()
    try:
        _check_names(names)
        _check_archive(archive, path)
    except ProtocolError:
        archive.close()
        raise
    return Bundle(names, lambda name: cast("BinaryIO", archive.open(name)), archive)


def write_bundle(target: Path | BinaryIO, files: Mapping[str, bytes | Path]) -> None:
    """
    Write a bundle whose bytes depend on nothing but the names and contents of `files`.

    Stored, names ascending, dated 1980-01-01, without extra fields (a file past 2 GiB needs the zip64 one).
    Contents given as paths are copied in pieces. A target path is written beside itself and then renamed.

    Raises:
        BundleNameError: A name that section 12 does not list.
    """
    _check_names(list(files))
    if not isinstance(target, Path):
        _write_archive(target, files)
        return
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with temporary.open("wb") as file:
            _write_archive(file, files)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _check_names(names: list[str]) -> None:
    for name in names:
        if name not in NAMES or names.count(name) > 1:
            raise BundleNameError(name=name)


def _check_archive(archive: zipfile.ZipFile, path: Path) -> None:
    """The files stand stored one behind the other from the first byte on, then their list; nothing more."""
    infos = archive.infolist()
    names = [info.filename for info in infos]
    place = 0
    for info in infos:
        _check_member(info, place, path)
        place = info.header_offset + 30 + len(info.filename.encode()) + info.file_size + _wide(info)
    listed = sum(46 + len(info.filename.encode()) + len(info.extra) for info in infos)
    closed = place + listed + 22 == path.stat().st_size or place >= _WIDE
    if names != sorted(names) or archive.comment or archive.start_dir != place or not closed:
        raise BundleFormError(file=path.name)


def _check_member(info: zipfile.ZipInfo, place: int, path: Path) -> None:
    plain = info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & ~_UTF8 and not info.comment
    unmarked = info.date_time == _EPOCH and (not info.extra or _wide(info))
    if not (plain and unmarked and (info.header_offset == place or _wide(info))):
        raise BundleFormError(file=path.name)


def _wide(info: zipfile.ZipInfo) -> int:
    """The length of the zip64 field that a file past 2 GiB has in front of it."""
    return 20 if info.file_size >= _WIDE else 0


def _check_plain_files(path: Path, names: list[str]) -> None:
    for name in names:
        if not (path / name).is_file():
            raise BundleNameError(name=name)


def _write_archive(target: BinaryIO, files: Mapping[str, bytes | Path]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            content = files[name]
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, _MODE
            info.file_size = len(content) if isinstance(content, bytes) else content.stat().st_size
            source = BytesIO(content) if isinstance(content, bytes) else content.open("rb")
            with source, archive.open(info, "w") as member:
                shutil.copyfileobj(source, member, _CHUNK)
