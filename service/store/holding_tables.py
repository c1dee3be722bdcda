"""Decisions made at a desk, for as long as they can be taken back, and shortly after."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from service.store.tables import Moment, metadata

# One at a time waits on a case. ``due_at`` is the machine's clock: a demo's stands in the past, and must pass there.
held_decisions = sa.Table(
    "held_decisions",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("case_number", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("intended", JSONB, nullable=False),
    sa.Column("leads_to", JSONB, nullable=False),
    sa.Column("party", sa.Text, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("score_seen", sa.Boolean, nullable=False),
    sa.Column("once", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    # done, undone or not_done; None while it waits.
    sa.Column("ended_as", sa.Text, nullable=True),
    sa.Column("ended_at", Moment, nullable=True),
    sa.Column("why", sa.Text, nullable=True),
    # When whoever made it was told that it was not done.
    sa.Column("told_at", Moment, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index(
        "held_decisions_case_idx",
        *("platform_id", "case_id"),
        unique=True,
        postgresql_where=sa.text("ended_as IS NULL"),
    ),
    sa.Index("held_decisions_once_idx", "platform_id", "case_id", "actor_name", "once", unique=True),
    sa.Index("held_decisions_due_idx", "due_at", postgresql_where=sa.text("ended_as IS NULL")),
    # What somebody still has to hear of: their own that wait, and those that came to nothing.
    sa.Index(
        "held_decisions_actor_idx",
        *("platform_id", "actor_name", "id"),
        postgresql_where=sa.text("ended_as IS NULL OR (ended_as = 'not_done' AND told_at IS NULL)"),
    ),
    sa.Index("held_decisions_ended_idx", "ended_at", postgresql_where=sa.text("ended_as IS NOT NULL")),
)
