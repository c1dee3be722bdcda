"""What proves the audit trail: signed heads of the platforms' chains."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.tables import Moment, metadata

audit_checkpoints = sa.Table(
    "audit_checkpoints",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("entry_sha256", sa.LargeBinary, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    # When it was written outside the database; None until then.
    sa.Column("kept_outside_at", Moment, nullable=True),
    sa.Index(
        "audit_checkpoints_unkept_idx",
        "platform_id",
        "position",
        postgresql_where=sa.text("kept_outside_at IS NULL"),
    ),
)
