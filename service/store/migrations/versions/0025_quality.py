"""Judgements before and after the score, disagreements, and cases whose answer is known."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
CREATE TABLE quality_settings (
    platform_id TEXT NOT NULL,
    blind_permille INTEGER NOT NULL,
    golden_permille INTEGER NOT NULL,
    CONSTRAINT quality_settings_pkey PRIMARY KEY (platform_id),
    CONSTRAINT quality_settings_blind_check CHECK (blind_permille BETWEEN 0 AND 1000),
    CONSTRAINT quality_settings_golden_check CHECK (golden_permille BETWEEN 0 AND 1000),
    CONSTRAINT quality_settings_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
)""",
    """
CREATE TABLE blind_draws (
    platform_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    blind BOOLEAN NOT NULL,
    permille INTEGER NOT NULL,
    drawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT blind_draws_pkey PRIMARY KEY (platform_id, case_id),
    CONSTRAINT blind_draws_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
)""",
    """
CREATE TABLE judgements (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    reviewer TEXT NOT NULL,
    reviewer_kind TEXT NOT NULL,
    reviewer_name TEXT NOT NULL,
    occasion TEXT NOT NULL,
    verdict TEXT NOT NULL,
    loss_share DOUBLE PRECISION,
    amount_minor BIGINT,
    currency TEXT NOT NULL,
    score_seen BOOLEAN NOT NULL,
    judged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT judgements_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT judgements_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id),
    CONSTRAINT judgements_loss_share_check CHECK (loss_share BETWEEN 0 AND 1)
)""",
    "CREATE INDEX judgements_case_idx ON judgements (platform_id, case_id, reviewer)",
    "CREATE UNIQUE INDEX judgements_first_idx ON judgements (platform_id, case_id, reviewer) WHERE occasion = 'first'",
    "CREATE INDEX judgements_time_idx ON judgements (platform_id, judged_at, reviewer, occasion, loss_share)",
    """
CREATE TABLE disagreements (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    first_kind TEXT NOT NULL,
    first_name TEXT NOT NULL,
    first_verdict TEXT NOT NULL,
    first_minor BIGINT NOT NULL,
    second_kind TEXT NOT NULL,
    second_name TEXT NOT NULL,
    second_verdict TEXT NOT NULL,
    second_minor BIGINT,
    currency TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT disagreements_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT disagreements_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
)""",
    "CREATE UNIQUE INDEX disagreements_open_idx ON disagreements (platform_id, case_id) WHERE settled_at IS NULL",
    """
CREATE TABLE golden_cases (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    verdict TEXT NOT NULL,
    loss_share DOUBLE PRECISION NOT NULL,
    proof TEXT NOT NULL,
    note TEXT NOT NULL,
    made_by_kind TEXT NOT NULL,
    made_by_name TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT golden_cases_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT golden_cases_platform_id_case_id_fkey
        FOREIGN KEY (platform_id, case_id) REFERENCES cases (platform_id, id)
)""",
    "CREATE UNIQUE INDEX golden_cases_case_idx ON golden_cases (platform_id, case_id) WHERE retired_at IS NULL",
    """
CREATE TABLE golden_placements (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    golden_id UUID NOT NULL,
    number TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    after_case_id UUID NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    verdict TEXT,
    loss_share DOUBLE PRECISION,
    judged_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT golden_placements_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT golden_placements_platform_id_golden_id_fkey
        FOREIGN KEY (platform_id, golden_id) REFERENCES golden_cases (platform_id, id)
)""",
    "CREATE UNIQUE INDEX golden_placements_number_idx ON golden_placements (platform_id, number)",
    "CREATE UNIQUE INDEX golden_placements_once_idx ON golden_placements (platform_id, reviewer, golden_id)",
    "CREATE INDEX golden_placements_open_idx ON golden_placements (platform_id, reviewer, accepted_at) "
    "WHERE judged_at IS NULL",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "golden_placements", "golden_cases", "disagreements", "judgements", "blind_draws", "quality_settings"
    ):  # fmt: skip
        op.execute(f"DROP TABLE {table}")
