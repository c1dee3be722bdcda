"""The tables models are judged by."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from service.store.tables import Moment, metadata

labels = sa.Table(
    "labels",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("reviewer_kind", sa.Text, nullable=False),
    sa.Column("reviewer_name", sa.Text, nullable=False),
    sa.Column("loss_share", sa.Double, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("score_seen", sa.Boolean, nullable=False),
    sa.Column("draw_probability", sa.Double, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.CheckConstraint("loss_share BETWEEN 0 AND 1", name="labels_loss_share_check"),
    sa.Index("labels_case_idx", "platform_id", "case_id", "recorded_at"),
    sa.Index("labels_time_idx", "platform_id", "recorded_at"),
)

# Beside the assessments, never in them: a decision has nothing to do with its shadow.
shadow_scores = sa.Table(
    "shadow_scores",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("assessment_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("probability", sa.Double, nullable=False),
    sa.Column("approval_class", sa.Text, nullable=True),
    sa.Column("champion", sa.Text, nullable=False),
    sa.Column("champion_probability", sa.Double, nullable=True),
    sa.Column("champion_class", sa.Text, nullable=True),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index("shadow_scores_time_idx", "platform_id", "recorded_at"),
)
