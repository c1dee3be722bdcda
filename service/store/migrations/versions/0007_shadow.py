"""What a shadow model makes of live claims, beside the assessments it never touches."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SHADOW = """
CREATE TABLE shadow_scores (
    platform_id TEXT NOT NULL,
    assessment_id UUID NOT NULL,
    model TEXT NOT NULL,
    case_id UUID NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    approval_class TEXT,
    champion TEXT NOT NULL,
    champion_probability DOUBLE PRECISION,
    champion_class TEXT,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT shadow_scores_pkey PRIMARY KEY (platform_id, assessment_id, model),
    CONSTRAINT shadow_scores_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
);
CREATE INDEX shadow_scores_time_idx ON shadow_scores (platform_id, recorded_at);
"""


def upgrade() -> None:
    op.execute(_SHADOW)


def downgrade() -> None:
    op.execute("DROP TABLE shadow_scores")
