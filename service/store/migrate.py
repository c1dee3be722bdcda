"""Bring a database's tables to a version: run from code, safe to run from several processes at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.domain.errors import Unavailable

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK = 0x70726572  # any number, the same in every process: "prer"


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade to ``revision`` in one transaction; without effect when it is there. Unavailable without database."""
    with _connected(url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Go back to ``revision``. ``base`` drops everything, data included."""
    with _connected(url) as connection:
        command.downgrade(_config(connection), revision)


def current_revision(url: str) -> str | None:
    """The database's revision; None where nothing was migrated yet."""
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The revision this code needs."""
    head = ScriptDirectory(str(_SCRIPTS)).get_current_head()
    assert head is not None
    return head


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            # Held until the transaction ends: the second process waits, then finds nothing left to do.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection
    except sa.exc.OperationalError as error:
        raise Unavailable(f"the database cannot be reached: {error.orig}", retry_after=5) from error
    finally:
        engine.dispose()
