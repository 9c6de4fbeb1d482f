"""What a draw is computed from: the files of a directory, read and held against the plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from doublerandom.dr1.bundle import BundleUnreadableError, read_json
from doublerandom.dr1.canon import Record
from doublerandom.dr1.errors import BadPoolKeyError, ProtocolError
from doublerandom.dr1.lines import Batch, Source, scan
from doublerandom.dr1.log import KEYS
from doublerandom.dr1.members import POOLS
from doublerandom.dr1.plan import check_plan
from doublerandom.dr1.pools import (
    PoolCommitment,
    SubjectPool,
    check_commitment,
    freeze_lines,
    key_bytes,
    load_subjects,
)
from doublerandom.dr1.quotas import check_strata

FILES: Final = (
    "plan.json",
    "subjects.jsonl",
    "inspectors.jsonl",
    "conflicts.jsonl",
    "beacon.json",
    "secrets.json",
    "keys.json",
)
_BARRED: Final = b'"ground":"barred"'  # exact: a quote inside a string is written with a backslash before it
Opener = Callable[[Path], BinaryIO]
Stage = Callable[[str], None]


class MissingFileError(ProtocolError):
    """A file that the computation needs is not there."""

    code = "missing_file"
    check = 1


@dataclass(frozen=True)
class Inspectors:
    """The inspectors' pool: its commitment and its records in ascending order of id."""

    commitment: PoolCommitment
    records: list[Record]


@dataclass(frozen=True)
class Conflicts:
    """
    The pairs that must not meet, as ids `<inspector>:<subject>`: a million of them stay small.

    `particular` is the first whose ground is other than `barred`, "" if there is none.
    """

    commitment: PoolCommitment
    ids: Sequence[bytes]
    particular: str = ""

    def of(self, subjects: Iterable[str]) -> list[Record]:
        """The pairs of these subjects, as the deal takes them."""
        wanted = {subject.encode() for subject in subjects}
        pairs = (pair.split(b":") for pair in self.ids)
        return [
            {"inspector": inspector.decode(), "subject": subject.decode()}
            for inspector, subject in pairs
            if subject in wanted
        ]


@dataclass(frozen=True)
class Inputs:
    """What a draw is computed from, made by `read_inputs`: pools and keys are the plan's."""

    plan: Record
    subjects: SubjectPool
    inspectors: Inspectors
    conflicts: Conflicts
    observed: Sequence[Record]
    secrets: Sequence[Record]
    keys: Mapping[str, str]


def load_inspectors(lines: Source, key: bytes | None) -> Inspectors:
    """Read, check and hash the inspectors' file; errors as of `pools.freeze_lines`."""
    records: list[Record] = []
    batches = _through(
        scan("inspectors", lines), lambda batch: records.extend(map(orjson.loads, batch.lines))
    )
    return Inspectors(freeze_lines("inspectors", batches, key), records)


def load_conflicts(lines: Source, key: bytes | None) -> Conflicts:
    """Read, check and hash the conflicts' file; errors as of `pools.freeze_lines`."""
    ids: list[bytes] = []
    particular: list[bytes] = []

    def keep(batch: Batch) -> None:
        ids.extend(batch.columns["id"])
        if not particular:
            pairs = zip(batch.columns["id"], batch.lines, strict=True)
            particular.extend(pair for pair, line in pairs if _BARRED not in line)

    commitment = freeze_lines("conflicts", _through(scan("conflicts", lines), keep), key)
    return Conflicts(commitment, ids, particular[0].decode() if particular else "")


def check_pools(plan: Record, subjects: SubjectPool, inspectors: Inspectors, conflicts: Conflicts) -> None:
    """
    Hold the pools against the plan: roots, sizes, and the subjects' counts per stratum.

    Raises:
        PoolMismatchError, StrataMismatchError: They are not the plan's.
    """
    check_commitment("subjects", subjects.commitment, plan["subjects"])
    check_strata(plan, subjects.counts())
    check_commitment("inspectors", inspectors.commitment, plan["inspectors"])
    check_commitment("conflicts", conflicts.commitment, plan["conflicts"])


def key_names(plan: Record) -> set[str]:
    """The names that keys.json holds when nothing is withheld: the sealed pools and `tasks`."""
    return {name for name in POOLS if plan[name]["sealed"]} | {"tasks"}


def check_keys(plan: Record, keys: Mapping[str, str], wanted: set[str] | None = None) -> None:
    """
    Check that there is a key for each sealed pool and for the tasks, no other, and none twice.

    Raises:
        BadPoolKeyError: `names` are those missing, unknown or equal to another.
    """
    wanted = key_names(plan) if wanted is None else wanted
    if keys.keys() != wanted:
        raise BadPoolKeyError(reason="missing or not asked for", names=sorted(keys.keys() ^ wanted))
    if len(set(keys.values())) < len(keys):
        raise BadPoolKeyError(reason="one key twice", names=sorted(keys))


def pool_key(plan: Record, keys: Mapping[str, str], pool: str) -> bytes | None:
    """The key of a sealed pool, None for a public one."""
    return key_bytes(keys[pool]) if plan[pool]["sealed"] else None


def read_inputs(
    plan: Record,
    pools: Mapping[str, Callable[[], AbstractContextManager[Source]]],
    *,
    observed: Any,
    secrets: Any,
    keys: Any,
) -> Inputs:
    """
    Check the plan and the keys, read the pools, and hold them against the plan.

    Args:
        plan: As in plan.json.
        pools: For each pool's name what opens its lines: a path's `open("rb")`, or an iterable of lines in a
            `contextlib.nullcontext`.
        observed: As in beacon.json, checked only by `compute`.
        secrets: As in secrets.json, checked only by `compute`.
        keys: As in keys.json: those of the sealed pools, and `tasks`.

    Raises:
        ProtocolError: Whatever is wrong; `check` is the number of the check that fails.
    """
    check_plan(plan)
    KEYS(keys, "keys.json")
    check_keys(plan, keys)
    with pools["inspectors"]() as lines:
        inspectors = load_inspectors(lines, pool_key(plan, keys, "inspectors"))
    with pools["conflicts"]() as lines:
        conflicts = load_conflicts(lines, pool_key(plan, keys, "conflicts"))
    with pools["subjects"]() as lines:
        subjects = load_subjects(lines, pool_key(plan, keys, "subjects"))
    check_pools(plan, subjects, inspectors, conflicts)
    return Inputs(plan, subjects, inspectors, conflicts, observed, secrets, keys)


def read_directory(
    path: Path, opener: Opener = lambda file: file.open("rb"), stage: Stage = lambda _: None
) -> Inputs:
    """
    Read and check the seven files of a draw in `path`, in the formats of section 12.

    Args:
        path: Holds plan.json, the three pools, beacon.json, secrets.json, keys.json; others are ignored.
        opener: Opens the pools' files; so a caller can watch the reading.
        stage: Told the name of each pool's file as its reading begins.

    Raises:
        MissingFileError: One of the files is not there.
        ProtocolError: Whatever is wrong; `check` is the number of the check that fails.
    """
    for name in FILES:
        if not (path / name).is_file():
            raise MissingFileError(file=name)

    def open_pool(pool: str) -> BinaryIO:
        stage(f"{pool}.jsonl")
        return opener(path / f"{pool}.jsonl")

    return read_inputs(
        _json(path, "plan.json"),
        {pool: partial(open_pool, pool) for pool in POOLS},
        observed=_json(path, "beacon.json"),
        secrets=_json(path, "secrets.json"),
        keys=_json(path, "keys.json"),
    )


def _through(batches: Iterable[Batch], keep: Callable[[Batch], None]) -> Iterator[bytes]:
    """The lines of checked batches again, each batch shown to `keep` on its way."""
    for batch in batches:
        keep(batch)
        for line in batch.lines:
            yield line + b"\n"


def _json(path: Path, name: str) -> Any:
    try:
        return read_json(name, (path / name).read_bytes())
    except OSError as error:
        raise BundleUnreadableError(file=name, reason=str(error)) from error
