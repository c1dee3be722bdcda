"""Outages and the like: what they strike, since when, and who said so. The cases they strike name them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from service.store.tables import Moment, metadata

# Up to when a platform's claims were looked at: what came while nobody looked is looked at later, not never.
incident_looks = sa.Table(
    "incident_looks",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("looked_to", Moment, nullable=False),
)

incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    # platform, seller, product or supplier, and its id.
    sa.Column("struck", sa.Text, nullable=False),
    sa.Column("struck_id", sa.Text, nullable=False),
    sa.Column("began_at", Moment, nullable=False),
    # Claims on orders paid after this have nothing to do with it; None while it goes on.
    sa.Column("ended_at", Moment, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    # Noticed by a jump of claims: it groups nothing until a person says it is one.
    sa.Column("noticed", sa.Boolean, nullable=False),
    sa.Column("confirmed_at", Moment, nullable=True),
    sa.Column("dismissed_at", Moment, nullable=True),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Index(
        "incidents_open_idx",
        "platform_id",
        "struck",
        "struck_id",
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND dismissed_at IS NULL"),
    ),
)
