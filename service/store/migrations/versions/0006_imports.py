"""Checkpoints of imports, and a way to a platform's latest as_of."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_IMPORTS = """
CREATE TABLE imports (
    platform_id TEXT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    position JSONB NOT NULL,
    report JSONB NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT imports_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT imports_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
)
"""


def upgrade() -> None:
    op.execute(_IMPORTS)
    op.execute("CREATE INDEX cases_as_of_idx ON cases (platform_id, as_of)")


def downgrade() -> None:
    op.execute("DROP INDEX cases_as_of_idx")
    op.execute("DROP TABLE imports")
