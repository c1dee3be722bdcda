"""The audit trail looked through by actor and by time, and the verifications people ask for."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_UP = (
    "CREATE INDEX audit_time_idx ON audit (platform_id, at, id)",
    "CREATE INDEX audit_actor_idx ON audit (platform_id, actor_name, at, id)",
    """
CREATE TABLE trail_verifications (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reaches BIGINT NOT NULL,
    position BIGINT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    seen_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    sound BOOLEAN,
    report JSONB,
    CONSTRAINT trail_verifications_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT trail_verifications_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
)""",
    "CREATE UNIQUE INDEX trail_verifications_open_idx ON trail_verifications (platform_id) WHERE ended_at IS NULL",
    "CREATE INDEX trail_verifications_asked_idx ON trail_verifications (platform_id, asked_at)",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE trail_verifications")
    op.execute("DROP INDEX audit_actor_idx")
    op.execute("DROP INDEX audit_time_idx")
