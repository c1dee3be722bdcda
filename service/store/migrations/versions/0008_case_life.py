"""The life of a case: its version, what platforms are told, deadlines, grants."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LIFE = """
ALTER TABLE cases ADD COLUMN version INTEGER NOT NULL DEFAULT 1, ADD COLUMN state_since TIMESTAMP WITH TIME ZONE;
UPDATE cases SET state_since = COALESCE(decided_at, accepted_at);
ALTER TABLE cases ALTER COLUMN state_since SET NOT NULL;
CREATE TABLE outgoing_events (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    type TEXT NOT NULL,
    case_id UUID,
    case_version INTEGER,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    data JSONB NOT NULL,
    position BIGINT,
    CONSTRAINT outgoing_events_pkey PRIMARY KEY (platform_id, id)
);
CREATE INDEX outgoing_events_case_idx ON outgoing_events (platform_id, case_id, occurred_at);
CREATE UNIQUE INDEX outgoing_events_position_idx ON outgoing_events (platform_id, position);
CREATE INDEX outgoing_events_unplaced_idx ON outgoing_events (platform_id, id) WHERE position IS NULL;
CREATE TABLE deadlines (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    kind TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    remind_at TIMESTAMP WITH TIME ZONE,
    reminded_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_as TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT deadlines_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT deadlines_platform_id_case_id_fkey FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
);
CREATE INDEX deadlines_case_idx ON deadlines (platform_id, case_id);
CREATE INDEX deadlines_due_idx ON deadlines (due_at) WHERE ended_as IS NULL;
CREATE INDEX deadlines_remind_idx ON deadlines (remind_at)
    WHERE ended_as IS NULL AND reminded_at IS NULL AND remind_at IS NOT NULL;
CREATE TABLE grants (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    order_number TEXT NOT NULL,
    trade_number TEXT,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    document JSONB NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    paid_minor BIGINT,
    paid_at TIMESTAMP WITH TIME ZONE,
    ended_as TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT grants_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT grants_platform_id_case_id_fkey FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id),
    CONSTRAINT grants_amount_check CHECK (amount_minor >= 0)
);
CREATE UNIQUE INDEX grants_standing_idx ON grants (platform_id, case_id) WHERE ended_as IS NULL;
CREATE INDEX grants_order_idx ON grants (platform_id, order_number);
CREATE INDEX grants_trade_idx ON grants (platform_id, trade_number) WHERE trade_number IS NOT NULL;
"""

# Approvals made before grants were kept apart.
_GRANTED = """
INSERT INTO grants
    (platform_id, id, case_id, order_number, trade_number, amount_minor, currency, document, granted_at)
SELECT c.platform_id, a.id, c.id, c.order_number, c.claim -> 'order' ->> 'trade_number',
    (a.document -> 'verdict' -> 'grant' -> 'amount' ->> 'minor')::BIGINT,
    a.document -> 'verdict' -> 'grant' -> 'amount' ->> 'currency',
    a.document -> 'verdict' -> 'grant', a.recorded_at
FROM cases c JOIN assessments a ON a.platform_id = c.platform_id AND a.id = c.assessment_id
WHERE c.state = 'auto_approved'
"""


def upgrade() -> None:
    op.execute(_LIFE)
    op.execute(_GRANTED)


def downgrade() -> None:
    op.execute("DROP TABLE grants")
    op.execute("DROP TABLE deadlines")
    op.execute("DROP TABLE outgoing_events")
    op.execute("ALTER TABLE cases DROP COLUMN state_since, DROP COLUMN version")
