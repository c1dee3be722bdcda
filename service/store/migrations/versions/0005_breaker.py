"""The breaker of a platform, labels as shares of money, and a way to the audit sample."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE platforms ADD COLUMN breaker_tripped_at TIMESTAMPTZ")
    op.execute("ALTER TABLE platforms ADD COLUMN breaker_reason TEXT")
    op.execute("ALTER TABLE platforms ADD COLUMN breaker_since TIMESTAMPTZ")
    op.execute("ALTER TABLE labels ADD COLUMN loss_share DOUBLE PRECISION")
    # Anything but a clear "right" was wrong: in doubt against the model, never for it.
    op.execute("UPDATE labels SET loss_share = CASE WHEN value = 'right' THEN 0 ELSE 1 END")
    op.execute("UPDATE labels SET source = 'audit' WHERE source = 'audit_draw'")
    op.execute("ALTER TABLE labels ALTER COLUMN loss_share SET NOT NULL, DROP COLUMN value")
    op.execute("ALTER TABLE labels ADD CONSTRAINT labels_loss_share_check CHECK (loss_share BETWEEN 0 AND 1)")
    op.execute("CREATE INDEX assessments_drawn_idx ON assessments (platform_id, recorded_at) WHERE audit_drawn")


def downgrade() -> None:
    op.execute("DROP INDEX assessments_drawn_idx")
    op.execute("ALTER TABLE labels DROP CONSTRAINT labels_loss_share_check")
    op.execute("ALTER TABLE labels ADD COLUMN value TEXT")
    op.execute("UPDATE labels SET value = CASE WHEN loss_share = 0 THEN 'right' ELSE 'wrong' END")
    op.execute("ALTER TABLE labels ALTER COLUMN value SET NOT NULL, DROP COLUMN loss_share")
    op.execute(
        "ALTER TABLE platforms DROP COLUMN breaker_tripped_at, DROP COLUMN breaker_reason, DROP COLUMN breaker_since"
    )
