"""Others as witnesses of our log: the newest checkpoint goes to each, its verified cosignature is kept."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.checkpoints import BadCheckpointError, cosigned_at
from doublerandom.ledger import outside_queries, queries
from doublerandom.ledger.errors import OutsideSettingError
from doublerandom.ledger.models import Checkpoint
from doublerandom.ledger.outside_calls import UnreachableError, call
from doublerandom.ledger.outside_models import Cosignature, OutsideFailure

FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(hours=1)
_KEY: Final = re.compile(r"([!-*,-~]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")
_URL: Final = re.compile(r"https?://[!-~]+")
_SIZE: Final = re.compile(rb"(0|[1-9][0-9]{0,15})\n?")


@dataclass(frozen=True)
class Witness:
    """Who is asked to cosign our log: the address of its add-checkpoint, and its verifier key."""

    url: str
    key: str

    @property
    def name(self) -> str:
        """The name in its signature lines."""
        return self.key.split("+", 1)[0]

    @property
    def holds(self) -> bool:
        """Whether address and key have their form."""
        return _URL.fullmatch(self.url) is not None and is_verifier_key(self.key)


@dataclass(frozen=True)
class Asked:
    """What came of asking: `what` is `cosigned` or why not; who (name or address); for which size."""

    who: str
    size: int
    what: str


def witnesses(settings: Settings) -> list[Witness]:
    """
    The witnesses of the setting: `<address> <verifier key>` and so on, divided by blanks.

    Raises:
        OutsideSettingError: An address is not http(s), or a key is none of C2SP's form.
    """
    found = _told(settings)
    for witness in found:
        if not witness.holds:
            raise OutsideSettingError(setting="DOUBLERANDOM_WITNESSES", value=f"{witness.url} {witness.key}")
    return found


def sound_witnesses(settings: Settings) -> list[Witness]:
    """Those of the setting that hold: for pages, which a slip in the setting must not shut."""
    return [witness for witness in _told(settings) if witness.holds]


def _told(settings: Settings) -> list[Witness]:
    words = settings.witnesses.split()
    return [Witness(url, key) for url, key in zip_longest(words[::2], words[1::2], fillvalue="")]


def is_verifier_key(key: str) -> bool:
    """Whether this is `<name>+<key id>+<base64 of 0x04 and a key>` and the key id is that of the key."""
    match = _KEY.fullmatch(key)
    if match is None:
        return False
    material = base64.b64decode(match[3])
    known = hashlib.sha256(match[1].encode() + b"\n" + material).digest()[:4]
    return material[:1] == b"\x04" and len(material) == 33 and known.hex() == match[2]


def ask_witnesses(session: Session, *, settings: Settings, at: datetime) -> list[Asked]:
    """
    Send the newest checkpoint to every witness that has not signed it, and keep what verifies.

    No transaction is open while a witness is waited for. One that fails is left alone for a while: 15 seconds
    at first, twice as long each time, an hour at most; a checkpoint with a plan in it does not change that.

    Raises:
        OutsideSettingError: See `witnesses`.
    """
    head = queries.latest_checkpoint(session)
    if head is None:
        return []
    done = []
    for witness in witnesses(settings):
        last = outside_queries.last_cosignature(session, witness.key)
        if (last is not None and last.size >= head.size) or not may_ask(
            session, witness.key, since=last.at if last else None, at=at
        ):
            continue
        done.append(_ask(session, witness, head, last.size if last else 0, settings=settings, at=at))
    return done


def may_ask(session: Session, asked: str, *, since: datetime | None, at: datetime) -> bool:
    """Whether the wait after the last failure is over, or it has answered since."""
    failure = outside_queries.last_failure(session, asked)
    return failure is None or failure.again_at <= at or (since is not None and failure.at < since)


def _ask(
    session: Session, witness: Witness, head: Checkpoint, old: int, *, settings: Settings, at: datetime
) -> Asked:
    """Ask one witness; where it holds another size than we think, once more from that one."""
    size, note = head.size, head.note
    try:
        status, answer = _send(session, witness, size, note=note, old=old, settings=settings)
        held = int(match[1]) if status == 409 and (match := _SIZE.fullmatch(answer)) else None
        if held is not None and held != old and held <= size:
            status, answer = _send(session, witness, size, note=note, old=held, settings=settings)
    except UnreachableError as error:
        return fail(session, witness.key, size, "unreachable", str(error), who=witness.name, at=at)
    if status == 409:
        return fail(session, witness.key, size, "conflict", _shown(answer), who=witness.name, at=at)
    if status != 200:
        return fail(
            session, witness.key, size, "refused", f"{status} {_shown(answer)}", who=witness.name, at=at
        )
    return keep_cosignature(session, witness.key, size, answer, at=at)


def _send(
    session: Session, witness: Witness, size: int, *, note: str, old: int, settings: Settings
) -> tuple[int, bytes]:
    proof = queries.consistency_proof(session, old, size) if 0 < old < size else []
    steps = [base64.b64encode(bytes.fromhex(step)).decode() for step in proof]
    session.rollback()  # no snapshot is held while somebody else's server is waited for
    request = "\n".join([f"old {old}", *steps, "", note])
    return call(witness.url, request.encode(), seconds=settings.outside_seconds)


def keep_cosignature(session: Session, key: str, size: int, answer: bytes, *, at: datetime) -> Asked:
    """Keep the line by this key among the lines of an answer, if it verifies under our checkpoint."""
    name = key.split("+", 1)[0]
    note = queries.checkpoint(session, size).note
    for line in answer.decode(errors="replace").split("\n"):
        try:
            signed_at = cosigned_at(note + line + "\n", key) if line else None
        except BadCheckpointError:
            continue  # lines of unknown keys and broken ones do not count
        if signed_at is None:
            continue
        with transaction(session):
            lines = outside_queries.cosignatures(session, [size]).get(size, [])
            if all(known.key != key for known in lines):  # else another process was faster
                row = Cosignature(size=size, key=key, line=line + "\n", signed_at=signed_at, at=at)
                session.add(row)
        return Asked(name, size, "cosigned")
    return fail(session, key, size, "invalid", _shown(answer), who=name, at=at)


def fail(session: Session, asked: str, size: int, why: str, detail: str, *, who: str, at: datetime) -> Asked:
    """Put on record that nothing came, and when to ask again."""
    with transaction(session):
        last = outside_queries.last_failure(session, asked)
        wait = FIRST_WAIT
        if last is not None and at - last.again_at < LONGEST_WAIT:
            wait = min(2 * (last.again_at - last.at), LONGEST_WAIT)
        row = OutsideFailure(
            asked=asked, size=size, why=why, detail=detail[:255], at=at, again_at=at + max(wait, FIRST_WAIT)
        )
        session.add(row)
    return Asked(who, size, why)


def _shown(answer: bytes) -> str:
    """What a server said, as far as it fits a line."""
    return " ".join(answer[:200].decode(errors="replace").split())
