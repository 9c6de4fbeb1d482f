"""The bundle of a draw: one zip of closed names with deterministic bytes, or its directory; section 12."""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self, cast

from doublerandom.dr1.canon import canon, parse
from doublerandom.dr1.errors import BadHexError, ProtocolError, WrongTypeError
from doublerandom.dr1.log import KEYS, SECRETS, number, observed_value
from doublerandom.dr1.members import (
    POOLS,
    Check,
    check_type,
    closed,
    count,
    digest,
    ident,
    list_of,
    one_of,
    text,
    token,
)
from doublerandom.dr1.records import CONFLICT

_CHUNK: Final = 1 << 20
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16
_ED25519: Final = re.compile(r"[0-9a-f]{128}")

LINE_FILES: Final = (
    "subjects.jsonl",
    "inspectors.jsonl",
    "conflicts.jsonl",
    "tasks.jsonl",
    "replacements.jsonl",
)
JSON_FILES: Final = (
    "plan.json",
    "signatures.json",
    "beacon.json",
    "secrets.json",
    "keys.json",
    "result.json",
    "rules.json",
    "log.json",
    "witness.json",
)
LEAF_FILES: Final = tuple(f"{pool}.leaves" for pool in POOLS)
NAMES: Final = frozenset({*LINE_FILES, *JSON_FILES, *LEAF_FILES, "verify.py", "README.txt"})


def _place(value: Any, where: str) -> None:
    """A place: a subject and the number of the seat."""
    list_of(lambda _value, _where: None, 2, 2)(value, where)
    ident(value[0], where)
    count(value[1], where)


def _signature(value: Any, where: str) -> None:
    check_type(value, str, where)
    if not _ED25519.fullmatch(value):
        raise BadHexError(where=where, value=value)


def _object(value: Any, where: str) -> None:
    check_type(value, dict, where)


def _object_or_list(value: Any, where: str) -> None:
    if type(value) not in {dict, list}:
        raise WrongTypeError(where=where, found=type(value).__name__)


_TASK: Final = closed(
    {
        "draw": token,
        "subject": ident,
        "team": list_of(closed({"inspector": ident, "seat": token})),
    }
)
_EMPTY_SEAT: Final = closed(
    {"met": list_of(ident), "places": list_of(_place), "seat": token, "subject": ident}
)
_CHECKS: Final[Mapping[str, Check]] = {
    "signatures.json": list_of(
        closed(
            {
                "role": one_of("operator", "supervisor", "party"),
                "person": token,
                "key": digest,
                "signature": _signature,
            }
        )
    ),
    "beacon.json": list_of(observed_value),
    "secrets.json": SECRETS,
    "keys.json": KEYS,
    "result.json": closed(
        {"drawn": list_of(ident), "result_root": digest}, {"empty_seats": list_of(_EMPTY_SEAT, 1)}
    ),
    "log.json": closed(
        {
            "origin": text,
            "key": digest,
            "checkpoint": list_of(text),
            "entries": list_of(closed({"index": count, "entry": _object, "proof": list_of(digest)})),
        }
    ),
    "tasks.jsonl": _TASK,
    "replacements.jsonl": closed(
        {"n": number, "reason": token, "salt": digest, "task": _TASK},
        {"old": ident, "new": ident, "seat": count, "conflicts": list_of(CONFLICT)},
    ),
}


class BundleUnreadableError(ProtocolError):
    """A bundle is no zip or directory, is damaged, or cannot be read."""

    code = "bundle_unreadable"
    check = 1


class BundleNameError(ProtocolError):
    """A bundle holds a name that section 12 does not list, or one name twice."""

    code = "bundle_name"
    check = 1


class BundleBytesError(ProtocolError):
    """A file is not its canonical bytes followed by one newline, or a last line lacks its newline."""

    code = "bundle_bytes"
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

    def lines(self, name: str) -> Iterator[bytes]:
        """
        The lines of a file without their newlines, split at 0A only, read as they are asked for.

        Raises:
            BundleBytesError: The last line has no newline.
            BundleUnreadableError: The archive is damaged there.
        """
        try:
            with self._opener(name) as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        raise BundleBytesError(file=name)
                    yield line[:-1]
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise BundleUnreadableError(file=name, reason=str(error)) from error

    def read(self, name: str) -> bytes:
        """The bytes of a file, or BundleUnreadableError."""
        try:
            with self._opener(name) as file:
                return file.read()
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise BundleUnreadableError(file=name, reason=str(error)) from error

    def json(self, name: str) -> Any:
        """The value of a JSON file: canonical bytes and a newline, of the members section 12 gives."""
        return read_json(name, self.read(name))


def open_bundle(path: Path) -> Bundle:
    """
    Open a bundle, a zip or the directory it was unpacked to.

    Raises:
        BundleUnreadableError: Neither of the two.
        BundleNameError: A name that section 12 does not list, a directory inside, or a name twice.
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
    except BundleNameError:
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
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as temporary:
        try:
            _write_archive(cast("BinaryIO", temporary), files)
            temporary.flush()
            Path(temporary.name).replace(target)
        except BaseException:
            Path(temporary.name).unlink(missing_ok=True)
            raise


def json_file(value: Any) -> bytes:
    """The bytes of a JSON file: canon and a newline."""
    return canon(value) + b"\n"


def lines_file(values: Iterable[Any]) -> bytes:
    """The bytes of a file of canonical lines, each with its newline; nothing where there are none."""
    return b"".join(canon(value) + b"\n" for value in values)


def read_json(name: str, data: bytes) -> Any:
    """
    The value of a JSON file, its bytes and members checked.

    Raises:
        BundleBytesError: There is not exactly one newline, at the end.
        ProtocolError: The bytes are not canonical, or a member is missing, unknown or of another kind.
    """
    if not data.endswith(b"\n"):
        raise BundleBytesError(file=name)
    value = parse(data[:-1])
    check_file(name, value)
    return value


def check_file(name: str, value: Any) -> None:
    """
    Check the members of a bundle's JSON file, or of one line of tasks.jsonl and replacements.jsonl.

    The plan has its own rules (plan.check_plan), and so have log entries (log.check_entry); a rule set may
    hold whatever canon can, a witness's evidence too.
    """
    _CHECKS.get(name, _object_or_list)(value, name)


def _check_names(names: list[str]) -> None:
    for name in names:
        if name not in NAMES or names.count(name) > 1:
            raise BundleNameError(name=name)


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
