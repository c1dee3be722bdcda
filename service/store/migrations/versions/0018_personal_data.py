"""Consent to reading identity papers, what is left of erased files and accounts."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE evidence_tombstones (
    platform_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    why TEXT NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE NOT NULL,
    bytes_gone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT evidence_tombstones_pkey PRIMARY KEY (platform_id, sha256)
);
CREATE INDEX evidence_tombstones_due_idx ON evidence_tombstones (platform_id, sha256) WHERE bytes_gone_at IS NULL;
CREATE TABLE consents (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    order_number TEXT NOT NULL,
    account_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT consents_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT consents_platform_id_case_id_fkey FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
);
CREATE INDEX consents_order_idx ON consents (platform_id, order_number, recorded_at);
CREATE TABLE account_erasures (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    pseudonym TEXT NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE NOT NULL,
    cases BIGINT NOT NULL,
    files BIGINT NOT NULL,
    events BIGINT NOT NULL,
    CONSTRAINT account_erasures_pkey PRIMARY KEY (platform_id, id)
);
CREATE INDEX account_erasures_time_idx ON account_erasures (platform_id, erased_at);
"""


def upgrade() -> None:
    op.execute(_TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE account_erasures")
    op.execute("DROP TABLE consents")
    op.execute("DROP TABLE evidence_tombstones")
