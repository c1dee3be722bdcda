"""The versions of platforms' policies, each with its life."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.tables import Moment, metadata

_SIGNED_OFF = sa.text("step = 'signed_off'")


def _signature(name: str) -> tuple[sa.Column[str], sa.Column[str], sa.Column[str], sa.Column[object]]:
    """A person, the actor who brought the signature, and when; all or none."""
    return (
        sa.Column(f"{name}_by", sa.Text, nullable=True),
        sa.Column(f"{name}_actor_kind", sa.Text, nullable=True),
        sa.Column(f"{name}_actor_name", sa.Text, nullable=True),
        sa.Column(f"{name}_at", Moment, nullable=True),
    )


policies = sa.Table(
    "policies",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    # Set by the signature: what nobody signed is never in force.
    sa.Column("effective_at", Moment, nullable=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    # Who wrote the version down, and when.
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("drafted_by", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("text_sha256", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("wanted_at", Moment, nullable=True),
    sa.Column("based_on", sa.Text, nullable=True),
    *_signature("proposed"),
    *_signature("signed"),
    *_signature("ended"),
    sa.Column("ended_why", sa.Text, nullable=False),
    sa.CheckConstraint(
        "(step = 'signed_off') <= (effective_at IS NOT NULL AND signed_by IS NOT NULL AND signed_at IS NOT NULL)",
        name="policies_signed_check",
    ),
    sa.Index("policies_effective_idx", "platform_id", "effective_at", "signed_at", postgresql_where=_SIGNED_OFF),
)
