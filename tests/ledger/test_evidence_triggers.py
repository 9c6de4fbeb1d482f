"""Both databases refuse to change or delete evidence, whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest
from conftest import NOON
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, delete, update

from doublerandom.db import transaction
from doublerandom.ledger.models import Act, Checkpoint, LogEntry, LogMark, LogNode
from doublerandom.ledger.outside_models import Cosignature, TimeStamp, WitnessedHead, WitnessRefusal
from doublerandom.ledger.trail import Fact, put_on_record

pytestmark = pytest.mark.every_case

EVIDENCE = {Act: "by", LogEntry: "draw", LogNode: "hash", LogMark: "index", Checkpoint: "note"}


@dataclass(frozen=True)
class SomethingDone(Fact):
    on_kind: ClassVar[str] = "thing"
    on_id: str


@pytest.fixture
def evidence(session: Session, append: Callable[..., int], plan_hash: str) -> None:
    append("beacon", draw="2026-001", plan_hash=plan_hash, beacon="dice:d10:1")
    with transaction(session):
        put_on_record(session, SomethingDone("1"), by="li", at=NOON)


@pytest.mark.usefixtures("evidence")
@pytest.mark.parametrize("table", EVIDENCE, ids=lambda table: table.__tablename__)
class TestEveryTableOfEvidence:
    def test_refuses_update(self, session: Session, table: type):
        column = EVIDENCE[table]
        with pytest.raises(DBAPIError, match="evidence is never changed"):
            session.exec(update(table).values({column: getattr(table, column)}))

    def test_refuses_delete(self, session: Session, table: type):
        with pytest.raises(DBAPIError, match="evidence is never changed"):
            session.exec(delete(table))

    def test_refuses_to_be_emptied_at_once(self, engine: Engine, table: type):
        statement = "DELETE FROM {}" if engine.dialect.name == "sqlite" else "TRUNCATE {} CASCADE"

        with pytest.raises(DBAPIError, match="evidence is never changed"), engine.begin() as connection:
            connection.execute(text(statement.format(table.__tablename__)))

    def test_refuses_change_from_a_session_that_poses_as_a_replica(self, engine: Engine, table: type):
        if engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no such setting")
        name, column = table.__tablename__, f'"{EVIDENCE[table]}"'

        acts = (f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}", f"TRUNCATE {name} CASCADE")
        for act in acts:
            with engine.connect() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                with pytest.raises(DBAPIError, match="evidence is never changed"):
                    connection.execute(text(act))

    def test_refuses_a_row_in_anothers_place(self, engine: Engine, table: type):
        name = table.__tablename__
        insert = "INSERT OR REPLACE" if engine.dialect.name == "sqlite" else "INSERT"

        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(f"{insert} INTO {name} SELECT * FROM {name}"))


@pytest.mark.usefixtures("evidence")
def test_an_act_cannot_push_out_another_by_its_hash(engine: Engine):
    insert = "INSERT OR REPLACE" if engine.dialect.name == "sqlite" else "INSERT"
    columns = "at, by, name, on_kind, on_id, facts, before_hash, after_hash, previous_hash, hash"

    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(
            text(f"{insert} INTO ledger_act (id, {columns}) SELECT id + 1, {columns} FROM ledger_act"),
        )


def test_what_others_said_of_logs_is_never_changed_either(session: Session, append: Callable[..., int]):
    append()
    seen = {"origin": "other.test", "size": 1, "root": "00", "note": "", "at": NOON}
    line = {"size": 1, "key": "w", "line": "", "signed_at": NOON, "at": NOON}
    rows = [
        Cosignature(**line),
        TimeStamp(size=1, answer="", stamped_at=NOON, server="", at=NOON),
        WitnessedHead(**seen),
        WitnessRefusal(**seen, reason="fork", held_size=1, held_root="11"),
    ]
    session.add_all(rows)
    session.commit()

    for table in (Cosignature, TimeStamp, WitnessedHead, WitnessRefusal):
        for statement in (update(table).values(at=NOON), delete(table)):
            with pytest.raises(DBAPIError, match="evidence is never changed"):
                session.exec(statement)
            session.rollback()
    session.add(Cosignature(**line))
    with pytest.raises(DBAPIError):
        session.flush()
