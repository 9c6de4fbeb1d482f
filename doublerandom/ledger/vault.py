"""The vault: seals secrets and pools under a key outside the database."""

import io
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from doublerandom.config import Settings
from doublerandom.ledger.errors import SealBrokenError
from doublerandom.ledger.keys import key_from_file

VAULT_KEY_FILE: Final = "vault.key"
CHUNK: Final = 1 << 16
_NONCE: Final = 12
_TAG: Final = 16
_SALT: Final = 32
_SEALED_CHUNK: Final = CHUNK + _TAG


class Vault:
    """
    AES-256-GCM under `keys_dir/vault.key` (32 random bytes, mode 0600, made on first use).

    `context` says what is sealed (`draw|2026-001|task_key`); sealed bytes open under the same context alone,
    so that no row or file can be put in another's place.
    """

    def __init__(self, settings: Settings) -> None:
        self._key = key_from_file(settings, VAULT_KEY_FILE)
        self._text_cipher = AESGCM(self._derived(b"dr-vault|text", b""))

    def seal(self, plain: bytes, context: str) -> str:
        """Seal a small thing: hex of nonce (12 bytes) and ciphertext with tag."""
        nonce = secrets.token_bytes(_NONCE)
        return (nonce + self._text_cipher.encrypt(nonce, plain, context.encode())).hex()

    def open(self, sealed: str, context: str) -> bytes:
        """What was sealed; raise SealBrokenError where bytes, context or key are not those of the sealing."""
        try:
            raw = bytes.fromhex(sealed)
            return self._text_cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError(context=context) from error

    def seal_stream(self, plain: Iterable[bytes], context: str) -> Iterator[bytes]:
        """
        Seal a stream, chunk by chunk, in bounded memory; feed it to `FileStore.put`.

        32 bytes of salt, from which and from the context the file's own key is derived, then chunks of 65 536
        plain bytes each with its tag; a chunk's nonce is its number and whether it is the last (the STREAM
        construction), so that chunks cannot be moved, dropped or cut off.
        """
        salt = secrets.token_bytes(_SALT)
        cipher = self._file_cipher(context, salt)
        yield salt
        number, held = 0, b""
        for chunk in _even_chunks(plain):
            if number or held:
                yield cipher.encrypt(_nonce(number, last=False), held, None)
                number += 1
            held = chunk
        yield cipher.encrypt(_nonce(number, last=True), held, None)

    def open_file(self, place: Path, context: str) -> BinaryIO:
        """
        A sealed file as a readable, seekable stream of its plain bytes, opened chunk by chunk as it is read.

        Raises:
            SealBrokenError: At once where the file was cut or is not of this context or key; on reading where
                the bytes read were changed.
        """
        stream, size = place.open("rb"), place.stat().st_size
        raw = _SealedFile(stream, size, lambda salt: self._file_cipher(context, salt), context)
        return io.BufferedReader(raw, buffer_size=CHUNK)

    def _file_cipher(self, context: str, salt: bytes) -> AESGCM:
        return AESGCM(self._derived(b"dr-vault|file|" + context.encode(), salt))

    def _derived(self, info: bytes, salt: bytes) -> bytes:
        """A key for one purpose, so that texts and files never share one."""
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(self._key)


class _SealedFile(io.RawIOBase):
    """The plain bytes of a sealed file; the last chunk, opened first, shows whether it is whole."""

    def __init__(
        self,
        stream: BinaryIO,
        size: int,
        cipher_of: Callable[[bytes], AESGCM],
        context: str,
    ) -> None:
        self._context = context
        self._position = 0
        self._stream = stream
        self._cached: tuple[int, bytes] = (-1, b"")
        sealed = size - _SALT
        self._chunks = max(1, -(-sealed // _SEALED_CHUNK))
        self._size = sealed - self._chunks * _TAG
        self._cipher = cipher_of(self._stream.read(_SALT))
        try:
            self._chunk(self._chunks - 1)
        except SealBrokenError:
            self.close()
            raise

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a plain position, as files do."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("seek before the beginning")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The plain position."""
        return self._position

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # the stub's Buffer has no length
        """Read up to the end of the chunk that the position is in; 0 at the end."""
        if self._position >= self._size:
            return 0
        number, start = divmod(self._position, CHUNK)
        part = self._chunk(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def close(self) -> None:
        """Close the sealed file beneath."""
        self._stream.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._cached[0] != number:
            self._stream.seek(_SALT + number * _SEALED_CHUNK)
            sealed = self._stream.read(_SEALED_CHUNK)
            try:
                plain = self._cipher.decrypt(_nonce(number, last=number == self._chunks - 1), sealed, None)
            except (InvalidTag, ValueError) as error:
                raise SealBrokenError(context=self._context) from error
            self._cached = (number, plain)
        return self._cached[1]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + bytes([last])


def _even_chunks(plain: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of CHUNK, the last one shorter; nothing for nothing."""
    held = bytearray()
    for piece in plain:
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    if held:
        yield bytes(held)
