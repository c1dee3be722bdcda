"""The first tables."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE actors (
    platform_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT actors_pkey PRIMARY KEY (platform_id, kind, name)
);

CREATE TABLE audit (
    platform_id TEXT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    details_sha256 TEXT NOT NULL,
    previous_sha256 BYTEA,
    entry_sha256 BYTEA,
    CONSTRAINT audit_pkey PRIMARY KEY (platform_id, id)
);
CREATE INDEX audit_subject_idx ON audit (platform_id, subject, id);

CREATE TABLE budget_usage (
    platform_id TEXT NOT NULL,
    budget TEXT NOT NULL,
    entity TEXT NOT NULL,
    currency TEXT NOT NULL,
    window_hours INTEGER NOT NULL,
    window_start TIMESTAMP WITH TIME ZONE NOT NULL,
    amount_minor BIGINT NOT NULL,
    count BIGINT NOT NULL,
    limit_amount BIGINT,
    limit_count BIGINT,
    CONSTRAINT budget_usage_pkey PRIMARY KEY (platform_id, budget, entity, currency, window_hours, window_start)
);

CREATE TABLE evidence (
    platform_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT evidence_pkey PRIMARY KEY (platform_id, sha256)
);

CREATE TABLE history_events (
    platform_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    account_id TEXT,
    device_id TEXT,
    payer_id TEXT,
    ip TEXT,
    seller_id TEXT,
    product_id TEXT,
    order_number TEXT,
    case_id UUID,
    amount_minor BIGINT,
    currency TEXT,
    outcome TEXT,
    data JSONB,
    CONSTRAINT history_events_pkey PRIMARY KEY (platform_id, event_id)
);
CREATE INDEX history_events_account_id_idx
    ON history_events (platform_id, account_id, occurred_at)
    INCLUDE (recorded_at, kind, amount_minor, outcome)
    WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX history_events_case_idx
    ON history_events (platform_id, kind, case_id)
    WHERE case_id IS NOT NULL
        AND kind IN ('refund_granted', 'refund_rejected', 'refund_requested', 'refund_withdrawn', 'refund_wrong');
CREATE INDEX history_events_device_id_idx
    ON history_events (platform_id, device_id, occurred_at)
    INCLUDE (recorded_at, kind, amount_minor, outcome, account_id)
    WHERE device_id IS NOT NULL;
CREATE INDEX history_events_ip_idx
    ON history_events (platform_id, ip, occurred_at)
    INCLUDE (recorded_at, kind, amount_minor, outcome, account_id)
    WHERE ip IS NOT NULL;
CREATE INDEX history_events_payer_id_idx
    ON history_events (platform_id, payer_id, occurred_at)
    INCLUDE (recorded_at, kind, amount_minor, outcome, account_id)
    WHERE payer_id IS NOT NULL;
CREATE INDEX history_events_product_id_idx
    ON history_events (platform_id, product_id, occurred_at)
    INCLUDE (recorded_at, kind, amount_minor, outcome, account_id)
    WHERE product_id IS NOT NULL;
CREATE INDEX history_events_seller_id_idx
    ON history_events (platform_id, seller_id, occurred_at)
    INCLUDE (recorded_at, kind, amount_minor, outcome, account_id)
    WHERE seller_id IS NOT NULL;

CREATE TABLE idempotency (
    platform_id TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    case_id UUID NOT NULL,
    linked_claim_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (platform_id, key)
);
CREATE INDEX idempotency_created_idx ON idempotency (created_at);

CREATE TABLE platforms (
    id TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    mode TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT platforms_pkey PRIMARY KEY (id)
);

CREATE TABLE readings (
    platform_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    reader_version TEXT NOT NULL,
    outcome JSONB NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT readings_pkey PRIMARY KEY (platform_id, sha256, reader_version)
);

CREATE TABLE api_keys (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    token_sha256 BYTEA NOT NULL,
    scopes TEXT[] NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT api_keys_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT api_keys_platform_id_fkey
        FOREIGN KEY (platform_id) REFERENCES platforms (id)
);
CREATE UNIQUE INDEX api_keys_token_idx ON api_keys (token_sha256);

CREATE TABLE cases (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    order_number TEXT NOT NULL,
    account_id TEXT NOT NULL,
    state TEXT NOT NULL,
    claim JSONB NOT NULL,
    request JSONB,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    as_of TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    assessment_id UUID,
    assess_job_id BIGINT,
    CONSTRAINT cases_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT cases_platform_id_fkey
        FOREIGN KEY (platform_id) REFERENCES platforms (id)
);
CREATE INDEX cases_account_idx ON cases (platform_id, account_id, accepted_at);
CREATE UNIQUE INDEX cases_live_order_idx
    ON cases (platform_id, order_number)
    WHERE state NOT IN ('closed', 'lapsed', 'rejected', 'reversed', 'withdrawn');
CREATE UNIQUE INDEX cases_number_idx ON cases (platform_id, number);
CREATE INDEX cases_pending_idx ON cases (due_at) WHERE state IN ('accepted', 'assessing');

CREATE TABLE order_evidence (
    platform_id TEXT NOT NULL,
    order_number TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    case_id UUID NOT NULL,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT order_evidence_pkey PRIMARY KEY (platform_id, order_number, sha256),
    CONSTRAINT order_evidence_platform_id_sha256_fkey
        FOREIGN KEY (platform_id, sha256) REFERENCES evidence (platform_id, sha256)
);
CREATE INDEX order_evidence_bytes_idx ON order_evidence (platform_id, sha256, received_at);

CREATE TABLE policies (
    platform_id TEXT NOT NULL,
    version TEXT NOT NULL,
    effective_at TIMESTAMP WITH TIME ZONE NOT NULL,
    text TEXT NOT NULL,
    digest TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT policies_pkey PRIMARY KEY (platform_id, version),
    CONSTRAINT policies_platform_id_fkey
        FOREIGN KEY (platform_id) REFERENCES platforms (id)
);
CREATE INDEX policies_effective_idx ON policies (platform_id, effective_at);

CREATE TABLE assessments (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    document JSONB NOT NULL,
    decision TEXT NOT NULL,
    risk DOUBLE PRECISION,
    audit_drawn BOOLEAN NOT NULL,
    draw_probability DOUBLE PRECISION,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT assessments_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT assessments_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
);
CREATE INDEX assessments_case_idx ON assessments (platform_id, case_id, recorded_at);

CREATE TABLE labels (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    source TEXT NOT NULL,
    reviewer_kind TEXT NOT NULL,
    reviewer_name TEXT NOT NULL,
    value TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    score_seen BOOLEAN NOT NULL,
    draw_probability DOUBLE PRECISION,
    CONSTRAINT labels_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT labels_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
);
CREATE INDEX labels_case_idx ON labels (platform_id, case_id, recorded_at);

CREATE TABLE linked_claims (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    account_id TEXT NOT NULL,
    claim JSONB NOT NULL,
    request JSONB,
    evidence TEXT[] NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT linked_claims_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT linked_claims_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
);
CREATE INDEX linked_claims_case_idx ON linked_claims (platform_id, case_id, received_at);
"""

_DROP = """
DROP TABLE linked_claims, labels, assessments, policies, order_evidence, cases, api_keys, readings, platforms,
idempotency, history_events, evidence, budget_usage, audit, actors
"""


def upgrade() -> None:
    op.execute(_TABLES)


def downgrade() -> None:
    op.execute(_DROP)
