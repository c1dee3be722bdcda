"""What people and jobs did to cases, in words: read by reviewers and buyers, erasable, where the audit trail is not."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from service.store.tables import Moment, metadata

# One row a change of a case after it was decided or sent on: its version is the key, so that none is told twice.
case_steps = sa.Table(
    "case_steps",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("party", sa.Text, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("from_state", sa.Text, nullable=False),
    sa.Column("to_state", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("reason", sa.Text, nullable=True),
    # What the buyer was told, and what was offered, asked, stated, answered.
    sa.Column("buyer", JSONB(none_as_null=True), nullable=True),
    sa.Column("data", JSONB(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
)

# A grant that one person proposed and another must confirm; gone with the next change of the case.
proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
)
