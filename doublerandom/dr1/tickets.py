"""Selection by ticket: who is drawn, in which order, and the reserve (section 6)."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from doublerandom.dr1.canon import H, Record
from doublerandom.dr1.errors import BadCarriedError, BadTakeError, StrataMismatchError
from doublerandom.dr1.pools import SubjectPool, subject_pool

Rows = npt.NDArray[np.int64]
Prefixes = npt.NDArray[np.uint64]
_CHUNK: Final = 1 << 12


def ticket(seed: str, subject_id: str) -> str:
    """The subject's ticket: `printf '%s' 'dr1|subject|<seed>|<id>' | sha256sum`. The lowest win."""
    return H(f"dr1|subject|{seed}|{subject_id}")


def select(
    seed: str, pool: SubjectPool, strata: Sequence[Record], carried: Iterable[str] = ()
) -> "Selection":
    """Draw from every stratum those with the lowest tickets, carried ones first.

    Args:
        seed: The draw's `subject` seed.
        pool: The subjects (see pools.load_subjects).
        strata: The plan's: `id` and `take` of every stratum of the pool.
        carried: The plan's list, distinct ids of this pool.

    Raises:
        StrataMismatchError: The strata are not those of the pool.
        BadTakeError: A `take` below 0 or above the records left.
        BadCarriedError: An id is not in the pool, is excluded, or its stratum carries more than it takes.
    """
    return Selection(seed, pool, {stratum["id"]: stratum["take"] for stratum in strata}, tuple(carried))


def select_records(
    seed: str,
    records: Iterable[Record],
    strata: Sequence[Record],
    carried: Iterable[str] = (),
) -> "Selection":
    """As `select`, from subject records in any order; for small pools."""
    return select(seed, subject_pool(sorted(records, key=lambda record: str(record["id"]))), strata, carried)


class Selection:
    """A draw from a pool: the drawn at once, whole orders only when asked for.

    Only 64 bits of each ticket are kept; where two of them agree the whole tickets decide, then the ids.
    """

    def __init__(self, seed: str, pool: SubjectPool, takes: dict[str, int], carried: tuple[str, ...]) -> None:
        self.seed, self.pool, self.takes = seed, pool, takes
        self._prefixes = ticket_prefixes(seed, pool.ids)
        self._rows = self._eligible()
        self._carried = self._carried_rows(carried)
        self._orders: dict[str, list[str]] = {}

    @cached_property
    def drawn(self) -> list[str]:
        """The drawn ids over all strata, ascending by (ticket, id)."""
        return self._ids(self._sorted(np.concatenate([np.zeros(0, np.int64), *map(self._first, self.takes)])))

    def order(self, stratum: str) -> list[str]:
        """All that could be drawn in this stratum, in that order: the drawn, then the reserve."""
        if stratum not in self._orders:
            self._orders[stratum] = self._ids(self._first(stratum, len(self._rows[stratum])))
        return self._orders[stratum]

    def reserve(self, stratum: str) -> list[str]:
        """Those of the stratum not drawn, in the order in which they would replace."""
        return self.order(stratum)[self.takes[stratum] :]

    def _eligible(self) -> dict[str, Rows]:
        """The positions of each stratum's records without `excluded`; refuses other strata and takes."""
        pool = self.pool
        if sorted(self.takes) != sorted(pool.strata):
            raise StrataMismatchError(strata=sorted(set(self.takes) ^ set(pool.strata)))
        open_ = ~pool.excluded
        rows = {
            name: np.flatnonzero((pool.stratum_codes == code) & open_)
            for code, name in enumerate(pool.strata)
        }
        for name, take in self.takes.items():
            if not 0 <= take <= len(rows[name]):
                raise BadTakeError(stratum=name, take=take, left=len(rows[name]))
        return rows

    def _carried_rows(self, carried: tuple[str, ...]) -> dict[str, Rows]:
        rows: dict[str, list[int]] = {name: [] for name in self.takes}
        for subject_id in carried:
            position = self.pool.position(subject_id)
            if position is None or self.pool.excluded[position]:
                raise BadCarriedError(id=subject_id)
            rows[self.pool.strata[self.pool.stratum_codes[position]]].append(position)
        for name, found in rows.items():
            if len(found) > self.takes[name] or len(set(found)) != len(found):
                raise BadCarriedError(stratum=name, carried=len(found), take=self.takes[name])
        return {name: np.array(found, np.int64) for name, found in rows.items()}

    def _first(self, stratum: str, number: int | None = None) -> Rows:
        """The first `number` of the stratum (its `take` if None) in order: carried ones, then by ticket."""
        number = self.takes[stratum] if number is None else number
        carried, rows = self._carried[stratum], self._rows[stratum]
        if len(carried):
            rows = np.setdiff1d(rows, carried, assume_unique=True)
        left = number - len(carried)
        return np.concatenate([self._sorted(carried), self._sorted(self._lowest(rows, left))[:left]])

    def _lowest(self, rows: Rows, number: int) -> Rows:
        """Those rows that can be among the lowest `number`, in no order: nothing else need be sorted."""
        if not 0 < number < len(rows):
            return rows[: max(number, 0)]
        prefixes = self._prefixes[rows]
        bound = np.partition(prefixes, number - 1)[number - 1]
        lowest: Rows = rows[prefixes <= bound]
        return lowest

    def _sorted(self, rows: Rows) -> Rows:
        return by_ticket(rows, self._prefixes, self._whole_key)

    def _whole_key(self, row: int) -> tuple[str, bytes]:
        subject_id = self.pool.ids[row]
        return ticket(self.seed, subject_id.decode()), subject_id

    def _ids(self, rows: Rows) -> list[str]:
        ids = self.pool.ids
        return [ids[row].decode() for row in rows.tolist()]


def ticket_prefixes(seed: str, ids: Sequence[bytes]) -> Prefixes:
    """The first 64 bits of each id's ticket, in the order of the ids; as numbers they compare as tickets."""
    begun = hashlib.sha256(f"dr1|subject|{seed}|".encode())  # its first block is hashed once for all
    found = np.empty(len(ids), np.uint64)
    for start in range(0, len(ids), _CHUNK):
        digests = _continued(begun, ids[start : start + _CHUNK])
        found[start : start + _CHUNK] = np.frombuffer(digests, ">u8")[::4]
    return found


def _continued(begun: "hashlib._Hash", ends: Sequence[bytes]) -> bytes:
    """The digests, one after another, of what `begun` has hashed followed by each end (the hot loop)."""
    digests: list[bytes] = []
    copy, append = begun.copy, digests.append
    for end in ends:
        whole = copy()
        whole.update(end)
        append(whole.digest())
    return b"".join(digests)


def by_ticket(rows: Rows, prefixes: Prefixes, whole_key: Callable[[int], Any]) -> Rows:
    """The rows ascending by their prefixes; where any two agree, all are sorted by `whole_key` instead."""
    found = rows[np.argsort(prefixes[rows], kind="stable")]
    ordered = prefixes[found]
    if (ordered[1:] == ordered[:-1]).any():
        return np.array(sorted(found.tolist(), key=whole_key), np.int64)
    return found
