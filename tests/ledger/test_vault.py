"""The vault: what is sealed opens under the same key and context alone, whole, and from any place."""

import io
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from doublerandom.config import Settings
from doublerandom.ledger.errors import KeyFileError, SealBrokenError
from doublerandom.ledger.files import FileStore
from doublerandom.ledger.vault import CHUNK, VAULT_KEY_FILE, Vault

CONTEXT = "draw|2026-001|inspectors"


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return Vault(settings)


def sealed_file(vault: Vault, folder: Path, plain: bytes, context: str = CONTEXT) -> Path:
    store = FileStore(folder / "files")
    return store.path(store.put(vault.seal_stream([plain], context)))


def test_what_was_sealed_opens(vault: Vault):
    sealed = vault.seal(b"a secret", CONTEXT)

    assert vault.open(sealed, CONTEXT) == b"a secret"
    assert b"a secret".hex() not in sealed


def test_sealing_twice_gives_different_bytes(vault: Vault):
    assert vault.seal(b"", CONTEXT) != vault.seal(b"", CONTEXT)


def test_the_key_lies_outside_the_database_for_its_owner_alone(vault: Vault, settings: Settings):
    place = settings.keys_dir / VAULT_KEY_FILE

    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert Vault(settings).open(vault.seal(b"x", CONTEXT), CONTEXT) == b"x"


def test_a_damaged_key_file_is_refused(settings: Settings):
    settings.keys_dir.mkdir(parents=True)
    (settings.keys_dir / VAULT_KEY_FILE).write_text("00")

    with pytest.raises(KeyFileError):
        Vault(settings)


def test_another_context_or_key_opens_nothing(vault: Vault, settings: Settings):
    sealed = vault.seal(b"a secret", CONTEXT)
    other = Vault(settings.model_copy(update={"data_dir": settings.data_dir / "other"}))

    with pytest.raises(SealBrokenError):
        vault.open(sealed, CONTEXT + "x")
    with pytest.raises(SealBrokenError):
        other.open(sealed, CONTEXT)


@pytest.mark.parametrize(
    "change",
    [lambda s: s[:-2], lambda s: "00" + s, lambda s: s[:30], lambda _: "", lambda _: "zz"],
    ids=["cut", "moved", "nonce-only", "empty", "no-hex"],
)
def test_changed_bytes_open_nothing(vault: Vault, change):
    with pytest.raises(SealBrokenError):
        vault.open(change(vault.seal(b"a secret", CONTEXT)), CONTEXT)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_a_sealed_file_of_any_size_opens_whole(vault: Vault, tmp_path: Path, size: int):
    plain = bytes(number % 251 for number in range(size))

    with vault.open_file(sealed_file(vault, tmp_path, plain), CONTEXT) as stream:
        assert stream.read() == plain
        assert stream.seek(0, io.SEEK_END) == size
        assert stream.read() == b""


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(pieces=st.lists(st.binary(max_size=3 * CHUNK // 2), max_size=4), data=st.data())
def test_a_sealed_file_reads_from_any_place_as_its_plain_bytes_do(
    vault: Vault, tmp_path: Path, pieces: list[bytes], data: st.DataObject
):
    plain = b"".join(pieces)
    store = FileStore(tmp_path / "files")
    place = store.path(store.put(vault.seal_stream(pieces, CONTEXT)))
    start = data.draw(st.integers(0, len(plain) + 5))

    with vault.open_file(place, CONTEXT) as stream:
        stream.seek(start)
        assert stream.tell() == start
        assert stream.read(1000) == plain[start : start + 1000]
        stream.seek(-min(len(plain), 10), io.SEEK_END)
        assert stream.read() == plain[max(0, len(plain) - 10) :]


def test_a_sealed_file_is_read_by_lines(vault: Vault, tmp_path: Path):
    lines = [f'{{"id":"{number}"}}\n'.encode() for number in range(20_000)]

    with vault.open_file(sealed_file(vault, tmp_path, b"".join(lines)), CONTEXT) as stream:
        assert list(stream) == lines


def test_no_seeking_before_the_beginning(vault: Vault, tmp_path: Path):
    place = sealed_file(vault, tmp_path, b"x")

    with vault.open_file(place, CONTEXT) as stream, pytest.raises(ValueError, match="seek"):
        stream.seek(-2, io.SEEK_END)


def cut(raw: bytes, first: int, end: int) -> bytes:
    return raw[:first] + raw[end:]


SEALED_CHUNK = CHUNK + 16


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"",
        lambda raw: raw[:31],
        lambda raw: raw[:-1],
        lambda raw: raw + b"\0",
        lambda raw: cut(raw, 32 + 2 * SEALED_CHUNK, len(raw)),
        lambda raw: cut(raw, 32 + SEALED_CHUNK, len(raw) - 16),
        lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
    ],
    ids=["nothing", "salt-cut", "byte-lost", "byte-added", "last-chunk-lost", "plain-lost", "salt-changed"],
)
def test_a_file_that_was_cut_is_refused_at_once(vault: Vault, tmp_path: Path, change):
    place = sealed_file(vault, tmp_path, bytes(2 * CHUNK + 100))
    place.chmod(0o600)
    place.write_bytes(change(place.read_bytes()))

    with pytest.raises(SealBrokenError):
        vault.open_file(place, CONTEXT)


def test_chunks_that_changed_places_are_refused_on_reading(vault: Vault, tmp_path: Path):
    place = sealed_file(vault, tmp_path, bytes(2 * CHUNK + 100))
    raw = place.read_bytes()
    first, second = raw[32 : 32 + SEALED_CHUNK], raw[32 + SEALED_CHUNK : 32 + 2 * SEALED_CHUNK]
    place.chmod(0o600)
    place.write_bytes(raw[:32] + second + first + raw[32 + 2 * SEALED_CHUNK :])

    with vault.open_file(place, CONTEXT) as stream, pytest.raises(SealBrokenError):
        stream.read()


def test_a_sealed_file_of_another_context_or_key_is_refused(vault: Vault, settings: Settings, tmp_path: Path):
    place = sealed_file(vault, tmp_path, b"x")
    other = Vault(settings.model_copy(update={"data_dir": settings.data_dir / "other"}))

    with pytest.raises(SealBrokenError):
        vault.open_file(place, "draw|2026-002|inspectors")
    with pytest.raises(SealBrokenError):
        other.open_file(place, CONTEXT)
