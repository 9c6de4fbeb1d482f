"""Keys that sign: the log's own, outside the database, and people's, wrapped under PINs nobody keeps."""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, ClassVar, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session

from doublerandom.config import Settings, secret_from_file
from doublerandom.db import transaction
from doublerandom.dr1.canon import check_token, format_time
from doublerandom.ledger import queries
from doublerandom.ledger.errors import KeyFileError, NoSigningKeyError, WeakPinError, WrongPinError
from doublerandom.ledger.models import SigningKey
from doublerandom.ledger.trail import Fact, put_on_record

LOG_KEY_FILE: Final = "log.key"
PIN_SHORTEST: Final = 6
_KEY_BYTES: Final = 32
_LOG2_N, _LOG2_N_TESTING = 15, 4
_BLOCK, _LANES = 8, 1
_SALT, _NONCE = 16, 12
_RUNS: Final = re.compile(r"(.)\1*")


@dataclass(frozen=True)
class SigningKeyCreated(Fact):
    """A person got a signing key; its public half is in the public log."""

    on_kind: ClassVar[str] = "person"
    person: str
    name: str
    role: str
    body: str
    public_key: str
    log_index: int
    until: datetime | None

    @property
    def on_id(self) -> str:
        """The person's token."""
        return self.person


@dataclass(frozen=True)
class SigningKeyRewrapped(Fact):
    """A person changed the PIN of a signing key."""

    on_kind: ClassVar[str] = "person"
    person: str
    public_key: str

    @property
    def on_id(self) -> str:
        """The person's token."""
        return self.person


@dataclass(frozen=True)
class SigningKeyEnded(Fact):
    """A signing key signs no more; the public log says until when it was valid."""

    on_kind: ClassVar[str] = "person"
    person: str
    public_key: str
    log_index: int

    @property
    def on_id(self) -> str:
        """The person's token."""
        return self.person


def key_from_file(settings: Settings, name: str) -> bytes:
    """
    The 32 bytes of a key file under `settings.keys_dir`, made on first use with mode 0600.

    Raises:
        KeyFileError: The file is there but holds something else.
    """
    try:
        key = secret_from_file(settings.keys_dir / name, _KEY_BYTES)
    except ValueError as error:
        raise KeyFileError(name=name) from error
    if len(key) != _KEY_BYTES:
        raise KeyFileError(name=name)
    return key


def log_key(settings: Settings) -> Ed25519PrivateKey:
    """The key that signs checkpoints, made on first start; processes that start at once agree on one."""
    return Ed25519PrivateKey.from_private_bytes(key_from_file(settings, LOG_KEY_FILE))


def log_public_hex(settings: Settings) -> str:
    """What `/log/key` serves: the log's public key in hex."""
    return log_key(settings).public_key().public_bytes_raw().hex()


def create_signing_key(
    session: Session,
    person: str,
    *,
    name: str,
    role: str,
    body: str,
    pin: str,
    settings: Settings,
    by: str,
    at: datetime,
    until: datetime | None = None,
) -> SigningKey:
    """
    Make a person's Ed25519 key, wrap the private half under `pin`, put the public half into the public log.

    A person's earlier keys stay valid for what they signed; new signatures come from the newest of the role.

    Args:
        session: Its own command, or inside one.
        person: Token of the person who will sign.
        name: The person's name, as the log shows it.
        role: Token: `operator` or `supervisor` for plans.
        body: Token of the person's body.
        pin: The person's own; at least six digits or a longer phrase. Nothing keeps it.
        settings: Log origin and key folder.
        by: Who registered the key.
        at: When.
        until: End of validity, none if None.

    Raises:
        WeakPinError: The PIN is short, all of one character, or digits in a row.
        ProtocolError, LogEntryRefusedError: A token or the name cannot stand in the log.
    """
    # ledger.log signs with this module's log key, so it can only be asked for here
    from doublerandom.ledger.log import append  # noqa: PLC0415

    check_token(person, "person")
    _check_pin(pin)
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    cost = _LOG2_N_TESTING if settings.testing else _LOG2_N
    wrapped = _wrap(private.private_bytes_raw(), pin, context=_context(person, public), log2_n=cost)
    key = SigningKey(
        person=person, role=role, body=body, public_key=public, wrapped=wrapped, at=at, until=until
    )
    entry: dict[str, Any] = {"type": "key", "person": person, "name": name, "role": role, "body": body}
    entry["key"] = public
    if until is not None:
        entry["until"] = format_time(until)
    with transaction(session):
        index = append(session, entry, settings=settings, at=at)
        session.add(key)
        act = SigningKeyCreated(person, name, role, body, public, index, until)
        put_on_record(session, act, by=by, at=at, after=key)
    return key


def sign_with(
    session: Session,
    person: str,
    pin: str,
    message: bytes,
    *,
    role: str | None = None,
    body: str | None = None,
    at: datetime | None = None,
) -> tuple[str, str]:
    """
    Sign with the person's newest key (of `role` and `body`, where named; not expired at `at`, where given).

    Returns:
        Public key and Ed25519 signature, both in hex.

    Raises:
        NoSigningKeyError: There is no such key.
        WrongPinError: The PIN does not open it; nothing was signed.
    """
    for key in queries.signing_keys(session, person):
        if role not in (None, key.role) or body not in (None, key.body):
            continue
        if at is not None and key.until is not None and key.until <= at:
            continue
        raw = _unwrap(key.wrapped, pin, context=_context(person, key.public_key))
        return key.public_key, Ed25519PrivateKey.from_private_bytes(raw).sign(message).hex()
    raise NoSigningKeyError(person=person, role=role or "")


def live_key(session: Session, person: str, public_key: str, *, at: datetime) -> SigningKey:
    """The person's key of that public half while it signs; raises NoSigningKeyError."""
    for key in queries.signing_keys(session, person):
        if key.public_key == public_key and (key.until is None or key.until > at):
            return key
    raise NoSigningKeyError(person=person, role="")


def change_pin(
    session: Session, person: str, public_key: str, *, old: str, new: str, settings: Settings, at: datetime
) -> None:
    """
    Wrap the private half under another PIN; the key itself stays. Call it inside `pins.pin_attempt`.

    Raises:
        NoSigningKeyError, WrongPinError; WeakPinError: The new one is too easy.
    """
    _check_pin(new)
    with transaction(session):
        key = live_key(session, person, public_key, at=at)
        context = _context(person, public_key)
        raw = _unwrap(key.wrapped, old, context=context)
        cost = _LOG2_N_TESTING if settings.testing else _LOG2_N
        key.wrapped = _wrap(raw, new, context=context, log2_n=cost)
        session.add(key)
        put_on_record(session, SigningKeyRewrapped(person, public_key), by=person, at=at)


def end_signing_key(
    session: Session, key: SigningKey, *, name: str, settings: Settings, by: str, at: datetime
) -> None:
    """End a key now: the public log lists it again with its `until`; what it signed before stays valid."""
    from doublerandom.ledger.log import append  # noqa: PLC0415 - as in create_signing_key

    with transaction(session):
        entry = {"type": "key", "person": key.person, "name": name, "role": key.role, "body": key.body}
        entry |= {"key": key.public_key, "until": format_time(at)}
        index = append(session, entry, settings=settings, at=at)
        key.until = at
        session.add(key)
        put_on_record(session, SigningKeyEnded(key.person, key.public_key, index), by=by, at=at)


def _check_pin(pin: str) -> None:
    text = _normal(pin)
    alike = _RUNS.fullmatch(text) is not None
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    if len(text) < PIN_SHORTEST or alike or steps in ({1}, {-1}):
        raise WeakPinError(shortest=PIN_SHORTEST)


def _normal(pin: str) -> str:
    """The PIN as it counts: full-width digits from a Chinese keyboard are digits."""
    return unicodedata.normalize("NFKC", pin).strip()


def _context(person: str, public: str) -> bytes:
    """What a wrapped key is bound to, so that it opens in no other row."""
    return f"dr-signing-key|{person}|{public}".encode()


def _wrapping_key(pin: str, salt: bytes, log2_n: int) -> bytes:
    n = 1 << log2_n
    room = 128 * _BLOCK * (n + _LANES + 2) * 2
    secret = _normal(pin).encode()
    return hashlib.scrypt(secret, salt=salt, n=n, r=_BLOCK, p=_LANES, maxmem=room, dklen=_KEY_BYTES)


def _wrap(private: bytes, pin: str, *, context: bytes, log2_n: int) -> str:
    """Hex of log2 n (1 byte), salt (16), nonce (12) and AES-256-GCM over the key, bound to its context."""
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(_wrapping_key(pin, salt, log2_n)).encrypt(nonce, private, context)
    return (bytes([log2_n]) + salt + nonce + sealed).hex()


def _unwrap(wrapped: str, pin: str, *, context: bytes) -> bytes:
    raw = bytes.fromhex(wrapped)
    log2_n, salt, nonce = raw[0], raw[1 : 1 + _SALT], raw[1 + _SALT : 1 + _SALT + _NONCE]
    if log2_n > _LOG2_N:
        raise WrongPinError(person="")
    try:
        return AESGCM(_wrapping_key(pin, salt, log2_n)).decrypt(nonce, raw[1 + _SALT + _NONCE :], context)
    except InvalidTag:
        raise WrongPinError from None
