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


def upgrade() -> None:
    widen(
        "registry_annual_plan",
        "status",
        "annualplanstatus",
        ["draft", "submitted", "approved", "published", "amended", "closed"],
    )
    days_of_items()


def downgrade() -> None:
    """Evidence is never taken down: restore a backup instead."""
    raise NotImplementedError
