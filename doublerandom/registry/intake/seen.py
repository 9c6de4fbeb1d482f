"""Which codes came before in a file, in little memory: it may doubt a new one, but misses no old one."""

import secrets
from typing import Final

import numpy as np
import numpy.typing as npt

from doublerandom.registry.intake.characters import SEPARATOR

SLOTS: Final = 1 << 25
LONGEST: Final = 31
_SHIFTS: Final = (0, 19, 38)

Hashes = npt.NDArray[np.uint64]


class Seen:
    """
    A Bloom filter over hashes that are other ones in each process.

    Of a million codes about two hundred are doubted without reason; whoever asks must look those up.
    """

    def __init__(self, *, fields: int, place: int) -> None:
        self._fields = fields
        self._place = place
        self._slots = np.zeros(SLOTS, dtype=bool)
        factors = np.frombuffer(secrets.token_bytes(8 * LONGEST), dtype=np.uint64)
        self._factors = factors | np.uint64(1)

    def doubted(self, cells: bytes) -> list[int]:
        """The rows (from 0) of a chunk whose code may have come before, in it or in an earlier one."""
        if not cells:
            return []
        hashes = self._hashes(np.frombuffer(cells, dtype=np.uint16))
        places = [(hashes >> np.uint64(shift) & np.uint64(SLOTS - 1)).astype(np.intp) for shift in _SHIFTS]
        doubted = np.all([self._slots[place] for place in places], axis=0)
        for place in places:
            self._slots[place] = True
        _, first = np.unique(hashes, return_index=True)
        again = np.ones(len(hashes), dtype=bool)
        again[first] = False
        rows: list[int] = np.flatnonzero(doubted | again).tolist()
        return rows

    def _hashes(self, units: npt.NDArray[np.uint16]) -> Hashes:
        """A 64-bit hash of the code of each row."""
        ends = np.flatnonzero(units == ord(SEPARATOR))
        starts = np.concatenate(([0], ends[:-1] + 1))[self._place :: self._fields]
        lengths = ends[self._place :: self._fields] - starts
        total = lengths.astype(np.uint64)
        for n in range(min(LONGEST, int(lengths.max()))):
            one = units[np.minimum(starts + n, len(units) - 1)].astype(np.uint64)
            total += np.where(n < lengths, one, np.uint64(0)) * self._factors[n]
        total ^= total >> np.uint64(32)
        total *= self._factors[0]
        return total ^ total >> np.uint64(29)
