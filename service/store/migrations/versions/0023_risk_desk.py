"""Proposals for a second person, tightened thresholds, and what was decided each day."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TABLES = (
    "ALTER TABLE platforms ADD COLUMN threshold_limits JSONB NOT NULL DEFAULT '{}'",
    """
CREATE TABLE risk_proposals (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    threshold DOUBLE PRECISION,
    certificate TEXT,
    proposed_kind TEXT NOT NULL,
    proposed_name TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_as TEXT,
    ended_kind TEXT,
    ended_name TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_why TEXT,
    CONSTRAINT risk_proposals_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT risk_proposals_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id),
    CONSTRAINT risk_proposals_threshold_check CHECK (threshold BETWEEN 0 AND 1)
)""",
    "CREATE INDEX risk_proposals_time_idx ON risk_proposals (platform_id, proposed_at)",
    """
CREATE TABLE risk_days (
    platform_id TEXT NOT NULL,
    day DATE NOT NULL,
    claims BIGINT NOT NULL,
    approved BIGINT NOT NULL,
    claimed_minor BIGINT NOT NULL,
    approved_minor BIGINT NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT risk_days_pkey PRIMARY KEY (platform_id, day),
    CONSTRAINT risk_days_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
)""",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    for table in ("risk_days", "risk_proposals"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE platforms DROP COLUMN threshold_limits")
