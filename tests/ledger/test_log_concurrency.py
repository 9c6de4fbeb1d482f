"""Trail and log grow without gap or loss when many write at once, in threads and in processes."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from conftest import NOON
from sqlalchemy import Engine
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger import keys, log, queries
from doublerandom.ledger.audit import audit_log
from doublerandom.ledger.trail import Fact, put_on_record, verify_trail

THREADS, PROCESSES, EACH = 6, 3, 8

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sqlmodel import Session
from doublerandom.config import Settings
from doublerandom.db import make_engine, transaction
from doublerandom.ledger import log

url, folder, name, count = sys.argv[1:]
settings = Settings(data_dir=Path(folder), log_origin="log.test/dr", testing=True, _env_file=None)
with Session(make_engine(url)) as session:
    for number in range(int(count)):
        with transaction(session):
            entry = {"type": "note", "text": f"{name}.{number}"}
            log.append(session, entry, settings=settings, at=datetime(2026, 3, 2, 4, tzinfo=UTC))
"""


@dataclass(frozen=True)
class NoteWritten(Fact):
    on_kind: ClassVar[str] = "note"
    on_id: str


def check(session: Session, settings: Settings, expected: set[str]) -> None:
    """Nothing lost, nothing twice, no gap, and the whole log holds."""
    texts = [entry["text"] for entry in queries.entries(session)]
    assert len(texts) == len(expected)
    assert set(texts) == expected
    audit = audit_log(session, public_key=keys.log_public_hex(settings), origin=settings.log_origin)
    assert audit.size == len(expected)


def test_threads_that_write_trail_and_log_at_once_lose_nothing(engine: Engine, settings: Settings):
    def write(thread: int) -> None:
        with Session(engine) as session:
            for number in range(EACH):
                with transaction(session):
                    text = f"{thread}.{number}"
                    act, at = NoteWritten(text), NOON - timedelta(seconds=thread)
                    entry = {"type": "note", "text": text}
                    if thread % 2:  # in either order: no deadlock
                        put_on_record(session, act, by="li", at=at)
                    log.append(session, entry, settings=settings, at=at)
                    if not thread % 2:
                        put_on_record(session, act, by="li", at=at)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))

    with Session(engine) as session:
        check(session, settings, {f"{t}.{n}" for t in range(THREADS) for n in range(EACH)})
        verify_trail(session)
        assert [act.id for act in queries.acts(session)] == list(range(1, THREADS * EACH + 1))


def test_processes_that_start_at_once_agree_on_the_key_and_lose_nothing(
    engine: Engine, database_url: str, settings: Settings
):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, database_url, settings.data_dir, name, str(EACH)])
        for name in map(str, range(PROCESSES))
    ]
    assert [writer.wait() for writer in writers] == [0] * PROCESSES

    with Session(engine) as session:
        check(session, settings, {f"{p}.{n}" for p in range(PROCESSES) for n in range(EACH)})


def test_an_append_that_waits_sees_what_was_appended_before(engine: Engine, settings: Settings):
    with Session(engine) as first, Session(engine) as second, ThreadPoolExecutor(1) as pool:
        queries.log_size(second)  # has looked at the empty log before

        def append_second() -> int:
            with transaction(second):
                return log.append(second, {"type": "note", "text": "2"}, settings=settings, at=NOON)

        with transaction(first):
            assert log.append(first, {"type": "note", "text": "1"}, settings=settings, at=NOON) == 0
            waiting = pool.submit(append_second)

        assert waiting.result(timeout=30) == 1


def test_an_audit_is_not_disturbed_by_what_is_appended_meanwhile(engine: Engine, settings: Settings):
    def append(session: Session, text: str) -> None:
        with transaction(session):
            log.append(session, {"type": "note", "text": text}, settings=settings, at=NOON)

    with Session(engine) as writer, Session(engine) as reader, ThreadPoolExecutor(1) as pool:
        append(writer, "first")
        growing = pool.submit(lambda: [append(writer, str(number)) for number in range(20)])
        sizes = [audit_log(reader).size]
        while not growing.done():
            reader.rollback()
            sizes.append(audit_log(reader).size)
        growing.result()
        reader.rollback()

        assert audit_log(reader).size == 21
        assert sizes == sorted(sizes)
