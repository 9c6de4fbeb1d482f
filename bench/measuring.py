"""Measuring a run in processes of its own: wall time, and how far memory rose above the input at its peak."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """Seconds taken, MiB above the input at the peak, and a digest of the answer."""

    seconds: float
    mebibytes: float
    answer: str


def in_a_process(program: str, *arguments: str, times: int = 3) -> Run:
    """The fastest of some runs of `program` for a single measurement; it prints what `report` gives."""
    command = [sys.executable, program, *arguments]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(times)]
    return min((Run(**json.loads(run)) for run in runs), key=lambda run: run.seconds)


def report(prepare: Callable[[], Any], act: Callable[[Any], str]) -> None:
    """Measure `act` on what `prepare` gives, and print it for `in_a_process`."""
    given = prepare()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew from here
    before = _memory("VmRSS")
    start = time.perf_counter()
    answer = act(given)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "mebibytes": _memory("VmHWM") - before, "answer": answer}))


def _memory(name: str) -> float:
    """A line of /proc/self/status in MiB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)
