"""Labels and assessments by time, for whoever watches the models."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX labels_time_idx ON labels (platform_id, recorded_at)")
    op.execute(
        "CREATE INDEX assessments_time_idx ON assessments (platform_id, recorded_at) WHERE superseded_at IS NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX assessments_time_idx")
    op.execute("DROP INDEX labels_time_idx")
