"""The computed outcome of a draw is written down: tasks, seats, root, proofs under seal, ticket order."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

import orjson
from sqlalchemy import insert
from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.dr1.canon import Record
from doublerandom.dr1.compute import Computation
from doublerandom.dr1.pools import SubjectPool
from doublerandom.dr1.tickets import ticket
from doublerandom.draws import deposits, plans, queries
from doublerandom.draws.models import DealtMember, Draw, Seat, Task
from doublerandom.draws.order import order_lines
from doublerandom.draws.pools import open_pool
from doublerandom.draws.services.observing import log_beacon
from doublerandom.ledger import log
from doublerandom.ledger.files import FileStore, keep_file
from doublerandom.registry import services as registry_services


def write_down(
    session: Session,
    draw: Draw,
    found: Computation,
    pool: SubjectPool,
    *,
    settings: Settings,
    at: datetime,
) -> None:
    """
    Write tasks and seats, the root, and the proofs of empty seats under seal, in the caller's transaction.

    At level C, where no value is waited for, the empty beacon text is logged now. Where anyone can compute
    the list already, the ticket order is laid beside the pool at once. A rehearsal makes no tasks.
    """
    plan = queries.plan_of(draw)
    assert draw.id is not None
    if not plan["randomness"]:
        log_beacon(session, draw, "", settings=settings, at=at)
    draw.result_root = found.result_root
    draw.tasks = len(found.drawn)
    draw.empty = len(found.deal.proofs)
    draw.drawn_at = at
    proofs = orjson.dumps(found.empty_seats)
    deposits.deposit(
        session,
        draw.id,
        draw.number,
        purpose=deposits.PROOFS,
        party="",
        plain=proofs,
        settings=settings,
    )
    if not draw.rehearsal:
        _write_tasks(session, draw, plan, found, pool, settings=settings)
    if plans.list_is_public_at_once(plan):
        keep_order(session, draw, pool, found.seeds["subject"], settings=settings, at=at)


def _write_tasks(
    session: Session, draw: Draw, plan: Record, found: Computation, pool: SubjectPool, *, settings: Settings
) -> None:
    names = names_of(session, draw, found.drawn, pool, settings)
    tasks = [
        {
            "draw_id": draw.id,
            "position": position,
            "subject": subject,
            "subject_name": names[subject]["name"],
            "region": names[subject]["region"],
            "stratum": names[subject]["stratum"],
            "ticket": ticket(found.seeds["subject"], subject),
            "commitment": commitment,
        }
        for position, (subject, commitment) in enumerate(zip(found.drawn, found.commitments, strict=True))
    ]
    if tasks:
        session.execute(insert(Task), tasks)
    seats = [
        {"task_id": number, "n": n, "seat": seat["seat"], "inspector": inspector}
        for number, team in zip(queries.task_ids(session, draw), found.deal.teams, strict=True)
        for n, (seat, inspector) in enumerate(zip(plan["team"], team, strict=True))
    ]
    if seats:
        session.execute(insert(Seat), seats)
    _write_members(session, draw, {seat["inspector"] for seat in seats}, settings)


def _write_members(session: Session, draw: Draw, holders: set[str], settings: Settings) -> None:
    """Who belongs to the standing teams that hold a seat, as the pool of this draw says."""
    pool = queries.frozen_pools(session, draw)["inspectors"]
    with open_pool(pool, draw.number, settings) as file:
        dealt = [record for line in file if (record := orjson.loads(line))["id"] in holders]
    members = [
        {"draw_id": draw.id, "team": record["id"], "n": n, "certificate": certificate}
        for record in dealt
        for n, certificate in enumerate(record.get("members", ()))
    ]
    if members:
        session.execute(insert(DealtMember), members)


def tell_loads(session: Session, draw: Draw) -> Counter[str]:
    """Push down to the registry how many tasks this draw dealt to whom, in the caller's transaction."""
    tasks = queries.tasks_of_draw(session, draw)
    counts = Counter(certificate for task in tasks for certificate in task.people)
    registry_services.note_dealt(session, draw.number, counts, on=local(draw.due).date())
    return counts


def names_of(
    session: Session,
    draw: Draw,
    subjects: list[str],
    pool: SubjectPool,
    settings: Settings,
) -> dict[str, Record]:
    """The pool's records of some subjects, in one pass over the file that parses no other line."""
    wanted = {pool.position(subject) for subject in subjects}
    with open_pool(queries.frozen_pools(session, draw)["subjects"], draw.number, settings) as file:
        return {record["id"]: record for record in _records_at(file, wanted)}


def _records_at(file: BinaryIO, positions: set[int | None]) -> Iterator[Record]:
    for position, line in enumerate(file):
        if position in positions:
            yield orjson.loads(line)


def keep_order(
    session: Session,
    draw: Draw,
    pool: SubjectPool,
    seed: str,
    *,
    settings: Settings,
    at: datetime,
) -> None:
    """Lay the ticket order beside the subjects' pool, in the caller's transaction."""
    lines = order_lines(queries.plan_of(draw), pool, seed)
    frozen = queries.frozen_pools(session, draw)["subjects"]
    frozen.order_sha256 = keep_file(session, FileStore(settings.files_dir), lines, kind="order", at=at)
    session.add(frozen)


def log_result(session: Session, draw: Draw, *, settings: Settings, at: datetime) -> None:
    """Put the `result` entry into the public log, in the caller's transaction; a rehearsal has none."""
    if draw.rehearsal:
        return
    entry = {
        "type": "result",
        "draw": draw.number,
        "plan_hash": draw.plan_hash,
        "result_root": draw.result_root,
        "count": draw.tasks,
        "empty_seats": draw.empty,
    }
    log.append(session, entry, settings=settings, at=at)
