"""What reviewers say beside deciding: readings put right, and how risky a case seems."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TABLES = (
    """
CREATE TABLE reading_labels (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    order_number TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    field TEXT NOT NULL,
    read TEXT NOT NULL,
    text TEXT NOT NULL,
    value JSONB NOT NULL,
    reader TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT reading_labels_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT reading_labels_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
)""",
    "CREATE INDEX reading_labels_order_idx ON reading_labels (platform_id, order_number, recorded_at)",
    """
CREATE TABLE risk_marks (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    loss_share DOUBLE PRECISION NOT NULL,
    confidence INTEGER NOT NULL,
    note TEXT NOT NULL,
    score_seen BOOLEAN NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT risk_marks_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT risk_marks_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id),
    CONSTRAINT risk_marks_loss_share_check CHECK (loss_share BETWEEN 0 AND 1),
    CONSTRAINT risk_marks_confidence_check CHECK (confidence BETWEEN 50 AND 100)
)""",
    "CREATE INDEX risk_marks_case_idx ON risk_marks (platform_id, case_id, recorded_at)",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    for table in ("risk_marks", "reading_labels"):
        op.execute(f"DROP TABLE {table}")
