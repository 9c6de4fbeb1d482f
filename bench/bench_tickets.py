"""Tickets and selection: this package against the plain hashlib-and-sort loop and against consistent-sampler.

Run `python bench/bench_tickets.py [sizes…]`: every figure is the best of three processes in the same run. The
product is measured twice: on a loaded pool, and with turning the plain rows into one. All must draw the same
subjects; consistent-sampler hashes otherwise: its answer is not compared. MiB: above the input, second way.
"""

import hashlib
import sys
from collections import defaultdict
from operator import itemgetter

import consistent_sampler
import numpy as np
from measuring import in_a_process, report
from subjects import STRATA, Row, rows, strata

from doublerandom.dr1.pools import PoolCommitment, SubjectPool
from doublerandom.dr1.tickets import select

SEED = hashlib.sha256(b"bench").hexdigest()


def plain(given: tuple[list[Row], list[dict]]) -> str:
    """Section 6 as anyone would write it."""
    groups = defaultdict(list)
    for subject_id, stratum, reason in given[0]:
        if not reason:
            ticket = hashlib.sha256(f"dr1|subject|{SEED}|{subject_id}".encode()).hexdigest()
            groups[stratum].append((ticket, subject_id))
    drawn = []
    for stratum in given[1]:
        groups[stratum["id"]].sort()
        drawn += groups[stratum["id"]][: stratum["take"]]
    drawn.sort()
    return digest([subject_id for _, subject_id in drawn])


def peer(given: tuple[list[Row], list[dict]]) -> str:
    """consistent-sampler, stratum by stratum."""
    groups = defaultdict(list)
    for subject_id, stratum, reason in given[0]:
        if not reason:
            groups[stratum].append(subject_id)
    drawn = []
    for stratum in given[1]:
        ids = groups[stratum["id"]]
        drawn += consistent_sampler.sampler(ids, SEED, take=stratum["take"], output="id")
    return f"{len(drawn)} drawn"


def indexed(taken: list[Row]) -> SubjectPool:
    """The plain rows as a pool that is ready for the draw (no commitment: that is the other bench's)."""
    codes = {name: code for code, name in enumerate(STRATA)}
    return SubjectPool(
        commitment=PoolCommitment("", len(taken), sealed=False),
        ids=list(map(str.encode, map(itemgetter(0), taken))),
        strata=list(STRATA),
        stratum_codes=np.fromiter(map(codes.__getitem__, map(itemgetter(1), taken)), np.int32, len(taken)),
        regions=[],
        region_codes=np.zeros(0, np.int32),
        excluded=np.fromiter(map(bool, map(itemgetter(2), taken)), np.bool_, len(taken)),
    )


def ours_from_rows(given: tuple[list[Row], list[dict]]) -> str:
    return digest(select(SEED, indexed(given[0]), given[1]).drawn)


def ours(given: tuple[SubjectPool, list[dict]]) -> str:
    return digest(select(SEED, given[0], given[1]).drawn)


def digest(drawn: list[str]) -> str:
    return hashlib.sha256(",".join(drawn).encode()).hexdigest()[:16]


WAYS = {"ours": ours, "ours-from-rows": ours_from_rows, "plain": plain, "peer": peer}


def one(way: str, number: int, share: float) -> None:
    def prepare() -> tuple[object, list[dict]]:
        taken = rows(number)
        wanted = strata(taken, share)
        return (indexed(taken), wanted) if way == "ours" else (taken, wanted)

    report(prepare, WAYS[way])


def main(sizes: list[int]) -> None:
    print("| subjects | taken | ours | indexed | plain | sampler | plain ÷ | sampler ÷ | MiB |")
    print("| --: | --: | --: | --: | --: | --: | --: | --: | --: |")
    for number in sizes:
        for share in (0.005, 0.05):
            found = {way: in_a_process(__file__, way, str(number), str(share)) for way in WAYS}
            assert len({found[way].answer for way in ("ours", "ours-from-rows", "plain")}) == 1
            a, b, c, d = (found[way].seconds for way in WAYS)
            print(
                f"| {number} | {share:.1%} | {a:.3f} s | {b:.3f} s | {c:.3f} s | {d:.3f} s "
                f"| {c / b:.1f} | {d / b:.1f} | {found['ours-from-rows'].mebibytes:.0f} |",
            )


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in WAYS:
        one(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
