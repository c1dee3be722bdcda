"""Keys that end, follow each other and have limits; indexes for lists of cases."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEYS = """
ALTER TABLE api_keys
    ADD COLUMN expires_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN rate_class TEXT NOT NULL DEFAULT 'standard',
    ADD COLUMN networks TEXT[] NOT NULL DEFAULT '{}',
    ADD COLUMN rotated_from UUID;
"""
_LISTS = """
CREATE INDEX cases_listed_idx ON cases (platform_id, accepted_at, id);
CREATE INDEX cases_state_idx ON cases (platform_id, state, accepted_at, id);
CREATE INDEX cases_order_idx ON cases (platform_id, order_number, accepted_at, id);
CREATE INDEX cases_reason_idx ON cases (platform_id, (claim ->> 'reason'), accepted_at, id);
CREATE INDEX cases_reference_idx ON cases (platform_id, (claim ->> 'reference'));
CREATE INDEX cases_lane_idx ON cases (platform_id, lane, accepted_at, id) WHERE lane IS NOT NULL;
"""
_NAMES = ("listed", "state", "order", "reason", "reference", "lane")


def upgrade() -> None:
    op.execute(_KEYS)
    op.execute(_LISTS)


def downgrade() -> None:
    for name in _NAMES:
        op.execute(f"DROP INDEX cases_{name}_idx")
    op.execute(
        "ALTER TABLE api_keys DROP COLUMN rotated_from, DROP COLUMN networks, DROP COLUMN rate_class,"
        " DROP COLUMN expires_at"
    )
