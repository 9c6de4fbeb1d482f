"""Migrations: one pinned head, on both databases, equal to the models; evidence refuses change."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from doublerandom import migrations
from doublerandom.models import metadata


def test_there_is_one_head_and_it_is_the_pinned_one():
    assert migrations.heads() == [migrations.HEAD]


def test_the_migrated_database_equals_the_models(engine: Engine):
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": migrations.made_by_models}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata)

    assert differences == []


@pytest.mark.parametrize("act", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_a_node_of_the_log_is_never_changed(engine: Engine, act: str):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO ledger_log_node (level, \"index\", hash) VALUES (0, 0, 'a')"))

    with pytest.raises(DBAPIError, match="evidence is never changed"), engine.begin() as connection:
        connection.execute(text(act.format("ledger_log_node")))
