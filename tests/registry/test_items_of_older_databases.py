"""Items of a database from before their states were dated keep their days, as the trail tells them."""

from alembic import command
from sqlalchemy import text
from sqlmodel import Session

from doublerandom.db import make_engine
from doublerandom.migrations import alembic_config
from doublerandom.registry import queries

ITEM = (
    "INSERT INTO registry_item (id, code, version, category, name, sub_item, basis, level, scope, methods,"
    " key, ratio, frequency, requirement, unit, joint, skills, status,"
    " valid_from) VALUES (1, 'A', 1, '', '甲', '',"
    " 'b', 'l', '', 'm', 0, '', '', 'r', '', 0, '[]', 'suspended', '2026-01-01')"
)
ACT = (
    'INSERT INTO ledger_act (id, at, "by", name, on_kind, on_id, facts, before_hash, after_hash,'
    " previous_hash, hash) VALUES (:id, :at, 'wang', :name, 'item', 'A', :facts, '', '', :previous, :hash)"
)


def test_the_days_are_those_of_the_acts(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001_tables")  # before evidence is guarded against hands
        connection.execute(text(ITEM))
        for number, name, facts in (
            (1, "ItemPutInForce", '{"valid_from":"2026-01-01","version":1}'),
            (2, "ItemEnded", '{"status":"suspended","version":1}'),
        ):
            at = f"2026-03-0{number} 04:00:00"
            connection.execute(
                text(ACT),
                {
                    "id": number,
                    "at": at,
                    "name": name,
                    "facts": facts,
                    "hash": f"{number}",
                    "previous": f"{number - 1}",
                },
            )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    with Session(engine) as session:
        states = queries.states_of_items(session, [1])[1]
        assert [(row.status.value, row.first_day.isoformat(), row.by) for row in states] == [
            ("in_force", "2026-01-01", "wang"),
            ("suspended", "2026-03-02", "wang"),
        ]
    engine.dispose()
