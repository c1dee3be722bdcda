"""The tables around a case's life: what the platform is told, by when something is due, what was granted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from service.store.tables import Moment, metadata

# What platforms are told, as webhooks and as a feed. ``position`` is given behind the transactions by one writer, so
# that it follows commits without making them wait for each other; None until then. ``written`` counts up as events are
# written: a case's are written under its lock, so it has them in the case's own order whatever the clocks say.
outgoing_events = sa.Table(
    "outgoing_events",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("case_id", UUID(as_uuid=True), nullable=True),
    sa.Column("case_version", sa.Integer, nullable=True),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("data", JSONB, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=True),
    sa.Column("written", sa.BigInteger, sa.Identity(always=True), nullable=False),
    sa.Index("outgoing_events_case_idx", "platform_id", "case_id", "occurred_at"),
    sa.Index("outgoing_events_position_idx", "platform_id", "position", unique=True),
    sa.Index("outgoing_events_unplaced_idx", "written", postgresql_where=sa.text("position IS NULL")),
)

deadlines = sa.Table(
    "deadlines",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("remind_at", Moment, nullable=True),
    sa.Column("reminded_at", Moment, nullable=True),
    # False: worked out before the make-up days up to then were published.
    sa.Column("certain", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("created_at", Moment, nullable=False),
    # met, expired or replaced; None while it runs.
    sa.Column("ended_as", sa.Text, nullable=True),
    sa.Column("ended_at", Moment, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index("deadlines_case_idx", "platform_id", "case_id"),
    sa.Index("deadlines_due_idx", "due_at", postgresql_where=sa.text("ended_as IS NULL")),
    sa.Index(
        "deadlines_remind_idx",
        "remind_at",
        postgresql_where=sa.text("ended_as IS NULL AND remind_at IS NOT NULL"),
    ),
)

# What we said may be paid, by whomever decided. One grant of a case lives at a time.
grants = sa.Table(
    "grants",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("order_number", sa.Text, nullable=False),
    sa.Column("trade_number", sa.Text, nullable=True),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("document", JSONB, nullable=False),
    sa.Column("granted_at", Moment, nullable=False),
    sa.Column("paid_minor", sa.BigInteger, nullable=True),
    sa.Column("paid_at", Moment, nullable=True),
    # lapsed, reversed or returned (to a person); None while it stands.
    sa.Column("ended_as", sa.Text, nullable=True),
    sa.Column("ended_at", Moment, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index(
        "grants_standing_idx",
        "platform_id",
        "case_id",
        unique=True,
        postgresql_where=sa.text("ended_as IS NULL"),
    ),
    sa.Index("grants_order_idx", "platform_id", "order_number"),
    sa.Index("grants_time_idx", "platform_id", "granted_at"),
    sa.Index("grants_trade_idx", "platform_id", "trade_number", postgresql_where=sa.text("trade_number IS NOT NULL")),
    sa.CheckConstraint("amount_minor >= 0", name="grants_amount_check"),
)
