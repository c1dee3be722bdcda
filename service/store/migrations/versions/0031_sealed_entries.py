"""Audit entries bear a keyed seal; incidents are looked for from where the last look ended."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE audit ADD COLUMN seal BYTEA",
    """
CREATE TABLE incident_looks (
    platform_id TEXT NOT NULL,
    looked_to TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT incident_looks_pkey PRIMARY KEY (platform_id),
    CONSTRAINT incident_looks_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
)""",
    "CREATE INDEX cases_incident_since_idx ON cases (platform_id, state_since) WHERE incident_id IS NOT NULL",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX cases_incident_since_idx")
    op.execute("DROP TABLE incident_looks")
    op.execute("ALTER TABLE audit DROP COLUMN seal")
