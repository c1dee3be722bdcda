"""What people work on before a policy is proposed: drafts, one a person, and back-tests of texts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from service.store.tables import Moment, metadata

policy_drafts = sa.Table(
    "policy_drafts",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    # The version it began from; None where it was written from nothing.
    sa.Column("began_from", sa.Text, nullable=True),
    # Goes up with every change, so that two windows of one person do not overwrite each other unseen.
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "login"], ["users.platform_id", "users.login"]),
)

policy_backtests = sa.Table(
    "policy_backtests",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    # None: of a draft.
    sa.Column("version", sa.Text, nullable=True),
    sa.Column("text_sha256", sa.Text, nullable=False),
    sa.Column("certified", sa.Boolean, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    # Whoever runs it says so every second: silent for long, it is taken for dead.
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("result", JSONB, nullable=True),
    sa.CheckConstraint("state IN ('done', 'failed', 'running', 'stopped')", name="policy_backtests_state_check"),
    sa.Index("policy_backtests_time_idx", "platform_id", "started_at"),
    sa.Index("policy_backtests_running_idx", "platform_id", unique=True, postgresql_where=sa.text("state = 'running'")),
)
