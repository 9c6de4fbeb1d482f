"""
Processes of their own for the tests of draws: one warm parent forks children that live or are killed.

As a program it reads one JSON object a line and answers with one: `start` forks children that do a deed,
`wait` tells how a child ended. A child's deed is a function of this module by its name. The parent imports
the house once and never touches a database, so that forking a child costs milliseconds, not seconds.
"""

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

WRITES = ("INSERT", "UPDATE", "DELETE")


class Nursery:
    """The tests' side: asks the warm parent for children."""

    def __init__(self) -> None:
        tests = str(Path(__file__).resolve().parents[1])
        paths = os.pathsep.join((tests, str(Path(tests).parent)))
        self._parent = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": paths, "DOUBLERANDOM_DRAND_RELAYS": ""},
        )

    def _ask(self, **question: Any) -> Any:
        assert self._parent.stdin
        assert self._parent.stdout
        print(json.dumps(question), file=self._parent.stdin, flush=True)
        return json.loads(self._parent.stdout.readline())

    def start(self, *deeds: dict[str, Any], meet: bool = False) -> list[int]:
        """Fork a child for each deed; `meet`: they write for the first time only when all are about to."""
        return self._ask(ask="start", deeds=deeds, meet=meet)

    def wait(self, pid: int) -> tuple[int, Any]:
        """The exit code of a child (negative: the signal that killed it), and what its deed gave back."""
        code, told = self._ask(ask="wait", pid=pid)
        return code, told

    def do(self, **deed: Any) -> tuple[int, Any]:
        """Fork one child and wait for its end."""
        return self.wait(self.start(deed)[0])

    def close(self) -> None:
        """End the warm parent."""
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.close()
        self._parent.wait()
        self._parent.stdout.close()


@dataclass
class Doom:
    """
    Counts the steps of a child and kills it, as `kill -9` does, at the k-th (0: never).

    A step is the moment before each row is written, before each commit, and after it.
    """

    at: int
    steps: int = 0
    gates: list[Any] = field(default_factory=list)

    def step(self, *_: Any) -> None:
        """One step more."""
        self.steps += 1
        if self.steps == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """A statement is about to be carried out."""
        if statement == "BEGIN IMMEDIATE":
            self.gate()
        if statement.lstrip().upper().startswith(WRITES):
            self.step()

    def begin(self, connection: Any) -> None:
        """A transaction begins; on SQLite its statement is still to come."""
        if connection.dialect.name == "postgresql" and connection.get_execution_options().get("writes"):
            self.gate()

    def gate(self) -> None:
        """One that will write waits for the others, once."""
        if self.gates:
            ready, go = self.gates
            self.gates = []
            os.write(ready, b".")
            os.read(go, 1)


def household(deed: dict[str, Any], doom: Doom) -> Any:
    """Engine and settings of a child, its steps counted."""
    from sqlalchemy import event
    from sqlmodel import Session

    from doublerandom.config import Settings
    from doublerandom.db import make_engine

    settings = Settings(
        data_dir=Path(deed["data_dir"]),
        database_url=deed["url"],
        log_origin=deed["origin"],
        drand_relays="",
        testing=True,
        _env_file=None,
    )
    engine = make_engine(deed["url"])
    event.listen(engine, "before_cursor_execute", doom.write)
    event.listen(engine, "commit", doom.step)
    event.listen(engine, "begin", doom.begin)
    event.listen(Session, "after_commit", doom.step)
    return engine, settings


def live(deed: dict[str, Any], doom: Doom) -> Any:
    """What people and the worker do with a committed draw, from wherever it stands to its reveal."""
    from draws.a_city import DUE, ROLLS
    from sqlmodel import Session

    from doublerandom import jobs
    from doublerandom.draws import queries, services

    engine, settings = household(deed, doom)
    number, reveal = deed["number"], datetime.fromisoformat(deed["reveal"])
    with Session(engine) as session:
        for person in ("li", "wang"):
            draw = queries.draw(session, number)
            first = queries.first_entry(session, draw, 0)
            if not queries.observations(session, draw) and (first is None or first.person != person):
                services.observe(session, number, n=0, value=ROLLS, settings=settings, by=person, at=DUE)
    lead = jobs.leadership(engine, settings)
    done = jobs.tick(engine, settings, lead, DUE + timedelta(minutes=1))
    with Session(engine) as session:
        drawn = queries.draw(session, number).status == "drawn"
    done += jobs.tick(engine, settings, lead, reveal) if drawn else []
    return [one.what for one in done]


def work(deed: dict[str, Any], doom: Doom) -> Any:
    """The worker does what is due."""
    from sqlmodel import Session

    from doublerandom import jobs

    engine, settings = household(deed, doom)
    with Session(engine) as session:
        return [one.what for one in jobs.run_due(session, settings, datetime.fromisoformat(deed["at"]))]


def run(deed: dict[str, Any], doom: Doom) -> Any:
    """A person runs the draw."""
    from sqlmodel import Session

    from doublerandom.draws import services
    from doublerandom.errors import DoubleRandomError

    engine, settings = household(deed, doom)
    at = datetime.fromisoformat(deed["at"])
    with Session(engine) as session:
        try:
            services.run(session, deed["number"], settings=settings, by="li", at=at)
        except DoubleRandomError as error:
            return [error.code]
    return ["run"]


def serve_jobs(deed: dict[str, Any], doom: Doom) -> Any:
    """`doublerandom jobs`, as an operator starts it."""
    from doublerandom import jobs

    os.environ |= {
        "DOUBLERANDOM_DATABASE_URL": deed["url"],
        "DOUBLERANDOM_DATA_DIR": deed["data_dir"],
        "DOUBLERANDOM_LOG_ORIGIN": deed["origin"],
    }
    with Path(deed["log"]).open("a", encoding="utf-8", buffering=1) as sys.stderr:
        jobs.jobs(["--every", "1"], standalone_mode=False)


def _child(deed: dict[str, Any], told: int, gates: list[int]) -> None:
    """Do the deed, tell what it gave back, and end without any clean-up of the parent's."""
    code, doom = 1, Doom(deed.get("kill_at", 0), gates=gates)
    try:
        os.dup2(2, 1)  # what is printed is no answer
        found = globals()[deed["do"]](deed, doom)
        os.write(told, json.dumps(found).encode())
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except Exception:  # noqa: BLE001 - told to the test, whatever it is
        import traceback

        os.write(told, json.dumps(traceback.format_exc()[-1500:]).encode())
    finally:
        if doom.gates:  # it never came to write: nobody waits for it
            os.write(doom.gates[0], b".")
        os._exit(code)


def _start(deeds: list[dict[str, Any]], children: dict[int, int], *, meet: bool) -> list[int]:
    ready_end, ready = os.pipe()
    go, go_end = os.pipe()
    pids = []
    for deed in deeds:
        told_end, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(go_end)
            _child(deed, told, [ready, go] if meet else [])
        os.close(told)
        children[pid] = told_end
        pids.append(pid)
    for _ in deeds if meet else ():
        os.read(ready_end, 1)
    for end in (ready_end, ready, go, go_end):
        os.close(end)
    return pids


def _wait(pid: int, children: dict[int, int]) -> tuple[int, Any]:
    with os.fdopen(children.pop(pid), "rb") as told:
        _, status = os.waitpid(pid, 0)
        words = told.read()
    return os.waitstatus_to_exitcode(status), json.loads(words) if words else None


def main() -> None:
    """Import the house, then answer until the tests hang up."""
    import draws.a_city  # noqa: F401 - what children need is there before they are
    from sqlalchemy.orm import configure_mappers

    import doublerandom.jobs
    import doublerandom.models  # noqa: F401 - as above

    configure_mappers()
    gc.freeze()
    children: dict[int, int] = {}
    with contextlib.suppress(KeyboardInterrupt):
        for line in sys.stdin:
            question = json.loads(line)
            if question["ask"] == "start":
                answer: Any = _start(question["deeds"], children, meet=question["meet"])
            else:
                answer = _wait(question["pid"], children)
            print(json.dumps(answer), flush=True)  # noqa: T201 - it is how it answers


if __name__ == "__main__":
    main()
