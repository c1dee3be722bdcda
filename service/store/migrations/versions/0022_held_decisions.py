"""Decisions that can be taken back before they take effect."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE held_decisions (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    case_number TEXT NOT NULL,
    version INTEGER NOT NULL,
    intended JSONB NOT NULL,
    leads_to JSONB NOT NULL,
    party TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    score_seen BOOLEAN NOT NULL,
    once TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    ended_as TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    why TEXT,
    told_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT held_decisions_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT held_decisions_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
)"""
_INDEXES = (
    "CREATE UNIQUE INDEX held_decisions_case_idx ON held_decisions (platform_id, case_id) WHERE ended_as IS NULL",
    "CREATE UNIQUE INDEX held_decisions_once_idx ON held_decisions (platform_id, case_id, actor_name, once)",
    "CREATE INDEX held_decisions_due_idx ON held_decisions (due_at) WHERE ended_as IS NULL",
    "CREATE INDEX held_decisions_actor_idx ON held_decisions (platform_id, actor_name, id)"
    " WHERE ended_as IS NULL OR (ended_as = 'not_done' AND told_at IS NULL)",
    "CREATE INDEX held_decisions_ended_idx ON held_decisions (ended_at) WHERE ended_as IS NOT NULL",
)


def upgrade() -> None:
    op.execute(_TABLE)
    for index in _INDEXES:
        op.execute(index)


def downgrade() -> None:
    op.execute("DROP TABLE held_decisions")
