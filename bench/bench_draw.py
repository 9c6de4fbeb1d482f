"""
A whole draw on SQLite, from a million subjects in the registry to the bundle, against the bare tickets.

    python bench/bench_draw.py [subjects [tasks]]        # 1 000 000 and 5 000 unless told otherwise

Every step is the command that the desk and the jobs run, in one process whose peak of memory is told (the
whole process, interpreter and libraries included). Bare tickets are one SHA-256 for each subject and a sort:
what no draw can do without. The bundle is then read in again by both verifiers, each
in a process of its own. Nothing is asserted of the times.
"""

import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bench_import import rows
from draws.a_city import DUE, MORNING, ROLLS, City, a_city, some_rules
from sqlalchemy import text
from sqlmodel import Session

import doublerandom
from doublerandom.config import Settings
from doublerandom.db import make_engine, transaction
from doublerandom.draws import bundles
from doublerandom.migrations import upgrade
from doublerandom.registry import services as registry

SUBJECTS, TASKS, INSPECTORS, CHUNK = 1_000_000, 5_000, 400, 20_000
SIGNERS = (("operator", "li"), ("supervisor", "wang"))
REGIONS = [f"3301{n:02d}" for n in range(2, 15)]
VERIFIERS = {
    "bundle in: doublerandom verify": ("-c", "from doublerandom.cli import main; main()", "verify"),
    "bundle in: verify.py": (str(Path(doublerandom.__file__).parent / "static" / "verify.py"),),
}
INSERT = (
    "INSERT INTO registry_subject (code, kind, name, region, address, industry, authority, status, category,"
    " capital, business, credit_class) VALUES (:code, 'enterprise', :name, :region, :address, 'H62', '',"
    " 'active', '', '', '', 'A')"
)


def fill(session: Session, number: int) -> None:
    """Subjects of thirteen districts, as long as real ones."""
    given = (
        {"code": row[1], "name": row[0], "address": row[8], "region": REGIONS[n % len(REGIONS)]}
        for n, row in enumerate(rows(number))
    )
    while some := list(islice(given, CHUNK)):
        session.execute(text(INSERT), some)
    session.commit()


def city_of(session: Session, settings: Settings, number: int, tasks: int) -> City:
    """The city of the tests, grown: many subjects, four hundred inspectors, a fixed number of tasks."""
    quotas = [{"stratum": "rest", "when": [], "quota": {"kind": "fixed", "number": tasks}}]
    rules = some_rules(strata={"by": "grade", "quotas": quotas, "otherwise": "rest"}, capacity=100)
    city = a_city(session, settings, subjects=4, inspectors=2, rules=rules)
    with transaction(session):
        for n in range(INSPECTORS):
            registry.add_inspector(
                session, f"B{n:04d}", name=f"检查员{n}", body_id=city.body.id, department="scjg",
                skills=["lead"] if n % 2 == 0 else [], by="zhang", at=MORNING,
            )  # fmt: skip
    fill(session, number)
    return city


def bare_tickets(number: int) -> float:
    """Seconds for one ticket of each subject, and their order."""
    codes = [row[1].encode() for row in rows(number)]
    start = time.perf_counter()
    sorted((hashlib.sha256(b"dr1|subject|" + b"0" * 64 + b"|" + code).digest(), code) for code in codes)
    return time.perf_counter() - start


def peak() -> float:
    """The most memory that this process or one that it ran has held, in MiB."""
    return max(resource.getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) / 1024


def main(number: int, tasks: int) -> None:
    """Run every step, print its seconds, the peak so far, and the ratio to the bare tickets."""
    command = [sys.executable, __file__, "--tickets", str(number)]
    bare = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(data_dir=Path(name), _env_file=None)
        engine = make_engine(settings.resolved_database_url)
        upgrade(engine)
        with Session(engine) as session:
            city = city_of(session, settings, number, tasks)
            print(f"{number:,} subjects, {tasks:,} tasks, {INSPECTORS} inspectors; bare tickets {bare:.2f} s")
            print("| step | seconds | peak MiB | ratio to bare tickets |\n| -- | --: | --: | --: |")
            steps(city, settings, bare)
        engine.dispose()


def steps(city: City, settings: Settings, bare: float) -> None:
    """From freezing to the verified bundle."""
    total = 0.0

    def step(title: str, act: Callable[[], Any]) -> Any:
        nonlocal total
        start = time.perf_counter()
        done = act()
        seconds = time.perf_counter() - start
        total += seconds
        print(f"| {title} | {seconds:.2f} | {peak():.0f} | {seconds / bare:.2f} |", flush=True)
        return done

    session = city.session
    draw = step("freeze, pre-flight, plan", lambda: city.prepare(simulations=0))
    step("two signatures, commitment", lambda: [city.sign(draw, *signer) for signer in SIGNERS])
    step("randomness", lambda: city.observe(draw, ROLLS))
    step("draw, deal, result", lambda: city.run(draw, DUE + timedelta(minutes=1)))
    step("reveal, ticket order", lambda: city.reveal(draw))
    path = step("bundle out", lambda: bundles.bundle(session, draw, settings=settings))
    for title, program in VERIFIERS.items():
        command = [sys.executable, *program, str(path)]
        told = step(title, lambda: subprocess.run(command, check=False, capture_output=True, text=True))  # noqa: B023
        bad = [line for line in told.stdout.splitlines() if "不通过" in line and not line.startswith("13")]
        assert told.stdout, told.stderr
        assert not bad, bad  # check 13: nobody has visited whom these benches draw
    mebibytes = path.stat().st_size / 2**20
    print(f"| all; bundle of {mebibytes:.0f} MiB | {total:.2f} | {peak():.0f} | {total / bare:.2f} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--tickets"]:
        print(bare_tickets(int(sys.argv[2])))
    else:
        main(*([int(each) for each in sys.argv[1:3]] + [SUBJECTS, TASKS][len(sys.argv) - 1 :])[:2])
