"""What files are found again by."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = """
CREATE SEQUENCE picture_numbers AS BIGINT;

CREATE TABLE pictures (
    platform_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    number BIGINT NOT NULL,
    facts JSONB NOT NULL,
    found_by BIGINT[] NOT NULL,
    picture_hash TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pictures_pkey PRIMARY KEY (platform_id, sha256),
    CONSTRAINT pictures_platform_id_sha256_fkey
        FOREIGN KEY (platform_id, sha256) REFERENCES evidence (platform_id, sha256)
);
CREATE UNIQUE INDEX pictures_number_idx ON pictures (platform_id, number);

CREATE TABLE picture_keys (
    platform_id TEXT NOT NULL,
    key BIGINT NOT NULL,
    number BIGINT NOT NULL,
    CONSTRAINT picture_keys_pkey PRIMARY KEY (platform_id, key, number)
);
"""


def upgrade() -> None:
    op.execute(_TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE picture_keys, pictures; DROP SEQUENCE picture_numbers")
