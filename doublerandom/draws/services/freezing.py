"""The three pools of a draw, frozen on their way into the store."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from doublerandom.dr1.canon import H, Record, canon
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws.eligibility import Conflicts, Eligibility
from doublerandom.draws.errors import EmptyPoolError, PlanRefusedError
from doublerandom.draws.pools import WrittenPool, write_pool, write_subjects
from doublerandom.draws.services.groundwork import Groundwork, subject_records
from doublerandom.draws.services.people import Holders, conflicts, inspector_records
from doublerandom.registry import queries as registry

_EVERY: Final = 5000
_CHUNK: Final = 1 << 20


class Listener:
    """Is told how far the preparation is; whoever wants to know overrides, and may raise to stop it."""

    def freezing(self, done: int, of: int) -> None:
        """So many of so many subjects were read."""

    def simulating(self, done: int, of: int) -> bool:  # noqa: ARG002 - whoever overrides looks at them
        """So many of so many draws were simulated; False: these are enough."""
        return True

    def writing(self) -> None:
        """The draw is being written down."""


@dataclass(frozen=True)
class Frozen:
    """The three pools of a draw on their way into the store."""

    written: list[WrittenPool]
    subjects: SubjectPool
    holders: Holders
    conflicts: Conflicts
    conflict_records: list[Record]
    eligibility: Eligibility

    @property
    def inspectors(self) -> list[Record]:
        """The records of the inspectors' pool."""
        return self.holders.records


def freeze(
    session: Session, ground: Groundwork, folder: Path, closed: Sequence[str], listener: Listener
) -> Frozen:
    """
    Write the pools into a folder and read the subjects' back as any verifier does.

    Raises:
        EmptyPoolError: The scope holds nobody.
        PlanRefusedError: A record cannot stand in a pool.
    """
    try:
        written, pool = write_subjects(
            folder,
            _told(session, ground, subject_records(session, ground), listener),
            sealed="subjects" in closed,
        )
        if not pool.commitment.size:
            raise EmptyPoolError(filter=ground.filter_text)
        holders = inspector_records(session, ground, pool.regions)
        eligibility = Eligibility(ground.team, holders.records)
        pairs = conflicts(session, ground, holders, pool, eligibility)
        records = pairs.records(closed="conflicts" in closed)
        return Frozen(
            [
                written,
                write_pool(folder, "inspectors", holders.records),
                write_pool(folder, "conflicts", records),
            ],
            pool,
            holders,
            pairs,
            records,
            eligibility,
        )
    except ProtocolError as error:
        raise PlanRefusedError(rule=error.code, detail=str(error.params)) from error


def _told(
    session: Session, ground: Groundwork, records: Iterable[Record], listener: Listener
) -> Iterator[Record]:
    """The records as they are, each five thousand of them told."""
    total = registry.scope_size(session, body=ground.body, filter_text=ground.filter_text, on=ground.on)
    listener.freezing(0, total)
    for n, record in enumerate(records, 1):
        if n % _EVERY == 0:
            listener.freezing(n, total)
        yield record
    listener.freezing(total, total)


def digest_of(frozen: Frozen, plan: Record) -> str:
    """What a pre-flight holds for: the plain pools, the takes, the team, whom it carries over."""
    about: dict[str, Any] = {
        "pools": [_sha256(written.path) for written in frozen.written],
        "strata": plan["strata"],
        "team": plan["team"],
        "carried": plan.get("carried", []),
    }
    return H(canon(about).decode())


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()
