"""Answers of writes, kept for whoever sends the same request again."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE kept_answers (
    platform_id TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    status INTEGER NOT NULL,
    headers JSONB NOT NULL,
    body BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT kept_answers_pkey PRIMARY KEY (platform_id, key)
);
CREATE INDEX kept_answers_created_idx ON kept_answers (created_at);
"""


def upgrade() -> None:
    op.execute(_TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE kept_answers")
