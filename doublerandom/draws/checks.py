"""What is asked of a draw by code: in the pool or not, ticket, place, drawn; own record and proof."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, Literal

import orjson
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.canon import Record, canon
from doublerandom.dr1.merkle import leaf_hash
from doublerandom.dr1.pools import key_bytes, leaf_salt, sealed_leaf
from doublerandom.dr1.seeds import secrets_of, seed
from doublerandom.dr1.tickets import ticket
from doublerandom.draws import queries
from doublerandom.draws.errors import RecordNotFoundError, StorageDamagedError
from doublerandom.draws.inclusion import inclusion_path
from doublerandom.draws.models import Draw
from doublerandom.draws.order import rank
from doublerandom.draws.outcomes import known_secrets
from doublerandom.draws.plans import is_closed, list_is_public_at_once
from doublerandom.draws.pools import find_record, open_pool
from doublerandom.draws.search import find_fixed, find_place, number_of_line, record_id
from doublerandom.ledger.files import FileStore

Withheld = Literal["", "closed", "later"]
_LEAF_LINE: Final = 65  # 64 hex digits and 0A


@dataclass(frozen=True)
class SubjectCheck:
    """
    The answer to a code.

    `withheld` tells why the rest is empty: `closed` (only the firm itself gets it, with
    its access code), `later` (the ticket comes with the reveal).

    `rank` counts from 1 within the stratum; up to `take` is drawn. `shell_line` gives the ticket on any
    machine.
    """

    code: str
    withheld: Withheld = ""
    in_pool: bool | None = None
    name: str = ""
    stratum: str = ""
    excluded: str = ""
    ticket: str = ""
    rank: int | None = None
    take: int = 0
    eligible: int = 0
    drawn: bool | None = None
    shell_line: str = ""


@dataclass(frozen=True)
class OwnRecord:
    """
    A subject's own record with the proof that it stands in the committed pool.

    `salt` is empty for a public pool, where the leaf data are the record's canonical bytes (`line`). Ticket,
    rank and drawn are there once the draw is open.
    """

    record: Record
    line: str
    salt: str
    leaf: str
    index: int
    size: int
    path: list[str]
    root: str
    answer: SubjectCheck


def public_seed(session: Session, draw: Draw, settings: Settings) -> str:
    """The `subject` seed, once it is public: at the reveal, or with the beacon where that is all; or ""."""
    plan = queries.plan_of(draw)
    if is_closed(plan):
        return ""
    at_once = list_is_public_at_once(plan) and bool(draw.result_root) and bool(plan["randomness"])
    return _seed(session, draw, plan, settings) if draw.revealed_at is not None or at_once else ""


def _seed(session: Session, draw: Draw, plan: Record, settings: Settings) -> str:
    """The `subject` seed; where a secret never came there is none."""
    known = known_secrets(session, draw, settings)
    if not draw.result_root or known.missing(plan):
        return ""
    secrets = secrets_of(known.secrets_json(plan), "subject")
    return seed(draw.plan_hash, "subject", draw.beacon, secrets, rehearsal=draw.rehearsal)


def shell_line(seed_text: str, code: str) -> str:
    """The line that gives the ticket by hand (section 6)."""
    return f"printf '%s' 'dr1|subject|{seed_text}|{code}' | sha256sum"


def check_subject(session: Session, settings: Settings, draw: Draw, code: str) -> SubjectCheck:
    """
    What the public may know of a code in a draw, found by bisection in the frozen pool and the order file.

    Args:
        session: Where to read.
        settings: For the file store.
        draw: A public draw.
        code: The code as typed; blanks around it and its case do not matter.
    """
    code = code.strip().upper()
    if is_closed(queries.plan_of(draw)):
        return SubjectCheck(code, withheld="closed")
    asked = _Asked(session, settings, draw)
    with open_pool(asked.pool, draw.number, settings) as file:
        record = find_record(file, code)
    if record is None:
        return SubjectCheck(code, in_pool=False)
    return asked.answer(record, public_seed(session, draw, settings))


def own_record(session: Session, settings: Settings, draw: Draw, code: str) -> OwnRecord:
    """
    A subject's own record, salt, path and (once open) ticket: for the firm itself, never for the public.

    The first question about a pool reads its leaves once; after that each answer is a few reads.

    Raises:
        RecordNotFoundError: The pool has no such code.
    """
    code = code.strip().upper()
    asked = _Asked(session, settings, draw)
    with open_pool(asked.pool, draw.number, settings) as file:
        place = find_place(file, code.encode(), record_id)
        if place is None:
            raise RecordNotFoundError(draw=draw.number, subject=code)
        record: Record = orjson.loads(place[1])
        salt, data, index, path = (
            asked.sealed_leaf(record) if asked.pool.sealed else asked.public_leaf(file, *place)
        )
    return OwnRecord(
        record=record,
        line=canon(record).decode(),
        salt=salt,
        leaf=data.hex() if asked.pool.sealed else leaf_hash(data).hex(),
        index=index,
        size=asked.pool.size,
        path=path,
        root=asked.pool.root,
        answer=asked.own_answer(record),
    )


class _Asked:
    """One draw that somebody asks about."""

    def __init__(self, session: Session, settings: Settings, draw: Draw) -> None:
        self.session, self.settings, self.draw = session, settings, draw
        self.plan = queries.plan_of(draw)
        self.pool = queries.frozen_pools(session, draw)["subjects"]
        self.files = FileStore(settings.files_dir)

    def answer(self, record: Record, seed_text: str) -> SubjectCheck:
        """What a record and, where it is known, the seed tell."""
        stratum = next(entry for entry in self.plan["strata"] if entry["id"] == record["stratum"])
        found = SubjectCheck(
            code=record["id"],
            withheld="" if seed_text else "later",
            in_pool=True,
            name=record["name"],
            stratum=record["stratum"],
            excluded=record.get("excluded", ""),
            take=stratum["take"],
            eligible=stratum["size"] - stratum["excluded"],
        )
        if not seed_text:
            return found
        place = self.rank(record, seed_text)
        return replace(
            found,
            ticket=ticket(seed_text, record["id"]),
            rank=place,
            drawn=place is not None and place <= stratum["take"],
            shell_line=shell_line(seed_text, record["id"]),
        )

    def rank(self, record: Record, seed_text: str) -> int | None:
        """The place in the order file, found by bisection."""
        if "excluded" in record or not self.pool.order_sha256:
            return None
        with self.files.open(self.pool.order_sha256, verify=False) as file:
            return rank(file, self.plan, stratum=record["stratum"], code=record["id"], seed=seed_text)

    def own_answer(self, record: Record) -> SubjectCheck:
        """What the firm itself gets; of closed subjects only drawn or not, there is no order file."""
        if not is_closed(self.plan):
            return self.answer(record, public_seed(self.session, self.draw, self.settings))
        is_open = self.draw.revealed_at is not None
        found = _seed(self.session, self.draw, self.plan, self.settings) if is_open else ""
        answer = self.answer(record, found)
        if not found:
            return answer
        drawn = record["id"] in queries.drawn_codes(self.session, self.draw)
        return replace(answer, drawn=drawn, shell_line="")

    def public_leaf(self, file: BinaryIO, start: int, line: bytes) -> tuple[str, bytes, int, list[str]]:
        """No salt, the record's bytes as leaf data, its number among the lines, and the path."""
        index = number_of_line(file, start)
        file.seek(0)
        return "", line, index, self._path((each[:-1] for each in file), index)

    def sealed_leaf(self, record: Record) -> tuple[str, bytes, int, list[str]]:
        """Salt, leaf data, its number among the sorted leaves, and the path."""
        known = known_secrets(self.session, self.draw, self.settings)
        key = key_bytes(known.keys[self.pool.name])
        data = sealed_leaf(key, self.pool.name, record)
        with self.files.open(self.pool.leaves_sha256) as file:
            index = find_fixed(file, data.hex().encode(), _LEAF_LINE)
            if index is None:
                raise StorageDamagedError(draw=self.draw.number, pool=self.pool.name)
            file.seek(0)
            path = self._path((bytes.fromhex(line.decode().strip()) for line in file), index)
        return leaf_salt(key, self.pool.name, record["id"]), data, index, path

    def _path(self, leaves: Iterable[bytes], index: int) -> list[str]:
        pool = self.pool
        return inclusion_path(
            leaves, index, size=pool.size, root=pool.root, draw=self.draw.number, settings=self.settings
        )
