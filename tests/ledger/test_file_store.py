"""The file store: files named by their hash, whole or not at all, and refused when they changed."""

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOON
from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.ledger import queries
from doublerandom.ledger.errors import FileDamagedError, FileMissingError
from doublerandom.ledger.files import FileStore, keep_file

TEXT = "一行\n".encode()
NAME = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def files_in(store: FileStore) -> list[str]:
    return [place.name for place in store.root.rglob("*") if place.is_file()]


def test_a_file_is_named_by_the_hash_of_its_bytes(store: FileStore):
    assert store.put(TEXT) == NAME
    assert store.path(NAME) == store.root / NAME[:2] / NAME
    assert store.has(NAME)
    assert store.read(NAME) == TEXT


def test_bytes_files_and_streams_give_the_same(store: FileStore, tmp_path: Path):
    place = tmp_path / "a.txt"
    place.write_bytes(TEXT)

    assert store.put(place) == store.put(iter([TEXT[:2], b"", TEXT[2:]])) == store.put(TEXT) == NAME
    assert files_in(store) == [NAME]


def test_an_empty_file_is_a_file(store: FileStore):
    assert store.read(store.put(b"")) == b""


def test_a_stream_that_breaks_leaves_nothing(store: FileStore):
    def stream() -> Iterator[bytes]:
        yield TEXT
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        store.put(stream())

    assert files_in(store) == []


def test_files_and_folders_are_the_owners_alone(store: FileStore):
    store.put(TEXT)

    place = store.path(NAME)
    assert stat.S_IMODE(place.stat().st_mode) == 0o400
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (store.root, place.parent)] == [0o700, 0o700]


def test_a_changed_file_is_refused_and_putting_it_again_mends_it(store: FileStore):
    store.put(TEXT)
    store.path(NAME).chmod(0o600)
    store.path(NAME).write_bytes(b"changed")

    with pytest.raises(FileDamagedError):
        store.open(NAME)
    with pytest.raises(FileDamagedError):
        store.read(NAME)
    with pytest.raises(FileDamagedError):
        store.verify(NAME)

    store.put(TEXT)
    store.verify(NAME)


def test_a_large_file_may_be_opened_without_hashing_it_each_time(store: FileStore):
    store.put(TEXT)

    with store.open(NAME, verify=False) as stream:
        stream.seek(7)
        assert stream.read() == TEXT[7:]


@pytest.mark.parametrize("name", ["0" * 64, "", "..", "../../etc/passwd", NAME.upper(), NAME + "\n"])
def test_what_is_not_there_or_no_name_is_refused(store: FileStore, name: str):
    store.put(TEXT)

    with pytest.raises(FileMissingError):
        store.open(name)


def test_a_kept_file_has_one_row(session: Session, store: FileStore):
    for _ in range(2):
        with transaction(session):
            assert keep_file(session, store, TEXT, kind="pool", at=NOON) == NAME

    row = queries.stored_file(session, NAME)
    assert row is not None
    assert (row.size, row.kind, row.at) == (len(TEXT), "pool", NOON)
    assert queries.stored_file(session, "0" * 64) is None
