"""Lanes, chases, incidents, and deadlines that wait for make-up days to be published."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INCIDENTS = """
ALTER TABLE deadlines ADD COLUMN certain BOOLEAN NOT NULL DEFAULT true;
DROP INDEX deadlines_remind_idx;
CREATE INDEX deadlines_remind_idx ON deadlines (remind_at) WHERE ended_as IS NULL AND remind_at IS NOT NULL;
ALTER TABLE cases ADD COLUMN lane TEXT, ADD COLUMN incident_id UUID, ADD COLUMN chased_at TIMESTAMP WITH TIME ZONE;
CREATE INDEX cases_incident_idx ON cases (platform_id, incident_id) WHERE incident_id IS NOT NULL;
CREATE TABLE incidents (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    struck TEXT NOT NULL,
    struck_id TEXT NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    reason TEXT NOT NULL,
    noticed BOOLEAN NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    dismissed_at TIMESTAMP WITH TIME ZONE,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT incidents_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT incidents_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
);
CREATE UNIQUE INDEX incidents_open_idx ON incidents (platform_id, struck, struck_id)
    WHERE ended_at IS NULL AND dismissed_at IS NULL;
"""


def upgrade() -> None:
    op.execute(_INCIDENTS)


def downgrade() -> None:
    op.execute("DROP TABLE incidents")
    op.execute("ALTER TABLE cases DROP COLUMN chased_at, DROP COLUMN incident_id, DROP COLUMN lane")
    op.execute("DROP INDEX deadlines_remind_idx")
    op.execute(
        "CREATE INDEX deadlines_remind_idx ON deadlines (remind_at)"
        " WHERE ended_as IS NULL AND reminded_at IS NULL AND remind_at IS NOT NULL"
    )
    op.execute("ALTER TABLE deadlines DROP COLUMN certain")
