"""Which platforms tell each other, and are told, that a file was seen elsewhere too."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.tables import Moment, metadata

sharing_platforms = sa.Table(
    "sharing_platforms",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("since", Moment, nullable=False),
)
