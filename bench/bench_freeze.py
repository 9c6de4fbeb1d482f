"""Freezing a pool (canon and Merkle root), and loading it for the draw, against the straightforward program.

Run `python bench/bench_freeze.py [sizes…]`. Plain is `json` and hashlib: from records (dumps with sorted
keys), or from a file's lines (loads, dumps, compare). All must give the same root; MiB are above the input.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

from measuring import in_a_process, report
from subjects import records

from doublerandom.dr1.pools import freeze, freeze_lines, load_subjects, record_lines


def plain_canon(record: dict) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def plain_root(lines: list[bytes]) -> str:
    level = [hashlib.sha256(b"\0" + line).digest() for line in lines]
    while len(level) > 1:
        above = [
            hashlib.sha256(b"\1" + level[n] + level[n + 1]).digest() for n in range(0, len(level) - 1, 2)
        ]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


def plain_from_records(given: list[dict]) -> str:
    return plain_root([plain_canon(record) for record in given])


def plain_from_file(path: Path) -> str:
    lines, last = [], ""
    with path.open("rb") as file:
        for line in file:
            record = json.loads(line)
            if plain_canon(record) + b"\n" != line or record["id"] <= last:
                raise ValueError(line)
            last = record["id"]
            lines.append(line[:-1])
    return plain_root(lines)


WAYS = {
    "records": lambda given: freeze("subjects", given).root,
    "plain-records": plain_from_records,
    "file": lambda path: freeze_lines("subjects", path).root,
    "load": lambda path: load_subjects(path).commitment.root,
    "plain-file": plain_from_file,
}


def one(way: str, number: int, path: Path) -> None:
    report(lambda: list(records(number)) if "records" in way else path, WAYS[way])


def main(sizes: list[int]) -> None:
    print(
        "| subjects | from records | plain | ÷ | MiB | from a file | and loaded | plain | ÷ (loaded) | MiB |"
    )
    print("| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "subjects.jsonl"
        for number in sizes:
            with path.open("wb") as file:
                file.writelines(record_lines(records(number)))
            found = {way: in_a_process(__file__, way, str(number), str(path)) for way in WAYS}
            assert len({run.answer for run in found.values()}) == 1
            a, b, c, d, e = (found[way].seconds for way in WAYS)
            print(
                f"| {number} | {a:.3f} s | {b:.3f} s | {b / a:.1f} | {found['records'].mebibytes:.0f} "
                f"| {c:.3f} s | {d:.3f} s | {e:.3f} s | {e / d:.1f} | {found['load'].mebibytes:.0f} |",
            )


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in WAYS:
        one(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
