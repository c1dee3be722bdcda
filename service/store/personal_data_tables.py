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
    sa.Index("evidence_tombstones_time_idx", "platform_id", "erased_at"),
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
    # From then on nothing is read on its strength; None while it stands.
    sa.Column("withdrawn_at", Moment, nullable=True),
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

# When a platform's evidence was last held against its days, and how many files went then.
retention_runs = sa.Table(
    "retention_runs",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("ended_at", Moment, nullable=False),
    sa.Column("taken", sa.Integer, nullable=False),
    # The last round that went through everything, not only through what ended lately.
    sa.Column("whole_at", Moment, nullable=True),
)

# A person asked that their data go: one of the platform writes it down, another approves. The account's id is replaced
# by its pseudonym when it is over.
erasure_requests = sa.Table(
    "erasure_requests",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("ended_by", sa.Text, nullable=True),
    sa.Column("ended_at", Moment, nullable=True),
    sa.CheckConstraint("state IN ('asked', 'erased', 'refused')", name="erasure_requests_state_check"),
    sa.Index("erasure_requests_time_idx", "platform_id", "asked_at"),
    sa.Index(
        "erasure_requests_account_idx",
        "platform_id",
        "account_id",
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    ),
)
