"""`doublerandom dr1 compute` on a large draw, against plain canon, Merkle root and selection.

Run `python bench/bench_compute.py [subjects…]`. Ours is the whole command in its own process: start, reading,
checking, roots, beacon, seeds, selection, deal, tasks, writing; MiB are its peak. Plain is json and hashlib
in one thread on records that already stand in memory, doing canon, root and selection alone.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_freeze import plain_canon, plain_root
from measuring import Run, in_a_process, report
from subjects import STRATA, records

from doublerandom.dr1.bundle import json_file, lines_file
from doublerandom.dr1.canon import Record
from doublerandom.dr1.plan import plan_hash
from doublerandom.dr1.pools import freeze_lines, load_subjects, record_lines
from doublerandom.dr1.seeds import secret_commitment, seed

DRAWN = 5_000
INSPECTORS = 400
KEYS = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("inspectors", "conflicts", "tasks")}
DICE = {"kind": "dice", "sides": 10, "count": 40}
ROLLS = {"rolls": [int(digit) for digit in "3099147725861844627095538122670419385718"]}
BEACON = "dice:d10:" + ".".join(map(str, ROLLS["rolls"]))
SECRETS = [
    {"party": party, "purpose": purpose, "secret": hashlib.sha256(f"{party}{purpose}".encode()).hexdigest()}
    for purpose in ("subject", "inspector")
    for party in ("operator", "supervisor")
]
PROGRAM = "from doublerandom.cli import main; main()"


def inspectors() -> list[Record]:
    """Six departments, a few regions each, one in three a leader."""
    return [
        {
            "id": f"P{n:04d}",
            "department": f"d{n % 6}" if n % 2 else "scjg",
            "regions": [f"3301{(n + k) % 13 + 2:02d}" for k in range(n % 5)],
            "skills": ["lead"] if n % 3 == 0 else [],
            "load": 0,
        }
        for n in range(INSPECTORS)
    ]


def conflicts(number: int) -> list[Record]:
    """Every inspector barred from some subjects."""
    pairs = sorted({(f"P{n % INSPECTORS:04d}", f"91330100MA{n * 7919 % number:08d}") for n in range(4_000)})
    return [
        {"id": f"{inspector}:{subject}", "inspector": inspector, "subject": subject, "ground": "barred"}
        for inspector, subject in pairs
    ]


def prepare(folder: Path, number: int) -> None:
    """The directory of a draw of this many subjects."""
    with (folder / "subjects.jsonl").open("wb") as file:
        file.writelines(record_lines(records(number)))
    pools = {"inspectors": inspectors(), "conflicts": conflicts(number)}
    subjects = load_subjects(folder / "subjects.jsonl")
    share = min(DRAWN, number // 10) // len(STRATA)
    plan = {
        "protocol": "dr1", "suite": "sha256", "log": "log.bench.example", "issuer": "bench", "draw": "B-1",
        "title": "bench", "seq": 1, "previous": "0" * 64, "annual_item": "1", "items": ["1"], "filter": "",
        "rules": "0" * 64, "subjects": subjects.commitment.member(),
        "strata": [
            {"id": name, "size": size, "excluded": out, "take": share}
            for name, (size, out) in subjects.counts().items()
        ],
        "team": [{"seat": "lead", "department": "scjg", "skills": ["lead"]}, {"seat": "member"}],
        "randomness": [DICE], "rehearsal": False, "committed_at": "2026-01-01T00:00:00Z",
        "due": "2026-01-01T02:00:00Z", "result_by": "2026-01-01T03:00:00Z",
        "reveal_by": "2026-06-01T00:00:00Z",
        "secrets": [
            {
                "party": one["party"], "body": one["party"], "purpose": one["purpose"],
                "commitment": secret_commitment("bench", "B-1", one["purpose"], one["party"], one["secret"]),
            }
            for one in SECRETS
        ],
    }  # fmt: skip
    for pool, held in pools.items():
        (folder / f"{pool}.jsonl").write_bytes(lines_file(held))
        plan[pool] = freeze_lines(pool, folder / f"{pool}.jsonl", bytes.fromhex(KEYS[pool])).member()
    values = {"plan": plan, "beacon": [ROLLS], "secrets": SECRETS, "keys": KEYS}
    for name, value in values.items():
        (folder / f"{name}.json").write_bytes(json_file(value))


def subject_seed(plan: Record) -> str:
    secrets = {one["party"]: one["secret"] for one in SECRETS if one["purpose"] == "subject"}
    return seed(plan_hash(plan), "subject", BEACON, secrets)


def plain(given: tuple[Record, list[Record]]) -> str:
    """Canon, root and selection as anybody would write them; the drawn list as the answer."""
    plan, pool = given
    root = plain_root([plain_canon(record) for record in pool])
    assert root == plan["subjects"]["root"]
    prefix, drawn = f"dr1|subject|{subject_seed(plan)}|", []
    tickets = [
        (record["stratum"], hashlib.sha256((prefix + record["id"]).encode()).hexdigest(), record["id"])
        for record in pool
        if "excluded" not in record
    ]
    tickets.sort()
    for stratum in plan["strata"]:
        mine = [(ticket, code) for name, ticket, code in tickets if name == stratum["id"]]
        drawn += mine[: stratum["take"]]
    return answer([code for _, code in sorted(drawn)])


def answer(drawn: list[str]) -> str:
    return hashlib.sha256(",".join(drawn).encode()).hexdigest()


def ours(folder: Path, times: int = 3) -> Run:
    """The fastest of some runs of the whole command, and the peak of its memory."""
    runs = []
    for _ in range(times):
        start = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "dr1", "compute", str(folder)], stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = status
        assert status == 0
        runs.append((time.perf_counter() - start, usage.ru_maxrss / 1024))
    seconds, mebibytes = min(runs)
    result = json.loads((folder / "result.json").read_bytes())
    return Run(seconds, mebibytes, answer(result["drawn"]))


def main(sizes: list[int]) -> None:
    print(
        "| subjects | drawn | inspectors | dr1 compute | peak MiB | canon, root, selection, plain | ratio |"
    )
    print("| --: | --: | --: | --: | --: | --: | --: |")
    for number in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            subprocess.run([sys.executable, __file__, "--prepare", name, str(number)], check=True)
            whole = ours(folder)
            base = in_a_process(__file__, "--plain", name, str(number))
            assert whole.answer == base.answer
            drawn = len((folder / "tasks.jsonl").read_bytes().splitlines())
            print(
                f"| {number} | {drawn} | {INSPECTORS} | {whole.seconds:.2f} s | {whole.mebibytes:.0f} "
                f"| {base.seconds:.2f} s | {whole.seconds / base.seconds:.2f} |"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["--plain"]:
        given = json.loads((Path(sys.argv[2]) / "plan.json").read_bytes()), int(sys.argv[3])
        report(lambda: (given[0], list(records(given[1]))), plain)
    else:
        main([int(number) for number in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
