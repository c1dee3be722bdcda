"""Webhooks: the order of events, endpoints, sealed secrets, deliveries."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TABLES = """
ALTER TABLE outgoing_events ADD COLUMN written BIGINT GENERATED ALWAYS AS IDENTITY;
DROP INDEX outgoing_events_unplaced_idx;
CREATE INDEX outgoing_events_unplaced_idx ON outgoing_events (written) WHERE position IS NULL;
CREATE TABLE event_positions (
    platform_id TEXT NOT NULL,
    last BIGINT NOT NULL,
    CONSTRAINT event_positions_pkey PRIMARY KEY (platform_id)
);
CREATE TABLE webhook_endpoints (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    url TEXT NOT NULL,
    types TEXT[] NOT NULL,
    description TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    failing_since TIMESTAMP WITH TIME ZONE,
    disabled_at TIMESTAMP WITH TIME ZONE,
    disabled_because TEXT,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT webhook_endpoints_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
);
CREATE UNIQUE INDEX webhook_endpoints_url_idx ON webhook_endpoints (platform_id, url) WHERE deleted_at IS NULL;
CREATE TABLE webhook_secrets (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    endpoint_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT webhook_secrets_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT webhook_secrets_platform_id_endpoint_id_fkey FOREIGN KEY (platform_id, endpoint_id)
        REFERENCES webhook_endpoints (platform_id, id)
);
CREATE INDEX webhook_secrets_endpoint_idx ON webhook_secrets (platform_id, endpoint_id);
CREATE TABLE webhook_deliveries (
    platform_id TEXT NOT NULL,
    endpoint_id UUID NOT NULL,
    position BIGINT NOT NULL,
    event_id UUID NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lease UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempted_at TIMESTAMP WITH TIME ZONE,
    status INTEGER,
    problem TEXT,
    CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (platform_id, endpoint_id, position),
    CONSTRAINT webhook_deliveries_state_check CHECK (state IN ('dead', 'delivered', 'pending'))
);
CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (platform_id, endpoint_id, due_at, position)
    WHERE state = 'pending';
CREATE INDEX webhook_deliveries_sending_idx ON webhook_deliveries (platform_id, endpoint_id) WHERE lease IS NOT NULL;
CREATE INDEX webhook_deliveries_dead_idx ON webhook_deliveries (platform_id, endpoint_id, position)
    WHERE state = 'dead';
CREATE INDEX webhook_deliveries_done_idx ON webhook_deliveries (created_at) WHERE state <> 'pending';
"""


def upgrade() -> None:
    op.execute(_TABLES)


def downgrade() -> None:
    for table in ("webhook_deliveries", "webhook_secrets", "webhook_endpoints", "event_positions"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP INDEX outgoing_events_unplaced_idx")
    op.execute("ALTER TABLE outgoing_events DROP COLUMN written")
    op.execute("CREATE INDEX outgoing_events_unplaced_idx ON outgoing_events (platform_id, id) WHERE position IS NULL")
