"""How far uploads of history have come."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_UPLOADS = """
CREATE TABLE event_uploads (
    platform_id TEXT NOT NULL,
    id TEXT NOT NULL,
    lines BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT event_uploads_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT event_uploads_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
);
"""


def upgrade() -> None:
    op.execute(_UPLOADS)


def downgrade() -> None:
    op.execute("DROP TABLE event_uploads")
