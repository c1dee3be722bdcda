"""Migrations up, down and at once; and that tables.py says what they do."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager

from service.domain.errors import Unavailable
from service.store import current_revision, downgrade, head_revision, migrate, migrations
from service.store.tables import metadata

# Of procrastinate's schema as revision 0002 was written against. After an upgrade that changes it: add a migration
# with procrastinate's own steps for databases made before, then put the new digest here.
PROCRASTINATE_SCHEMA = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"


def tables(url: str) -> set[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def leftovers(url: str) -> int:
    """Functions, types and sequences a complete way down leaves in the schema."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    kinds = (("pg_proc", "pro"), ("pg_type", "typ"), ("pg_class", "rel"))
    counts = (
        f"(SELECT count(*) FROM {catalogue}"
        f" WHERE {prefix}namespace = 'public'::regnamespace AND {prefix}name !~ 'alembic_version')"
        for catalogue, prefix in kinds
    )
    query = "SELECT " + " + ".join(counts)
    with engine.connect() as connection:
        return connection.scalar(sa.text(query))


def test_up_down_and_up_again(empty_database_url):
    url = empty_database_url
    assert current_revision(url) is None
    for _ in range(2):
        migrate(url)
        assert current_revision(url) == head_revision()
        assert {"cases", "history_events", "procrastinate_jobs"} <= tables(url)
        migrate(url)  # nothing left to do
        downgrade(url)
        assert current_revision(url) is None
        assert tables(url) == {"alembic_version"}
        assert leftovers(url) == 0


def test_the_scripts_are_numbered_one_after_the_other():
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    names = [Path(script.path).name for script in scripts.walk_revisions()]
    assert sorted(names, reverse=True) == names
    assert [name.partition("_")[0] for name in names] == [script.revision for script in scripts.walk_revisions()]
    assert scripts.get_heads() == [head_revision()]


def test_every_step_goes_down_alone(empty_database_url):
    migrate(empty_database_url)
    downgrade(empty_database_url, "0002")
    assert not any(name.startswith("picture") for name in tables(empty_database_url))
    assert "procrastinate_jobs" in tables(empty_database_url)
    downgrade(empty_database_url, "-1")
    assert not any(name.startswith("procrastinate") for name in tables(empty_database_url))
    assert "cases" in tables(empty_database_url)
    migrate(empty_database_url)


def test_several_processes_may_migrate_at_once(empty_database_url):
    code = "import sys; from service.store.migrate import migrate; migrate(sys.argv[1])"
    command = [sys.executable, "-c", code, empty_database_url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    assert current_revision(empty_database_url) == head_revision()


def test_the_declared_tables_are_the_migrated_ones(database_url):
    def ours(_object, name, _kind, _reflected, _compare_to):
        return not (name or "").startswith("procrastinate")

    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, metadata) == []
        reflected = sa.MetaData()
        reflected.reflect(connection)
    for table in metadata.sorted_tables:  # what compare_metadata does not look at
        twin = reflected.tables[table.name]
        assert [column.name for column in twin.primary_key] == [column.name for column in table.primary_key]
        for index in table.indexes:
            [other] = [one for one in twin.indexes if one.name == index.name]
            where, including = (index.dialect_options["postgresql"][name] for name in ("where", "include"))
            assert (other.dialect_options["postgresql"]["include"] or []) == list(including or [])
            assert (other.dialect_options["postgresql"]["where"] is None) == (where is None)
            assert bool(other.unique) == bool(index.unique)


def test_procrastinate_brings_the_schema_we_know():
    assert hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest() == PROCRASTINATE_SCHEMA


def test_without_a_database_it_says_so(tmp_path):
    with pytest.raises(Unavailable, match="cannot be reached"):
        migrate(f"postgresql+psycopg://postgres@/postgres?host={tmp_path}")
