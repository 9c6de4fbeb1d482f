"""Refuse UPDATE and DELETE on the audit trail and the public log."""

from alembic import op

revision = "0002_evidence_triggers"
down_revision = "0001_tables"
branch_labels = None
depends_on = None

UNIQUE = {
    "ledger_act": "id = NEW.id OR previous_hash = NEW.previous_hash OR hash = NEW.hash",
    "ledger_log_entry": '"index" = NEW."index"',
    "ledger_log_node": 'level = NEW.level AND "index" = NEW."index"',
    "ledger_log_mark": "mark = NEW.mark",
    "ledger_checkpoint": "size = NEW.size",
}
"""The tables of evidence, each with the condition under which a new row would take an old one's place."""


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'evidence is never changed: %', TG_TABLE_NAME; END $$",
        )
    for table, same in UNIQUE.items():
        if postgres:
            op.execute(
                f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            )
            op.execute(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            )
            # else whoever sets session_replication_role to replica passes by them
            for trigger in ("never_changed", "never_emptied"):
                op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{trigger}")
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'evidence is never changed: {table}'); END",
            )
        # INSERT OR REPLACE deletes the row in its way without asking the DELETE trigger
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is never changed: {table}'); END",
        )


def downgrade() -> None:
    """Evidence is never taken down: restore a backup instead."""
    raise NotImplementedError
