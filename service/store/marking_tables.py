"""What reviewers say beside deciding; kept apart from the labels of outcomes, which models learn from."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from service.store.tables import Moment, metadata

reading_labels = sa.Table(
    "reading_labels",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("order_number", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("read", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("value", JSONB, nullable=False),
    sa.Column("reader", sa.Text, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index("reading_labels_order_idx", "platform_id", "order_number", "recorded_at"),
)

risk_marks = sa.Table(
    "risk_marks",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("loss_share", sa.Double, nullable=False),
    # Per cent, from 50.
    sa.Column("confidence", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("score_seen", sa.Boolean, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.CheckConstraint("loss_share BETWEEN 0 AND 1", name="risk_marks_loss_share_check"),
    sa.CheckConstraint("confidence BETWEEN 50 AND 100", name="risk_marks_confidence_check"),
    sa.Index("risk_marks_case_idx", "platform_id", "case_id", "recorded_at"),
)
