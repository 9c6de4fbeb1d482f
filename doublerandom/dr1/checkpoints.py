"""Signed checkpoints of the log: C2SP signed notes, signed by the log and perhaps by witnesses."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from doublerandom.dr1.errors import BadSignatureError, ProtocolError
from doublerandom.dr1.signatures import is_public_key, verify_signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519: Final = b"\x01"
_COSIGNATURE: Final = b"\x04"
# printable ASCII without blank and plus, as signed notes want their names
_ORIGIN: Final = re.compile(r"[!-*,-~]{1,255}")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_SIGNATURE: Final = re.compile(r"— ([!-*,-~]{1,255}) ([A-Za-z0-9+/]+={0,2})")
_BODY_LINES: Final = 3


class BadCheckpointError(ProtocolError):
    """A checkpoint is not a signed note of this log, or its signature is not by the log's key."""

    code = "bad_checkpoint"
    check = 3


@dataclass(frozen=True)
class Checkpoint:
    """A parsed checkpoint: `signatures` are (name, 4-byte key id, signature), none of them verified."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]


def key_id(origin: str, public_key: bytes) -> bytes:
    """The first 4 bytes of SHA-256(origin, 0x0A, 0x01, public key): which key signed a note."""
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519 + public_key).digest()[:4]


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """
    The signed part of a checkpoint: origin, size, base64 root, each with its newline.

    Raises:
        BadCheckpointError: The origin cannot name a note, the size is negative, or the root is not 32 bytes.
    """
    if _ORIGIN.fullmatch(origin) is None or size < 0 or len(root) != hashlib.sha256().digest_size:
        raise BadCheckpointError(origin=origin, size=size)
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def sign_checkpoint(origin: str, size: int, root: bytes, private_key: "Ed25519PrivateKey") -> str:
    """The whole checkpoint: the signed part, a blank line and the log's signature line."""
    text = checkpoint_text(origin, size, root)
    signed = key_id(origin, private_key.public_key().public_bytes_raw()) + private_key.sign(text.encode())
    return f"{text}\n— {origin} {base64.b64encode(signed).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """
    Take a checkpoint apart, without believing its signatures.

    Raises:
        BadCheckpointError: A line is missing or malformed, base64 is not in its one canonical form, or there
            is no signature line.
    """
    body, blank, tail = text.partition("\n\n")
    lines = body.split("\n")
    if not blank or len(lines) != _BODY_LINES or not tail.endswith("\n"):
        raise BadCheckpointError(reason="lines")
    origin, size, root = lines
    if _ORIGIN.fullmatch(origin) is None or _SIZE.fullmatch(size) is None:
        raise BadCheckpointError(reason="head")
    raw = _unbase64(root)
    if len(raw) != hashlib.sha256().digest_size:
        raise BadCheckpointError(reason="root")
    signatures = tuple(_signature_line(line) for line in tail[:-1].split("\n"))
    return Checkpoint(origin, int(size), raw, signatures)


def verify_checkpoint(text: str, *, origin: str, public_key: bytes) -> Checkpoint:
    """
    Parse a checkpoint and check that the log `origin` with this key signed it.

    Lines of witnesses must be well formed; their signatures are theirs to check.

    Raises:
        BadCheckpointError: Malformed, of another origin or key, or without one line of the log's key.
    """
    checkpoint = parse_checkpoint(text)
    if checkpoint.origin != origin or not is_public_key(public_key.hex()):
        raise BadCheckpointError(origin=checkpoint.origin, expected=origin)
    wanted = key_id(origin, public_key)
    own = [signature for name, key, signature in checkpoint.signatures if (name, key) == (origin, wanted)]
    if len(own) != 1 or len({line[:2] for line in checkpoint.signatures}) < len(checkpoint.signatures):
        raise BadCheckpointError(reason="key_id", origin=origin)
    signed = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root).encode()
    try:
        verify_signature(public_key.hex(), own[0].hex(), signed)
    except BadSignatureError as error:
        raise BadCheckpointError(reason="signature", origin=origin) from error
    return checkpoint


def _signature_line(line: str) -> tuple[str, bytes, bytes]:
    match = _SIGNATURE.fullmatch(line)
    if match is None:
        raise BadCheckpointError(reason="signature_line")
    raw = _unbase64(match[2])
    if len(raw) <= 4:
        raise BadCheckpointError(reason="signature_line")
    return match[1], raw[:4], raw[4:]


def _unbase64(text: str) -> bytes:
    """Decode base64 in its canonical form only, padding bits and characters as the encoder sets them."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadCheckpointError(reason="base64") from error
    if base64.b64encode(raw).decode() != text:
        raise BadCheckpointError(reason="base64")
    return raw


def witness_key(name: str, public_key: bytes) -> str:
    """
    The C2SP verifier key of a witness: `<name>+<key id, 8 hex digits>+<base64 of 0x04 and the key>`.

    Raises:
        BadCheckpointError: The name cannot stand in a signature line, or the key is none.
    """
    if _ORIGIN.fullmatch(name) is None or not is_public_key(public_key.hex()):
        raise BadCheckpointError(reason="witness_key", key=name)
    material = _COSIGNATURE + public_key
    return f"{name}+{_witness_key_id(name, material).hex()}+{base64.b64encode(material).decode()}"


def cosign_checkpoint(text: str, name: str, private_key: "Ed25519PrivateKey", at: datetime) -> str:
    """
    A witness's line under a checkpoint (`cosignature/v1`), with its newline; the checks are the caller's.

    Args:
        text: The checkpoint with the log's signature; lines of other witnesses do not matter.
        name: The witness's.
        private_key: The witness's.
        at: When the witness signs; whole seconds count.
    """
    checkpoint = parse_checkpoint(text)
    body = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    seconds = int(at.timestamp())
    signed = private_key.sign(f"cosignature/v1\ntime {seconds}\n{body}".encode())
    material = _COSIGNATURE + private_key.public_key().public_bytes_raw()
    blob = _witness_key_id(name, material) + seconds.to_bytes(8, "big") + signed
    return f"— {name} {base64.b64encode(blob).decode()}\n"


def _witness_key_id(name: str, material: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]


def cosigned_at(text: str, verifier_key: str) -> datetime | None:
    """
    When a witness saw a checkpoint, as its cosignature says (C2SP tlog-cosignature, `cosignature/v1`).

    Args:
        text: The whole checkpoint with its lines of signatures.
        verifier_key: The witness's: `<name>+<key id, 8 hex digits>+<base64 of 0x04 and the key>`.

    Returns:
        The time the witness signed, None if no line is by this key.

    Raises:
        BadCheckpointError: The key or the checkpoint is malformed, or the line does not verify.
    """
    name, hashed, encoded = (*verifier_key.split("+", 2), "", "")[:3]
    material = _unbase64(encoded)
    if material[:1] != _COSIGNATURE or len(material) != 1 + 32:
        raise BadCheckpointError(reason="witness_key", key=verifier_key)
    wanted = _witness_key_id(name, material)
    if wanted.hex() != hashed:
        raise BadCheckpointError(reason="witness_key", key=verifier_key)
    checkpoint = parse_checkpoint(text)
    body = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    for signer, key, blob in checkpoint.signatures:
        if (signer, key) == (name, wanted):
            at = int.from_bytes(blob[:8], "big")
            try:
                verify_signature(
                    material[1:].hex(), blob[8:].hex(), f"cosignature/v1\ntime {at}\n{body}".encode()
                )
                return datetime.fromtimestamp(at, UTC)
            except (BadSignatureError, ValueError, OverflowError, OSError) as error:
                raise BadCheckpointError(reason="cosignature", witness=name) from error
    return None
