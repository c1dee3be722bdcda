"""The tables of whoever answers for the money: what waits for a second person, and what was decided each day."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from service.store.tables import Moment, metadata

risk_proposals = sa.Table(
    "risk_proposals",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("threshold", sa.Double, nullable=True),
    sa.Column("certificate", sa.Text, nullable=True),
    sa.Column("proposed_kind", sa.Text, nullable=False),
    sa.Column("proposed_name", sa.Text, nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("ended_as", sa.Text, nullable=True),
    sa.Column("ended_kind", sa.Text, nullable=True),
    sa.Column("ended_name", sa.Text, nullable=True),
    sa.Column("ended_at", Moment, nullable=True),
    sa.Column("ended_why", sa.Text, nullable=True),
    sa.CheckConstraint("threshold BETWEEN 0 AND 1", name="risk_proposals_threshold_check"),
    sa.Index("risk_proposals_time_idx", "platform_id", "proposed_at"),
)

# Days that are over, in the platform's zone: counted once, so that a page reads thirty rows and not a month of cases.
risk_days = sa.Table(
    "risk_days",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("claims", sa.BigInteger, nullable=False),
    sa.Column("approved", sa.BigInteger, nullable=False),
    sa.Column("claimed_minor", sa.BigInteger, nullable=False),
    sa.Column("approved_minor", sa.BigInteger, nullable=False),
    sa.Column("counted_at", Moment, nullable=False),
)
