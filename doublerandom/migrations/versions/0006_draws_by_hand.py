"""What autogeneration does not see of the desk of draws: choices that widened, rows filled from what was there."""

revision = "0006_draws_by_hand"
down_revision = "0005_draws"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Evidence is never taken down: restore a backup instead."""
    raise NotImplementedError
