"""This office as a witness of others' logs: it cosigns what extends what it saw before, and nothing else."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.checkpoints import (
    BadCheckpointError,
    Checkpoint,
    checkpoint_text,
    cosign_checkpoint,
    parse_checkpoint,
    verify_checkpoint,
    witness_key,
)
from doublerandom.dr1.merkle import verify_consistency
from doublerandom.dr1.signatures import is_public_key
from doublerandom.ledger import outside_queries as queries
from doublerandom.ledger.errors import (
    BadWitnessedLogError,
    NotWitnessedError,
    OutsideSettingError,
    WitnessedAlreadyError,
)
from doublerandom.ledger.keys import key_from_file
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.outside_models import WitnessedHead, WitnessedLog, WitnessRefusal
from doublerandom.ledger.trail import Fact, put_on_record

WITNESS_KEY_FILE: Final = "witness.key"
LARGEST_REQUEST: Final = 16 * 1024
SIZE_TYPE: Final = "text/x.tlog.size"
_MOST_PROOF: Final = 63
_NAME: Final = re.compile(r"[!-*,-~]{1,255}")
_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True)
class WitnessedLogAdded(Fact):
    """This office witnesses another office's log from now on."""

    on_kind: ClassVar[str] = "witnessed_log"
    origin: str
    key: str

    @property
    def on_id(self) -> str:
        """The log's origin."""
        return self.origin


@dataclass(frozen=True)
class WitnessedLogEnded(Fact):
    """This office witnesses that log no more; what it signed stands."""

    on_kind: ClassVar[str] = "witnessed_log"
    origin: str

    @property
    def on_id(self) -> str:
        """The log's origin."""
        return self.origin


@dataclass(frozen=True)
class CheckpointRefused(Fact):
    """A log signed two roots of one size: the second was not cosigned (`fork`)."""

    on_kind: ClassVar[str] = "witnessed_log"
    origin: str
    reason: str
    size: int
    root: str

    @property
    def on_id(self) -> str:
        """The log's origin."""
        return self.origin


@dataclass(frozen=True)
class Answer:
    """What a witness answers (C2SP tlog-witness): HTTP status, text and its type."""

    status: int
    text: str
    mimetype: str = "text/plain"


def name_of(settings: Settings) -> str:
    """Under which name this office cosigns; raises OutsideSettingError where it cannot stand in a line."""
    name = settings.witness_name or f"{settings.log_origin}/witness"
    if _NAME.fullmatch(name) is None:
        raise OutsideSettingError(setting="DOUBLERANDOM_WITNESS_NAME", value=name)
    return name


def own_key(settings: Settings) -> Ed25519PrivateKey:
    """The key that cosigns, in a file of its own beside the log's, made on first use."""
    return Ed25519PrivateKey.from_private_bytes(key_from_file(settings, WITNESS_KEY_FILE))


def own_verifier_key(settings: Settings) -> str:
    """What others write down of this witness: `<name>+<key id>+<base64>`."""
    return witness_key(name_of(settings), own_key(settings).public_key().public_bytes_raw())


def witness_log(session: Session, origin: str, *, key: str, by: str, at: datetime) -> WitnessedLog:
    """
    Witness the log of this origin, signed with this key (hex), from now on.

    Raises:
        BadWitnessedLogError: Neither name nor key of a log.
        WitnessedAlreadyError: It is witnessed; end that first to change its key.
    """
    try:
        checkpoint_text(origin, 0, bytes(32))
    except BadCheckpointError as error:
        raise BadWitnessedLogError(origin=origin) from error
    if not is_public_key(key):
        raise BadWitnessedLogError(origin=origin)
    with transaction(session):
        lock_evidence(session)
        if queries.witnessed_log(session, origin) is not None:
            raise WitnessedAlreadyError(origin=origin)
        row = WitnessedLog(origin=origin, key=key, by=by, at=at)
        session.add(row)
        put_on_record(session, WitnessedLogAdded(origin, key), by=by, at=at, after=row)
    return row


def end_witnessing(session: Session, origin: str, *, by: str, at: datetime) -> None:
    """Cosign that log no more; raises NotWitnessedError."""
    with transaction(session):
        lock_evidence(session)
        row = queries.witnessed_log(session, origin)
        if row is None:
            raise NotWitnessedError(origin=origin)
        row.ended_at = at
        session.add(row)
        put_on_record(session, WitnessedLogEnded(origin), by=by, at=at, after=row)


def add_checkpoint(session: Session, request: bytes, *, settings: Settings, at: datetime) -> Answer:
    """
    Cosign a checkpoint that extends the last one cosigned of its log, or say why not.

    A second root of one size is on record, once for the size: only the log itself can sign it, and it proves
    that the log showed two faces. Old checkpoints and wrong proofs, which anyone can send, leave no trace.

    Args:
        session: Its own command.
        request: `old <size>`, lines of a consistency proof in base64, an empty line, the checkpoint.
        settings: Name and key of this witness.
        at: When; whole seconds are signed.

    Returns:
        200 with the cosignature line; 400 malformed; 403 not signed by the log's key; 404 unknown origin;
        409 with the size held, where `old` is another one, or the same size has another root; 422 where the
        proof does not show that the tree held is the beginning of the new one.
    """
    try:
        old, proof, note = _parsed(request)
        told = parse_checkpoint(note)
    except (BadCheckpointError, ValueError):
        return Answer(400, "malformed request\n")
    log = queries.witnessed_log(session, told.origin)
    if log is None:
        return Answer(404, "unknown origin\n")
    try:
        verify_checkpoint(note, origin=told.origin, public_key=bytes.fromhex(log.key))
    except BadCheckpointError:
        return Answer(403, "not signed by the key of this origin\n")
    if old > told.size or told.size == 0:
        return Answer(400, "old size larger than the checkpoint, or an empty tree\n")
    with transaction(session):
        lock_evidence(session)  # size held and new size are compared and kept in one step
        refused = _judged(session, told, old=old, proof=proof, note=note, at=at)
        if refused is not None:
            return refused
        if queries.witnessed_head_of_size(session, told.origin, told.size) is None:
            session.add(
                WitnessedHead(origin=told.origin, size=told.size, root=told.root.hex(), note=note, at=at)
            )
    line = cosign_checkpoint(note, name_of(settings), own_key(settings), at)
    return Answer(200, line)


def _parsed(request: bytes) -> tuple[int, list[bytes], str]:
    """Old size, proof and checkpoint of a request; ValueError where it is none."""
    head, blank, note = request.decode().partition("\n\n")
    first, *steps = head.split("\n")
    match = _OLD.fullmatch(first)
    if not blank or match is None or len(steps) > _MOST_PROOF:
        raise ValueError(first)
    try:
        proof = [base64.b64decode(step, validate=True) for step in steps]
    except binascii.Error as error:
        raise ValueError(first) from error
    if any(len(step) != 32 for step in proof):
        raise ValueError(first)
    return int(match[1]), proof, note


def _judged(
    session: Session, told: Checkpoint, *, old: int, proof: list[bytes], note: str, at: datetime
) -> Answer | None:
    """None where the checkpoint may be cosigned; else the answer, with a second face put on record."""
    held = queries.witnessed_head(session, told.origin)
    size = held.size if held else 0
    known = queries.witnessed_head_of_size(session, told.origin, told.size)
    is_fork = known is not None and known.root != told.root.hex()
    if known is not None and is_fork:
        _refuse(session, known, told, note=note, at=at)
    if old != size or is_fork:
        return Answer(409, f"{size}\n", SIZE_TYPE)
    if held is None or told.size == size:
        return Answer(422, "a proof where none belongs\n") if proof else None
    if not verify_consistency(old, told.size, bytes.fromhex(held.root), told.root, proof):
        return Answer(422, "the consistency proof does not hold\n")
    return None


def _refuse(session: Session, held: WitnessedHead, told: Checkpoint, *, note: str, at: datetime) -> None:
    """Put the fork on record, once for each size that was cosigned: one is proof enough."""
    if queries.fork_at(session, told.origin, told.size) is not None:
        return
    root = told.root.hex()
    row = WitnessRefusal(
        origin=told.origin,
        reason="fork",
        held_size=held.size,
        held_root=held.root,
        size=told.size,
        root=root,
        note=note,
        at=at,
    )
    session.add(row)
    act = CheckpointRefused(told.origin, "fork", told.size, root)
    put_on_record(session, act, by="system", at=at, after=row)
