"""What autogeneration does not see of the desk of draws: choices that widened, rows filled from what was there."""

from alembic import op

revision = "0006_draws_by_hand"
down_revision = "0005_draws"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _guard_what_others_said()


def downgrade() -> None:
    """Evidence is never taken down: restore a backup instead."""
    raise NotImplementedError


OUTSIDE = {
    "ledger_cosignature": "id = NEW.id OR (size = NEW.size AND key = NEW.key)",
    "ledger_time_stamp": "id = NEW.id OR size = NEW.size",
    "ledger_witnessed_head": "id = NEW.id OR (origin = NEW.origin AND size = NEW.size)",
    "ledger_witness_refusal": (
        "id = NEW.id OR (origin = NEW.origin AND size = NEW.size AND root = NEW.root AND reason = NEW.reason)"
    ),
}
"""Evidence of and for others, each table with what a new row would take an old one's place by."""


def _guard_what_others_said() -> None:
    """Refuse UPDATE and DELETE on cosignatures, stamps, witnessed heads and refusals, as 0002 does."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for table, same in OUTSIDE.items():
        if postgres:
            for name, when, each in (
                ("never_changed", "UPDATE OR DELETE", "ROW"),
                ("never_emptied", "TRUNCATE", "STATEMENT"),
            ):
                op.execute(
                    f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION refuse_change()",
                )
                op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'evidence is never changed: {table}'); END",
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is never changed: {table}'); END",
        )
