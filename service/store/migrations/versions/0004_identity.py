"""Readings keep what of an identity card may be kept, and lose its text."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE readings ADD COLUMN identity JSONB")
    # Kept so far in clear, and by readers this code does not ask for any more: what is needed is read again.
    op.execute("DELETE FROM readings")


def downgrade() -> None:
    # A masked reading without its card would pass for the whole page.
    op.execute("DELETE FROM readings")
    op.execute("ALTER TABLE readings DROP COLUMN identity")
