"""How far uploads of history have come."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.tables import Moment, metadata

event_uploads = sa.Table(
    "event_uploads",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("lines", sa.BigInteger, nullable=False),
    sa.Column("accepted", sa.BigInteger, nullable=False),
    sa.Column("duplicates", sa.BigInteger, nullable=False),
    sa.Column("refused", sa.BigInteger, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)
