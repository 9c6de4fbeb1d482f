"""
`doublerandom registry import subjects` against a bare `sqlite3.executemany` of the same rows.

    python bench/bench_import.py [rows]        # 1 000 000 unless told otherwise

Ours is the whole command in processes of its own, from start to exit: reading the CSV, judging every row,
check characters, duplicates, writing, index, act on record, commit. Bare is only the call of `executemany`
and its commit on tuples that already stand in memory, once into a table without any key and once into one in
which the code is unique, as in ours. All take turns and the fastest of each counts. MiB are the peaks of our
processes, of the largest and of all together.
"""

import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from doublerandom.registry.uscc import check_character

ROWS = 1_000_000
ROUNDS = 3
COLUMNS = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)
PROGRAM = "from doublerandom.cli import main; main()"
TABLES = {
    "bare, no key": "CREATE TABLE t (a, b, c, d, e, f, g, h, i)",
    "bare, code unique": "CREATE TABLE t (a, b TEXT UNIQUE, c, d, e, f, g, h, i)",
}
TRADES = ("信息技术", "餐饮管理", "建筑工程", "食品", "物业服务", "机械制造", "文化传媒", "货物运输")
SCOPE = (
    "技术开发、技术转让、技术咨询、技术服务；知识产权代理；公关活动策划；企业形象设计；广告设计、制作、代理。"
)


def rows(number: int) -> Iterator[tuple[str, ...]]:
    """Registrations as long as real ones, in no order of codes."""
    chance = random.Random(1)
    numbers = chance.sample(range(10_000_000), number)
    for n in numbers:
        first17 = f"9133{n % 11 + 1:02d}{n % 7 + 1:02d}MA{n:07d}"
        trade = TRADES[n % len(TRADES)]
        capital = ("50(万元人民币)", "1,000(万元)", "N/A")[n % 3]
        yield (
            f"杭州第{n}号{trade}有限公司",
            first17 + check_character(first17),
            f"20{n % 20:02d}-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
            ("有限责任公司", "N/A", "个体工商户")[n % 3],
            capital,
            trade + SCOPE,
            "浙江",
            "杭州",
            f"浙江省杭州市西湖区文三路{n % 999 + 1}号{n % 30 + 1}幢{n % 2000 + 1}室",
        )


def bare(file: str, statement: str) -> None:
    """Print the seconds of a bare executemany of a file's rows."""
    with Path(file).open(encoding="utf-8", newline="") as text:
        given = list(map(tuple, csv.reader(text)))[1:]
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.db")
        connection.execute(statement)
        start = time.perf_counter()
        with connection:
            connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", given)
        print(json.dumps(time.perf_counter() - start))
        connection.close()


def measured_bare(file: Path, statement: str) -> float:
    """The seconds of a bare executemany in a process of its own."""
    command = [sys.executable, __file__, "--bare", str(file), statement]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measured_ours(file: Path, number: int) -> tuple[float, float, float]:
    """Seconds of the whole command, and the peaks of its largest process and of all together, in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DOUBLERANDOM_DATA_DIR": folder}
        subprocess.run(
            [sys.executable, "-c", PROGRAM, "db", "upgrade"], check=True, env=environment, capture_output=True
        )
        command = [sys.executable, "-c", PROGRAM, "registry", "import", "subjects", str(file), "--json"]
        start = time.perf_counter()
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
            peaks: dict[int, float] = {}
            watcher = threading.Thread(target=watch, args=(process, peaks))
            watcher.start()
            assert process.stdout is not None
            report = json.loads(process.stdout.read())
            process.wait()
            seconds = time.perf_counter() - start
            watcher.join()
    assert report == {"accepted": number, "refused": 0, "repeated": 0, "noted": 0, "rows": []}, report
    return seconds, max(peaks.values()), sum(peaks.values())


def watch(process: subprocess.Popen[bytes], peaks: dict[int, float]) -> None:
    """Note the peaks of a process and of those it started, until it ends (Linux)."""
    while process.poll() is None:
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            values = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
            if process.pid in {int(values["Pid"]), int(values["PPid"])} and "VmHWM" in values:
                peaks[int(values["Pid"])] = int(values["VmHWM"].split()[0]) / 1024
        time.sleep(0.05)


def main(number: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.writer(text)
            writer.writerow(COLUMNS)
            writer.writerows(rows(number))
        seconds: dict[str, float] = {}
        runs = []
        for _ in range(ROUNDS):
            for name, statement in TABLES.items():
                seconds[name] = min(seconds.get(name, 1e9), measured_bare(file, statement))
            runs.append(measured_ours(file, number))
        ours, largest, together = min(runs)
        megabytes = file.stat().st_size / 1e6
    print(f"{number:,} rows, {megabytes:.0f} MB")
    for name, taken in seconds.items():
        speed = number / taken
        print(f"{name:18} {taken:6.2f} s {speed:12,.0f} rows/s, import {taken / ours:.2f} times as fast")
    print(f"{'registry import':18} {ours:6.2f} s {number / ours:12,.0f} rows/s")
    print(f"peak: largest process {largest:.0f} MiB, together {together:.0f} MiB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        bare(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
