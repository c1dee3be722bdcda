"""What people of the policy desk work on."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TABLES = (
    """
CREATE TABLE policy_drafts (
    platform_id TEXT NOT NULL,
    login TEXT NOT NULL,
    text TEXT NOT NULL,
    began_from TEXT,
    revision INTEGER NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT policy_drafts_pkey PRIMARY KEY (platform_id, login),
    CONSTRAINT policy_drafts_platform_id_login_fkey
        FOREIGN KEY (platform_id, login) REFERENCES users (platform_id, login)
)""",
    """
CREATE TABLE policy_backtests (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    version TEXT,
    text_sha256 TEXT NOT NULL,
    certified BOOLEAN NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    state TEXT NOT NULL,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    result JSONB,
    CONSTRAINT policy_backtests_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT policy_backtests_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id),
    CONSTRAINT policy_backtests_state_check CHECK (state IN ('done', 'failed', 'running', 'stopped'))
)""",
    "CREATE INDEX policy_backtests_time_idx ON policy_backtests (platform_id, started_at)",
    "CREATE UNIQUE INDEX policy_backtests_running_idx ON policy_backtests (platform_id) WHERE state = 'running'",
    """
CREATE TABLE retention_runs (
    platform_id TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken INTEGER NOT NULL,
    whole_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT retention_runs_pkey PRIMARY KEY (platform_id),
    CONSTRAINT retention_runs_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
)""",
    """
CREATE TABLE erasure_requests (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    account_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    ended_by TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT erasure_requests_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT erasure_requests_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id),
    CONSTRAINT erasure_requests_state_check CHECK (state IN ('asked', 'erased', 'refused'))
)""",
    "CREATE INDEX erasure_requests_time_idx ON erasure_requests (platform_id, asked_at)",
    "CREATE UNIQUE INDEX erasure_requests_account_idx ON erasure_requests (platform_id, account_id) "
    "WHERE state = 'asked'",
    "CREATE INDEX evidence_tombstones_time_idx ON evidence_tombstones (platform_id, erased_at)",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX evidence_tombstones_time_idx")
    for table in ("erasure_requests", "retention_runs", "policy_backtests", "policy_drafts"):
        op.execute(f"DROP TABLE {table}")
