"""What autogeneration does not see: choices that widened, and indexes that one database alone has."""

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


def upgrade() -> None:
    pass


def downgrade() -> None:
    """Evidence is never taken down: restore a backup instead."""
    raise NotImplementedError
