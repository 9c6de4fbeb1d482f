"""What autogeneration does not see: choices that widened, and indexes that one database alone has."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004_by_hand"
down_revision = "0003_registry_and_accounts"
branch_labels = None
depends_on = None


def widen(table: str, column: str, name: str, values: list[str]) -> None:
    """Let a column that holds one of an enumeration (see db.choice) hold these values too."""
    allowed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(f"{column} IN ({allowed})"))


def days_of_items() -> None:
    """Give items that were put in force, suspended or abolished before the days on which they were, by the trail."""
    connection = op.get_bind()
    acts = connection.execute(
        sa.text(
            "SELECT name, on_id, facts, at, \"by\" FROM ledger_act"
            " WHERE name IN ('ItemPutInForce', 'ItemEnded') ORDER BY id"
        )
    ).all()
    for act in acts:
        facts = json.loads(act.facts)
        day = facts.get("valid_from") or str(act.at)[:10]
        connection.execute(
            sa.text(
                'INSERT INTO registry_item_state (item_id, status, first_day, reason, "by", at)'
                " SELECT id, :status, :day, '', :by, :at FROM registry_item"
                " WHERE code = :code AND version = :version"
            ).bindparams(sa.bindparam("day", type_=sa.Date), sa.bindparam("status", type_=sa.String)),
            {
                "status": "in_force" if act.name == "ItemPutInForce" else facts["status"],
                "day": date.fromisoformat(day),
                "by": act.by,
                "at": act.at,
                "code": act.on_id,
                "version": facts["version"],
            },
        )


def states_of_rule_sets() -> None:
    """Rule sets that were approved before they had states are approved; the others wait, as they did."""
    op.execute(
        "UPDATE registry_rule_set SET status = 'approved' WHERE approved_at IS NOT NULL"
    )


def search_index() -> None:
    """The index of bigrams over subjects, and a queue of those whose searched fields change (see registry/bigrams)."""
    fields = ("name", "code", "address", "region", "industry", "kind", "status")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE registry_search_index USING fts5"
            "(name, code, address, marks, content='', columnsize=0, tokenize='ascii')"
        )
        changed = " OR ".join(f"old.{field} IS NOT new.{field}" for field in fields)
        op.execute(
            f"CREATE TRIGGER registry_subject_reworded AFTER UPDATE OF {', '.join(fields)} ON registry_subject"
            f" WHEN {changed} BEGIN INSERT INTO registry_search_queue (subject_id) VALUES (new.id); END"
        )
        return
    op.execute('ALTER TABLE registry_subject ALTER COLUMN code TYPE varchar(31) COLLATE "C"')
    op.execute("CREATE TABLE registry_search_index (subject_id integer PRIMARY KEY, grams text[] NOT NULL)")
    op.execute("CREATE INDEX ix_registry_search_index_grams ON registry_search_index USING gin (grams)")
    op.execute(
        "CREATE FUNCTION registry_subject_reworded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO registry_search_queue (subject_id) VALUES (new.id); RETURN NULL; END $$"
    )
    changed = " OR ".join(f"old.{field} IS DISTINCT FROM new.{field}" for field in fields)
    op.execute(
        f"CREATE TRIGGER registry_subject_reworded AFTER UPDATE OF {', '.join(fields)} ON registry_subject"
        f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION registry_subject_reworded()"
    )


def visits_count_where() -> None:
    """Visits that were recorded before subjects had an operator count where they were made."""
    op.execute("UPDATE registry_visit SET answerable_id = subject_id WHERE answerable_id IS NULL")


def upgrade() -> None:
    visits_count_where()
    states_of_rule_sets()
    widen(
        "registry_annual_plan",
        "status",
        "annualplanstatus",
        ["draft", "submitted", "approved", "published", "amended", "closed"],
    )
    days_of_items()
    search_index()


def downgrade() -> None:
    """Evidence is never taken down: restore a backup instead."""
    raise NotImplementedError
