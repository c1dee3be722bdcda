"""A stopped platform keeps since when, why, and what it goes back to."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE platforms ADD COLUMN stopped_at TIMESTAMP WITH TIME ZONE, ADD COLUMN stop_reason TEXT,"
        " ADD COLUMN stopped_from TEXT"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE platforms DROP COLUMN stopped_from, DROP COLUMN stop_reason, DROP COLUMN stopped_at")
