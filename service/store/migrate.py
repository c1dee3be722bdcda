"""Bring a database's tables to a version: run from code, safe to run from several processes at once.

Every command asks whether the tables are up to date, and nearly always they are. Alembic and the migrations, which take
longer to import than to find nothing to do, are therefore imported only where there is something to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from service.domain.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK = 0x70726572  # any number, the same in every process: "prer"


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade to ``revision`` in one transaction; without effect when it is there. Unavailable without database."""
    with _connected(url) as connection:
        if revision == "head" and _revision_of(connection) == head_revision():
            return
        from alembic import command

        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Go back to ``revision``. ``base`` drops everything, data included."""
    from alembic import command

    with _connected(url) as connection:
        command.downgrade(_config(connection), revision)


def current_revision(url: str) -> str | None:
    """The database's revision; None where nothing was migrated yet."""
    with _connected(url) as connection:
        return _revision_of(connection)


def head_revision() -> str:
    """The revision this code needs: that of the last script, as they are numbered."""
    return max(script.name.partition("_")[0] for script in (_SCRIPTS / "versions").glob("[0-9]*_*.py"))


def _revision_of(connection: sa.Connection) -> str | None:
    if connection.scalar(sa.text("SELECT to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def _config(connection: sa.Connection) -> Config:
    from alembic.config import Config

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
