"""The job tables: procrastinate's own schema, as its installed version ships it."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# By prefix, because the schema is not ours to list. Tables first: functions of their triggers hang on them.
_DROP = """
DO $$
DECLARE item record;
BEGIN
    FOR item IN SELECT tablename AS name FROM pg_tables
        WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate%'
    LOOP EXECUTE format('DROP TABLE %I CASCADE', item.name); END LOOP;
    FOR item IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate%'
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', item.name); END LOOP;
    FOR item IN SELECT typname AS name FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace AND typname LIKE 'procrastinate%' AND typtype IN ('e', 'c')
    LOOP EXECUTE format('DROP TYPE %I CASCADE', item.name); END LOOP;
END $$
"""


def upgrade() -> None:
    _execute(SchemaManager.get_schema())


def downgrade() -> None:
    _execute(_DROP)


def _execute(script: str) -> None:
    """On the driver's connection and without parameters: many statements at once, per cent signs left alone."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(script)
