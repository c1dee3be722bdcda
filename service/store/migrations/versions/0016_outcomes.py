"""What becomes of a decision: outcomes, obligations, refund locks, anomalies."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OUTCOMES = """
CREATE TABLE outcomes (
    platform_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    case_id UUID NOT NULL,
    kind TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    amount_minor BIGINT,
    currency TEXT,
    note TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    CONSTRAINT outcomes_pkey PRIMARY KEY (platform_id, reference),
    CONSTRAINT outcomes_platform_id_case_id_fkey FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
);
CREATE INDEX outcomes_case_idx ON outcomes (platform_id, case_id, recorded_at);
CREATE TABLE obligations (
    platform_id TEXT NOT NULL,
    grant_id UUID NOT NULL,
    kind TEXT NOT NULL,
    case_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    failed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT obligations_pkey PRIMARY KEY (platform_id, grant_id, kind),
    CONSTRAINT obligations_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
);
CREATE INDEX obligations_case_idx ON obligations (platform_id, case_id);
CREATE INDEX obligations_open_idx ON obligations (platform_id, created_at)
    WHERE confirmed_at IS NULL AND failed_at IS NULL;
CREATE TABLE refund_locks (
    platform_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    case_id UUID,
    order_number TEXT NOT NULL,
    trade_number TEXT,
    kind TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT refund_locks_pkey PRIMARY KEY (platform_id, reference)
);
CREATE INDEX refund_locks_order_idx ON refund_locks (platform_id, order_number) WHERE ended_at IS NULL;
CREATE INDEX refund_locks_trade_idx ON refund_locks (platform_id, trade_number) WHERE ended_at IS NULL;
CREATE TABLE anomalies (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    order_number TEXT,
    case_id UUID,
    amount_minor BIGINT,
    currency TEXT,
    data JSONB NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT anomalies_pkey PRIMARY KEY (platform_id, id)
);
CREATE UNIQUE INDEX anomalies_key_idx ON anomalies (platform_id, kind, key);
CREATE TABLE anomaly_searches (
    platform_id TEXT NOT NULL,
    seen_to TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT anomaly_searches_pkey PRIMARY KEY (platform_id),
    CONSTRAINT anomaly_searches_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
);
-- Events arrive in the order of this column: a few pages find what was recorded lately, and inserting costs nothing.
CREATE INDEX history_events_recorded_idx ON history_events USING brin (recorded_at);
CREATE INDEX grants_time_idx ON grants (platform_id, granted_at);
"""


def upgrade() -> None:
    op.execute(_OUTCOMES)


def downgrade() -> None:
    op.execute("DROP INDEX grants_time_idx")
    op.execute("DROP INDEX history_events_recorded_idx")
    for table in ("anomaly_searches", "anomalies", "refund_locks", "obligations", "outcomes"):
        op.execute(f"DROP TABLE {table}")
