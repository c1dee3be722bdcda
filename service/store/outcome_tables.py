"""The tables behind a decision: what was told of it, what it rests on, what locks its payment, what does not add up."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from service.store.tables import Moment, metadata


def _of_case() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"])


outcomes = sa.Table(
    "outcomes",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("reference", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=True),
    sa.Column("currency", sa.Text, nullable=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    _of_case(),
    sa.Index("outcomes_case_idx", "platform_id", "case_id", "recorded_at"),
)

# What the platform has to confirm before a grant may be paid.
obligations = sa.Table(
    "obligations",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("grant_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment, nullable=True),
    sa.Column("failed_at", Moment, nullable=True),
    _of_case(),
    sa.Index("obligations_case_idx", "platform_id", "case_id"),
    sa.Index(
        "obligations_open_idx",
        "platform_id",
        "created_at",
        postgresql_where=sa.text("confirmed_at IS NULL AND failed_at IS NULL"),
    ),
)

refund_locks = sa.Table(
    "refund_locks",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("reference", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=True),
    sa.Column("order_number", sa.Text, nullable=False),
    sa.Column("trade_number", sa.Text, nullable=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("ended_at", Moment, nullable=True),
    sa.Index("refund_locks_order_idx", "platform_id", "order_number", postgresql_where=sa.text("ended_at IS NULL")),
    sa.Index("refund_locks_trade_idx", "platform_id", "trade_number", postgresql_where=sa.text("ended_at IS NULL")),
)

anomalies = sa.Table(
    "anomalies",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("order_number", sa.Text, nullable=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=True),
    sa.Column("amount_minor", sa.BigInteger, nullable=True),
    sa.Column("currency", sa.Text, nullable=True),
    sa.Column("data", JSONB, nullable=False),
    sa.Column("found_at", Moment, nullable=False),
    sa.Index("anomalies_key_idx", "platform_id", "kind", "key", unique=True),
)

# How far the search for anomalies has come, per platform.
anomaly_searches = sa.Table(
    "anomaly_searches",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("seen_to", Moment, nullable=False),
)
