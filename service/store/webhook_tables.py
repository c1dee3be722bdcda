"""The tables behind webhooks: endpoints, their sealed secrets, and what is still to be sent to whom."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from service.store.tables import Moment, metadata

# The last position given in a platform's order of events. A row of its own: events may be pruned, numbers never return.
event_positions = sa.Table(
    "event_positions",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)

webhook_endpoints = sa.Table(
    "webhook_endpoints",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    # Empty: every type.
    sa.Column("types", ARRAY(sa.Text), nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    # Since when every attempt failed; None after one that did not.
    sa.Column("failing_since", Moment, nullable=True),
    sa.Column("disabled_at", Moment, nullable=True),
    sa.Column("disabled_because", sa.Text, nullable=True),
    sa.Column("deleted_at", Moment, nullable=True),
    sa.Index(
        "webhook_endpoints_url_idx", "platform_id", "url", unique=True, postgresql_where=sa.text("deleted_at IS NULL")
    ),
)

webhook_secrets = sa.Table(
    "webhook_secrets",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("endpoint_id", UUID(as_uuid=True), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "endpoint_id"], ["webhook_endpoints.platform_id", "webhook_endpoints.id"]),
    sa.Index("webhook_secrets_endpoint_idx", "platform_id", "endpoint_id"),
)

# One event for one endpoint. ``lease``: somebody is sending it until ``due_at``; whoever dies leaves it due again.
webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("endpoint_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("event_id", UUID(as_uuid=True), nullable=False),
    # pending, delivered or dead.
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("lease", UUID(as_uuid=True), nullable=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("attempted_at", Moment, nullable=True),
    sa.Column("status", sa.Integer, nullable=True),
    sa.Column("problem", sa.Text, nullable=True),
    sa.CheckConstraint("state IN ('dead', 'delivered', 'pending')", name="webhook_deliveries_state_check"),
    sa.Index(
        "webhook_deliveries_due_idx",
        "platform_id",
        "endpoint_id",
        "due_at",
        "position",
        postgresql_where=sa.text("state = 'pending'"),
    ),
    sa.Index(
        "webhook_deliveries_sending_idx",
        "platform_id",
        "endpoint_id",
        postgresql_where=sa.text("lease IS NOT NULL"),
    ),
    sa.Index(
        "webhook_deliveries_dead_idx",
        "platform_id",
        "endpoint_id",
        "position",
        postgresql_where=sa.text("state = 'dead'"),
    ),
    sa.Index("webhook_deliveries_done_idx", "created_at", postgresql_where=sa.text("state <> 'pending'")),
)
