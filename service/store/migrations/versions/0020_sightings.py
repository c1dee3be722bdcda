"""Platforms that tell each other whether a file was seen elsewhere."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
CREATE TABLE sharing_platforms (
    platform_id TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT sharing_platforms_pkey PRIMARY KEY (platform_id),
    CONSTRAINT sharing_platforms_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
)""")
    op.execute("CREATE INDEX evidence_bytes_idx ON evidence (sha256, platform_id)")


def downgrade() -> None:
    op.execute("DROP INDEX evidence_bytes_idx")
    op.execute("DROP TABLE sharing_platforms")
