"""Run all benchmarks, one process each: `make bench`, or `python -m bench tickets deal`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run the named benchmarks, or all; the number of those that failed."""
    scripts = sorted(HERE.glob("bench_*.py"))
    wanted = [f"bench_{name}" for name in sys.argv[1:]]
    failed = 0
    for script in scripts:
        if wanted and script.stem not in wanted:
            continue
        print(f"== {script.stem.removeprefix('bench_')}", flush=True)
        failed += subprocess.run([sys.executable, str(script)], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
