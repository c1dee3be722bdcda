"""The audit trail: why, before and after; its chain; its checkpoints; and a guard against plain changes."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE audit
    ADD COLUMN reason TEXT,
    ADD COLUMN before JSONB,
    ADD COLUMN after JSONB,
    ADD COLUMN position BIGINT,
    ADD COLUMN field_checks BYTEA;
CREATE UNIQUE INDEX audit_position_idx ON audit (platform_id, position) WHERE position IS NOT NULL;
CREATE INDEX audit_unchained_idx ON audit (platform_id, id) WHERE position IS NULL;
CREATE TABLE audit_checkpoints (
    platform_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    entry_sha256 BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    key_id TEXT NOT NULL,
    signature BYTEA NOT NULL,
    kept_outside_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT audit_checkpoints_pkey PRIMARY KEY (platform_id, position)
);
CREATE INDEX audit_checkpoints_unkept_idx ON audit_checkpoints (platform_id, position) WHERE kept_outside_at IS NULL;
"""

# What the service never does, nobody does by accident. Who owns the tables can take the guard away; that, and what
# is changed without it, is for `prereview audit verify` to find.
_GUARD = """
CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
        AND ROW(NEW.platform_id, NEW.id, NEW.actor_kind, NEW.actor_name, NEW.action, NEW.subject, NEW.at,
                NEW.details_sha256, NEW.reason, NEW.before, NEW.after)
            IS NOT DISTINCT FROM
            ROW(OLD.platform_id, OLD.id, OLD.actor_kind, OLD.actor_name, OLD.action, OLD.subject, OLD.at,
                OLD.details_sha256, OLD.reason, OLD.before, OLD.after)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit entries are never changed or deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_guard_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_guard();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_guard;
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_guard_all;
"""


def upgrade() -> None:
    op.execute(_COLUMNS)
    op.execute(_GUARD)


def downgrade() -> None:
    op.execute("DROP TABLE audit_checkpoints")
    op.execute("DROP TRIGGER audit_guard ON audit")
    op.execute("DROP TRIGGER audit_guard_all ON audit")
    op.execute("DROP FUNCTION audit_guard()")
    op.execute("DROP INDEX audit_position_idx")
    op.execute("DROP INDEX audit_unchained_idx")
    op.execute(
        "ALTER TABLE audit DROP COLUMN reason, DROP COLUMN before, DROP COLUMN after, DROP COLUMN position,"
        " DROP COLUMN field_checks"
    )
