"""Inclusion proofs of committed pools: the tree's hashes in a file made once, each proof a few reads."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Final

from doublerandom.config import Settings
from doublerandom.dr1.merkle import HASH_BYTES, leaf_hashes, node_hash
from doublerandom.draws.errors import StorageDamagedError

_CHUNK: Final = 1 << 13  # leaves or nodes taken at once


def inclusion_path(
    leaves: Iterable[bytes], index: int, *, size: int, root: str, draw: str, settings: Settings
) -> list[str]:
    """
    The audit path (hex, from the leaf upwards) of leaf `index` in a pool's tree.

    The first question about a pool reads its leaves once and keeps the tree's hashes beside the bundles; what
    they are follows from the root, so nobody can put others in their place unseen.

    Args:
        leaves: Leaf data in the order of the tree; read only if the tree is not kept yet.
        index: Which leaf, from 0.
        size: Number of leaves, at least 1.
        root: The committed root, hex.
        draw: Number of the draw, for the error.
        settings: Where to keep the tree.

    Raises:
        StorageDamagedError: The leaves do not give the root.
    """
    place = settings.data_dir / "trees" / f"{root}.tree"
    if not place.exists():
        _keep(leaves, place, size=size, root=root, draw=draw)
    with place.open("rb") as file:
        return [step.hex() for step in _path(file, index, size)]


def _levels(size: int) -> Iterator[tuple[int, int]]:
    """Where each level of the tree starts (in hashes) and how many it has, leaves first, root last."""
    start = 0
    while True:
        yield start, size
        if size == 1:
            return
        start, size = start + size, (size + 1) // 2


def _path(file: IO[bytes], index: int, size: int) -> Iterator[bytes]:
    for start, length in _levels(size):
        sibling = index ^ 1
        if sibling < length:
            file.seek((start + sibling) * HASH_BYTES)
            yield file.read(HASH_BYTES)
        index //= 2


def _keep(leaves: Iterable[bytes], place: Path, *, size: int, root: str, draw: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _fresh(place) as file:
        stream = iter(leaves)
        while some := list(islice(stream, _CHUNK)):
            file.write(b"".join(leaf_hashes(some)))
        if file.tell() != size * HASH_BYTES:
            raise StorageDamagedError(draw=draw, pool=root)
        for start, length in list(_levels(size))[:-1]:
            _write_level_above(file, start, length)
        file.seek(-HASH_BYTES, os.SEEK_END)
        if file.read(HASH_BYTES).hex() != root:
            raise StorageDamagedError(draw=draw, pool=root)


@contextmanager
def _fresh(place: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place's name once it is whole; nothing is left of one that failed."""
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".tree-", delete=False) as file:
        try:
            yield file
            file.flush()
            Path(file.name).replace(place)
        except BaseException:
            Path(file.name).unlink()
            raise


def _write_level_above(file: IO[bytes], start: int, length: int) -> None:
    """Append the level above one of `length` hashes; an odd last hash goes up as it is (RFC 6962)."""
    for first in range(0, length, 2 * _CHUNK):
        file.seek((start + first) * HASH_BYTES)
        below = file.read(min(2 * _CHUNK, length - first) * HASH_BYTES)
        file.seek(0, os.SEEK_END)
        file.write(b"".join(_parents(below)))


def _parents(below: bytes) -> Iterator[bytes]:
    hashes = [below[at : at + HASH_BYTES] for at in range(0, len(below), HASH_BYTES)]
    for left, right in zip(hashes[::2], hashes[1::2], strict=False):
        yield node_hash(left, right)
    if len(hashes) % 2:
        yield hashes[-1]
