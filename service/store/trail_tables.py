"""Verifications of the audit trail that people asked for, and what each found."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from service.store.tables import Moment, metadata

trail_verifications = sa.Table(
    "trail_verifications",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    # Where the chain ended when it was asked for, and how far the walk has come.
    sa.Column("reaches", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("started_at", Moment, nullable=True),
    # Whoever walks says so every few seconds: silent for long, it is taken for dead and another begins anew.
    sa.Column("seen_at", Moment, nullable=True),
    sa.Column("ended_at", Moment, nullable=True),
    sa.Column("sound", sa.Boolean, nullable=True),
    sa.Column("report", JSONB, nullable=True),
    sa.Index("trail_verifications_open_idx", "platform_id", unique=True, postgresql_where=sa.text("ended_at IS NULL")),
    sa.Index("trail_verifications_asked_idx", "platform_id", "asked_at"),
)
