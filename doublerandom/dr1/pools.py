"""Pools and what a plan says of them: public and sealed roots, salts, leaves; subjects for the draw."""

import hashlib
import hmac
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from doublerandom.dr1.canon import HEX64, Record
from doublerandom.dr1.errors import (
    BadHexError,
    BadPoolKeyError,
    DuplicateIdError,
    PoolMismatchError,
    UnsortedIdsError,
    WrongTypeError,
)
from doublerandom.dr1.lines import Batch, Source, scan
from doublerandom.dr1.merkle import Accumulator, leaf_hashes, root
from doublerandom.dr1.records import CONFLICT, INSPECTOR, SUBJECT, check_pool, check_record, pool_line

__all__ = [
    "CONFLICT",
    "INSPECTOR",
    "SUBJECT",
    "PoolCommitment",
    "SubjectPool",
    "check_commitment",
    "check_record",
    "freeze",
    "freeze_lines",
    "key_bytes",
    "leaf_salt",
    "leaves",
    "load_subjects",
    "pool_line",
    "record_lines",
    "root_of_leaves",
    "sealed_leaf",
    "subject_pool",
]

_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class PoolCommitment:
    """What a plan says of a pool: its root (hex), its number of records, and whether it is sealed."""

    root: str
    size: int
    sealed: bool

    def member(self) -> Record:
        """The plan's member for this pool."""
        return {"root": self.root, "sealed": self.sealed, "size": self.size}


def key_bytes(key: str) -> bytes:
    """The 32 bytes of a pool or task key as keys.json writes it; raise BadPoolKeyError for any other text."""
    if type(key) is not str or not HEX64.fullmatch(key):
        raise BadPoolKeyError(reason="not 64 lower-case hex digits")
    return bytes.fromhex(key)


def leaf_salt(key: bytes, pool: str, record_id: str) -> str:
    """The salt (64 hex digits) that opens one record of a sealed pool."""
    _check_key(key)
    return hmac.digest(key, f"dr1|salt|{pool}|{record_id}".encode(), "sha256").hex()


def sealed_leaf(key: bytes, pool: str, record: Record) -> bytes:
    """The 32 bytes that stand for one record in a sealed pool's tree."""
    return _sealed(leaf_salt(key, pool, record["id"]).encode(), pool_line(record))


def freeze(pool: str, records: Iterable[Record], key: bytes | None = None) -> PoolCommitment:
    """Commit to a pool: public without a key, sealed with one.

    Args:
        pool: `subjects`, `inspectors` or `conflicts`.
        records: In ascending order of id (bytes), read once.
        key: The pool's 32 random bytes, never used for another pool.

    Raises:
        DuplicateIdError, UnsortedIdsError, BadPoolKeyError, or what check_record raises.
    """
    return freeze_lines(pool, record_lines(records), key)


def freeze_lines(pool: str, lines: Source, key: bytes | None = None) -> PoolCommitment:
    """As `freeze`, from the lines of the pool's file; they must be canonical. This is the fast way."""
    tree = _tree(pool, key)
    for batch in scan(pool, lines):
        tree.add(batch)
    return tree.commitment()


def record_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """The records as lines of a file, each with its 0A; whoever reads them checks them."""
    options = (
        orjson.OPT_SORT_KEYS
        | orjson.OPT_APPEND_NEWLINE
        | orjson.OPT_PASSTHROUGH_DATETIME
        | orjson.OPT_PASSTHROUGH_DATACLASS
        | orjson.OPT_PASSTHROUGH_SUBCLASS
    )
    for record in records:
        try:
            yield orjson.dumps(record, option=options)
        except orjson.JSONEncodeError as error:
            raise WrongTypeError(where="record", reason=str(error)) from None


def leaves(pool: str, records: Iterable[Record], key: bytes) -> list[str]:
    """The leaf data of a sealed pool in hex, sorted: the lines of `<pool>.leaves`."""
    tree = _SealedTree(pool, key)
    for batch in scan(pool, record_lines(records)):
        tree.add(batch)
    return [leaf.hex() for leaf in sorted(tree.leaves)]


def root_of_leaves(lines: Iterable[str]) -> PoolCommitment:
    """The commitment of a sealed pool of which only the hex leaves are known: distinct, ascending.

    Raises:
        BadHexError, DuplicateIdError, UnsortedIdsError: A line is no leaf, or not above the one before.
    """
    found, last = [], ""
    for line in lines:
        if not HEX64.fullmatch(line):
            raise BadHexError(where="leaves", value=line)
        if line <= last:
            raise (DuplicateIdError if line == last else UnsortedIdsError)(id=line)
        found.append(bytes.fromhex(line))
        last = line
    return PoolCommitment(root(found).hex(), len(found), sealed=True)


def check_commitment(pool: str, found: PoolCommitment, planned: Record) -> None:
    """Raise PoolMismatchError unless the pool found is the one the plan commits to."""
    if found.member() != planned:
        raise PoolMismatchError(pool=pool, found=found.member(), planned=planned)


class _PublicTree:
    """Leaf data are the lines, in order."""

    def __init__(self) -> None:
        self.tree = Accumulator()

    def add(self, batch: Batch) -> None:
        self.tree.extend(leaf_hashes(batch.lines))

    def commitment(self) -> PoolCommitment:
        return PoolCommitment(self.tree.root().hex(), self.tree.size, sealed=False)


class _SealedTree:
    """Leaf data are salted hashes of the lines, sorted by value."""

    def __init__(self, pool: str, key: bytes) -> None:
        _check_key(key)
        self.key, self.prefix = key, f"dr1|salt|{pool}|".encode()
        self.leaves: list[bytes] = []

    def add(self, batch: Batch) -> None:
        key, prefix, digest = self.key, self.prefix, hmac.digest
        self.leaves += [
            _sealed(digest(key, prefix + record_id, "sha256").hex().encode(), line)
            for record_id, line in zip(batch.columns["id"], batch.lines, strict=True)
        ]

    def commitment(self) -> PoolCommitment:
        return PoolCommitment(root(sorted(self.leaves)).hex(), len(self.leaves), sealed=True)


def _tree(pool: str, key: bytes | None) -> _PublicTree | _SealedTree:
    check_pool(pool)
    return _PublicTree() if key is None else _SealedTree(pool, key)


def _sealed(salt: bytes, line: bytes) -> bytes:
    return hashlib.sha256(b"dr1|leaf|" + salt + b"|" + line).digest()


def _check_key(key: bytes) -> None:
    if type(key) is not bytes or len(key) != _KEY_BYTES:
        raise BadPoolKeyError(reason="not 32 bytes")


class _Coded:
    """A column of few distinct values, held as small numbers in order of first appearance."""

    def __init__(self) -> None:
        self.code_of: dict[bytes, int] = {}
        self.codes = array("i")

    def add(self, values: Iterable[bytes]) -> None:
        values = list(values)
        for value in dict.fromkeys(values):
            self.code_of.setdefault(value, len(self.code_of))
        self.codes.extend(map(self.code_of.__getitem__, values))

    def names(self) -> list[str]:
        return [value.decode() for value in self.code_of]


@dataclass(frozen=True)
class SubjectPool:
    """The subjects' pool as the draw needs it: about 100 bytes a record, position = place in the file.

    `strata[stratum_codes[p]]`, `regions[region_codes[p]]` and `excluded[p]` belong to the record at
    position p; `reasons` counts the records of each exclusion reason.
    """

    commitment: PoolCommitment
    ids: list[bytes]
    strata: list[str]
    stratum_codes: npt.NDArray[np.int32]
    regions: list[str]
    region_codes: npt.NDArray[np.int32]
    excluded: npt.NDArray[np.bool_]
    reasons: dict[str, int] = field(default_factory=dict)

    def counts(self) -> dict[str, tuple[int, int]]:
        """For each stratum its number of records, and of those excluded."""
        kinds = len(self.strata)
        size = np.bincount(self.stratum_codes, minlength=kinds).tolist()
        out = np.bincount(self.stratum_codes[self.excluded], minlength=kinds).tolist()
        return {name: (size[code], out[code]) for code, name in enumerate(self.strata)}

    def position(self, subject_id: str) -> int | None:
        """Where the subject stands, None if it is not in the pool."""
        wanted = subject_id.encode()
        found = bisect_left(self.ids, wanted)
        return found if found < len(self.ids) and self.ids[found] == wanted else None

    def deal_record(self, subject_id: str) -> Record:
        """The subject as the deal needs it: id, region, stratum; raise KeyError if it is not here."""
        position = self.position(subject_id)
        if position is None:
            raise KeyError(subject_id)
        return {
            "id": subject_id,
            "region": self.regions[self.region_codes[position]],
            "stratum": self.strata[self.stratum_codes[position]],
        }


def load_subjects(lines: Source, key: bytes | None = None) -> SubjectPool:
    """Read, check, hash and index the subjects' file in one pass; errors as of `freeze_lines`."""
    tree = _tree("subjects", key)
    ids: list[bytes] = []
    strata, regions, reasons = _Coded(), _Coded(), _Coded()
    for batch in scan("subjects", lines):
        tree.add(batch)
        ids.extend(batch.columns["id"])
        strata.add(batch.columns["stratum"])
        regions.add(batch.columns["region"])
        reasons.add(batch.columns["excluded"])
    reason_codes = _numbers(reasons)
    tally = np.bincount(reason_codes, minlength=len(reasons.code_of)).tolist()
    not_excluded = reasons.code_of.get(b"", -1)
    return SubjectPool(
        commitment=tree.commitment(),
        ids=ids,
        strata=strata.names(),
        stratum_codes=_numbers(strata),
        regions=regions.names(),
        region_codes=_numbers(regions),
        excluded=reason_codes != not_excluded,
        reasons={name: number for name, number in zip(reasons.names(), tally, strict=True) if name},
    )


def subject_pool(records: Iterable[Record], key: bytes | None = None) -> SubjectPool:
    """As `load_subjects`, from records in ascending order of id."""
    return load_subjects(record_lines(records), key)


def _numbers(column: _Coded) -> npt.NDArray[Any]:
    return np.frombuffer(column.codes, np.int32) if column.codes else np.zeros(0, np.int32)
