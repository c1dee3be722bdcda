"""What is kept of personal data that is gone, and by what right it was there."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from service.store.tables import Moment, metadata

# A file that was taken away: that it was there, what it was, when it went, and why. Its bytes go after the commit.
evidence_tombstones = sa.Table(
    "evidence_tombstones",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("erased_at", Moment, nullable=False),
    sa.Column("bytes_gone_at", Moment, nullable=True),
    sa.Index("evidence_tombstones_due_idx", "platform_id", "sha256", postgresql_where=sa.text("bytes_gone_at IS NULL")),
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("order_number", sa.Text, nullable=False),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("given_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index("consents_order_idx", "platform_id", "order_number", "recorded_at"),
)

# Whose data went, by the name they have here since.
account_erasures = sa.Table(
    "account_erasures",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("pseudonym", sa.Text, nullable=False),
    sa.Column("erased_at", Moment, nullable=False),
    sa.Column("cases", sa.BigInteger, nullable=False),
    sa.Column("files", sa.BigInteger, nullable=False),
    sa.Column("events", sa.BigInteger, nullable=False),
    sa.Index("account_erasures_time_idx", "platform_id", "erased_at"),
)
