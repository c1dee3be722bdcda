"""What is to be judged, and what decisions are measured by, found by an index however long the history."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_INDEXES = {
    "assessments_sample_idx": """assessments (platform_id, recorded_at)
    WHERE audit_drawn AND (document ->> 'under_review') IS DISTINCT FROM 'true' AND CASE
    WHEN (document ->> 'audited_later') = 'true' THEN ((document -> 'verdict') ->> 'approval_class')
    ELSE ((document -> 'would_have_been') ->> 'approval_class') END IS NOT NULL""",
    "labels_telling_idx": """labels (platform_id, recorded_at)
    WHERE source IN ('appeal', 'adjudication', 'record', 'chargeback')""",
    "judgements_adjudicated_idx": "judgements (platform_id, judged_at) WHERE occasion = 'adjudication'",
}


def upgrade() -> None:
    for name, on in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")


def downgrade() -> None:
    for name in reversed(_INDEXES):
        op.execute(f"DROP INDEX {name}")
