"""RFC 6962 Merkle trees: roots of streams, an incremental accumulator, inclusion and consistency proofs."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from doublerandom.dr1.errors import BadMerkleHashError, BadMerkleSizeError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
_CHUNK: Final = 1 << 12  # leaves taken at once from a stream


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(00 ‖ data)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def leaf_hashes(data: Iterable[bytes]) -> list[bytes]:
    """The leaf hash of each, in order (the loop that large pools spend their time in)."""
    sha256 = hashlib.sha256
    return [sha256(b"\0" + item).digest() for item in data]


def root(leaf_data: Iterable[bytes]) -> bytes:
    """The root over leaf data in order, read as a stream; SHA-256 of nothing for an empty one."""
    tree, stream = Accumulator(), iter(leaf_data)
    while chunk := list(islice(stream, _CHUNK)):
        tree.extend(leaf_hashes(chunk))
    return tree.root()


def root_of_hashes(hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order; raise BadMerkleHashError for one that is not 32 bytes."""
    tree, stream = Accumulator(), iter(hashes)
    while chunk := list(islice(stream, _CHUNK)):
        check_hashes(chunk)
        tree.extend(chunk)
    return tree.root()


def check_hashes(hashes: Iterable[bytes]) -> None:
    """Raise BadMerkleHashError unless each is 32 bytes."""
    for item in hashes:
        if len(item) != HASH_BYTES:
            raise BadMerkleHashError(length=len(item))


class Accumulator:
    """
    A growing tree that remembers only its peaks: the roots of the full subtrees, largest first.

    `size` and `peaks` are all its state, so that a log can store them and go on later.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size < 0 or size.bit_count() != len(peaks):
            raise BadMerkleSizeError(size=size, peaks=len(peaks))
        check_hashes(peaks)
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf hash at the end."""
        check_hashes([leaf_hash])
        self._push(leaf_hash, 0)

    def extend(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add many leaf hashes (32 bytes each, unchecked here): full subtrees are folded level by level."""
        start, left = 0, len(leaf_hashes)
        while left:
            level = left.bit_length() - 1
            if self.size:
                level = min(level, (self.size & -self.size).bit_length() - 1)
            self._push(_fold(leaf_hashes[start : start + (1 << level)]), level)
            start, left = start + (1 << level), left - (1 << level)

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        right = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            right = node_hash(left, right)
        return right

    def _push(self, subtree: bytes, level: int) -> None:
        """Add a full subtree of 2^level leaves; `size` must be a multiple of that."""
        carry = self.size >> level
        while carry & 1:
            subtree = node_hash(self.peaks.pop(), subtree)
            carry >>= 1
        self.peaks.append(subtree)
        self.size += 1 << level


class Tree:
    """A whole tree in memory, for many inclusion proofs: 2n hashes built once, each proof in O(log n)."""

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        if not leaf_hashes:
            raise BadMerkleSizeError(size=0)
        check_hashes(leaf_hashes)
        self.levels = [list(leaf_hashes)]
        while len(self.levels[-1]) > 1:
            self.levels.append(_level_above(self.levels[-1]))

    @property
    def root(self) -> bytes:
        """The root."""
        return self.levels[-1][0]

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The audit path of the leaf at `index`, from the leaf upwards."""
        if not 0 <= index < len(self.levels[0]):
            raise BadMerkleSizeError(index=index, size=len(self.levels[0]))
        proof = []
        for level in self.levels[:-1]:
            if index ^ 1 < len(level):
                proof.append(level[index ^ 1])
            index >>= 1
        return proof


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int | None = None) -> list[bytes]:
    """The audit path (RFC 6962, 2.1.1) of the leaf at `index` in the tree of the first `size` leaves."""
    size = len(leaf_hashes) if size is None else size
    if not 0 <= index < size <= len(leaf_hashes):
        raise BadMerkleSizeError(index=index, size=size, leaves=len(leaf_hashes))
    return Tree(leaf_hashes[:size]).inclusion_proof(index)


def consistency_proof(leaf_hashes: Sequence[bytes], first: int, second: int) -> list[bytes]:
    """The proof (RFC 6962, 2.1.2) that the tree of `second` leaves extends the tree of the first `first`."""
    if not 0 < first <= second <= len(leaf_hashes):
        raise BadMerkleSizeError(first=first, second=second, leaves=len(leaf_hashes))
    low, high, whole = 0, second, True
    path: list[bytes] = []
    while first != high:
        split = low + _largest_power_below(high - low)
        if first <= split:
            path.append(root_of_hashes(leaf_hashes[split:high]))
            high = split
        else:
            path.append(root_of_hashes(leaf_hashes[low:split]))
            low, whole = split, False
    if not whole:
        path.append(root_of_hashes(leaf_hashes[low:high]))
    return path[::-1]


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` leads from the leaf at `index` of `size` leaves to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _all_hashes(leaf_hash, root, *proof):
        return False
    last, computed = size - 1, leaf_hash
    for step in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            computed = node_hash(step, computed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            computed = node_hash(computed, step)
        index, last = index >> 1, last >> 1
    return last == 0 and computed == root


def verify_consistency(
    first: int,
    second: int,
    first_root: bytes,
    second_root: bytes,
    proof: Sequence[bytes],
) -> bool:
    """Whether the tree of `second` leaves extends that of `first` ≥ 1 leaves (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second or not _all_hashes(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    if not proof:
        return False
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    index, last = first - 1, second - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, step)
        index, last = index >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _all_hashes(*hashes: bytes) -> bool:
    return all(len(item) == HASH_BYTES for item in hashes)


def _largest_power_below(n: int) -> int:
    """The largest power of two smaller than n, for n ≥ 2."""
    return 1 << ((n - 1).bit_length() - 1)


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The root of a full subtree."""
    while len(hashes) > 1:
        hashes = _level_above(hashes)
    return hashes[0]


def _level_above(hashes: Sequence[bytes]) -> list[bytes]:
    """One level up: pairs hashed, an odd last one carried up as it is."""
    sha256, pairs = hashlib.sha256, iter(hashes)
    above = [sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    if len(hashes) % 2:
        above.append(hashes[-1])
    return above
