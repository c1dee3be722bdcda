"""What is done to a case in words, proposals that wait for a second person, and assessments beside a case's state."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STEPS = """
CREATE TABLE case_steps (
    platform_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    version INTEGER NOT NULL,
    action TEXT NOT NULL,
    party TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT,
    buyer JSONB,
    data JSONB,
    CONSTRAINT case_steps_pkey PRIMARY KEY (platform_id, case_id, version),
    CONSTRAINT case_steps_platform_id_case_id_fkey FOREIGN KEY (platform_id, case_id)
        REFERENCES cases (platform_id, id)
);
CREATE TABLE proposals (
    platform_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    action TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT proposals_pkey PRIMARY KEY (platform_id, case_id),
    CONSTRAINT proposals_platform_id_case_id_fkey FOREIGN KEY (platform_id, case_id)
        REFERENCES cases (platform_id, id)
);
ALTER TABLE cases ADD COLUMN reassessing BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE assessments ADD COLUMN claim JSONB;
DROP INDEX cases_pending_idx;
CREATE INDEX cases_pending_idx ON cases (due_at) WHERE state IN ('accepted', 'assessing') OR reassessing;
"""


def upgrade() -> None:
    op.execute(_STEPS)


def downgrade() -> None:
    op.execute("DROP INDEX cases_pending_idx")
    op.execute("CREATE INDEX cases_pending_idx ON cases (due_at) WHERE state IN ('accepted', 'assessing')")
    op.execute("ALTER TABLE assessments DROP COLUMN claim")
    op.execute("ALTER TABLE cases DROP COLUMN reassessing")
    op.execute("DROP TABLE proposals")
    op.execute("DROP TABLE case_steps")
