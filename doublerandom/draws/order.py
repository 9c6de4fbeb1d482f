"""The ticket order of a drawn pool as a file: the place of any subject is found by search."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import BinaryIO, Final

import numpy as np

from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import SubjectPool
from doublerandom.dr1.tickets import ticket
from doublerandom.draws.search import find_fixed

ID_WIDTH: Final = 31
WIDTH: Final = 4 + 1 + 64 + ID_WIDTH + 1


def order_lines(plan: Record, pool: SubjectPool, seed: str) -> Iterator[bytes]:
    """
    The order file: for each stratum, in plan order, its records without `excluded` in the order of section 6.

    A line is the number of the stratum (4 digits), 0 for a carried id and else 1, the ticket, and the id
    padded with blanks: the whole file ascends by bytes.
    """
    carried = {code.encode() for code in plan.get("carried", [])}
    prefix = f"dr1|subject|{seed}|".encode()
    numbers = {name: number for number, name in enumerate(pool.strata)}
    for place, stratum in enumerate(plan["strata"]):
        mine = np.flatnonzero((pool.stratum_codes == numbers[stratum["id"]]) & ~pool.excluded).tolist()
        for carries, keys in _sorted_keys([pool.ids[position] for position in mine], carried, prefix):
            head = b"%04d%d" % (place, not carries)
            for digest, code in keys:
                yield head + digest.hex().encode() + code.ljust(ID_WIDTH) + b"\n"


def _sorted_keys(
    ids: Sequence[bytes], carried: set[bytes], prefix: bytes
) -> Iterator[tuple[bool, list[tuple[bytes, bytes]]]]:
    """Carried ids, then the others, each ascending by (ticket, id)."""
    for carries in (True, False):
        yield (
            carries,
            sorted((sha256(prefix + code).digest(), code) for code in ids if (code in carried) is carries),
        )


def rank(file: BinaryIO, plan: Record, *, stratum: str, code: str, seed: str) -> int | None:
    """
    The place of a subject in its stratum's order, from 1: up to `take` is drawn, the rest is the reserve.

    None where the order does not hold it (excluded, or of another stratum).
    """
    places = {entry["id"]: number for number, entry in enumerate(plan["strata"])}
    number = places[stratum]
    carries = code in plan.get("carried", [])
    wanted = b"%04d%d" % (number, not carries) + ticket(seed, code).encode() + code.encode().ljust(ID_WIDTH)
    line = find_fixed(file, wanted, WIDTH)
    if line is None:
        return None
    before: int = sum(entry["size"] - entry["excluded"] for entry in plan["strata"][:number])
    return line - before + 1
