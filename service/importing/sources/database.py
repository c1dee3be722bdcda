"""Tables of a database, through SQLAlchemy: read only, as a stream, in the order of their key."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from service.domain.errors import BadRequest, ConfigurationError
from service.importing.mapping import Mapping, SourceRule
from service.importing.sources.source import Read, Source

FETCH = 5_000
# What makes a session read only, by kind of database. SQLite is opened read-only by its own switch.
_READ_ONLY = {
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
}


def database_tables(mapping: Mapping, word: str) -> list[Source]:
    """Every source of the mapping as a table of the database at ``word``, a URL or ``env:NAME`` of one.

    A password on a command line is seen by whoever lists processes: ``env:NAME`` keeps it out of there.
    """
    url = _url(word)
    without = [name for name, rule in mapping.sources.items() if rule.key is None]
    if without:
        raise BadRequest(f"The source {without[0]} has no key; name its table's unique, growing column, e.g. key: id.")
    return [DatabaseTable(name, rule, url) for name, rule in mapping.sources.items()]


def _url(word: str) -> sa.URL:
    text = os.environ.get(word.removeprefix("env:"), "") if word.startswith("env:") else word
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        # The text is not shown: it may hold a password.
        raise BadRequest(
            "The database URL cannot be read; write e.g. mysql+pymysql://user:password@host/name, and %-encode "
            "signs such as @ : / in the password."
        ) from None
    if url.get_backend_name() not in _READ_ONLY:
        raise BadRequest("Databases read are MySQL, MariaDB, PostgreSQL and SQLite.")
    return url


class DatabaseTable:
    """One table; a later run goes on behind the last key read."""

    def __init__(self, name: str, rule: SourceRule, url: sa.URL) -> None:
        self.name = name
        self._rule, self._url = rule, url
        self._table = _table(rule.table or name, rule.columns)
        self._engine = _engine(url)
        self._rows = 0
        # What follows the question mark may hold secrets too.
        self.shown = f"{url.set(query={}).render_as_string(hide_password=True)} {self._table.fullname}"

    def identity(self) -> str:
        return hashlib.sha256(self.shown.encode()).hexdigest()

    def size(self) -> int | None:
        return None

    def done(self) -> int:
        return self._rows

    def rows(self, after: Any | None) -> Iterator[Read]:
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql(_READ_ONLY[self._url.get_backend_name()])
                connection.commit()  # the setting is for the transactions behind it
                streamed = connection.execution_options(stream_results=True, yield_per=FETCH)
                for row in streamed.execute(self._statement(after)):
                    self._rows += 1
                    yield Read(row[0], row)
        except (sa.exc.SQLAlchemyError, UnicodeDecodeError) as error:
            raise BadRequest(self._sentence(error)) from None
        finally:
            self._engine.dispose()

    def _statement(self, after: Any | None) -> sa.Select[Any]:
        assert self._rule.key is not None
        key = self._table.c[self._rule.key]
        statement = sa.select(*(self._table.c[name] for name in self._rule.columns)).order_by(key)
        return statement if after is None else statement.where(key > after)

    def _sentence(self, error: Exception) -> str:
        """Of the driver's error its kind and number: its words may hold the address or a statement."""
        cause = getattr(error, "orig", None) or error
        number = cause.args[0] if cause.args and isinstance(cause.args[0], int) else ""
        return (
            f"{self.shown} cannot be read ({type(cause).__name__}{f' {number}' if number else ''}); check host, name, "
            "password, that the account may read the table, and that it has the columns "
            f"{', '.join(self._rule.columns)}. The same command goes on where it stopped."
        )


def _table(name: str, columns: tuple[str, ...]) -> sa.TableClause:
    schema, _, table = name.rpartition(".")
    return sa.table(table, *(sa.column(each) for each in columns), schema=schema or None)


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() in ("mysql", "mariadb") and "+" not in url.drivername:
        url = url.set(drivername=f"{url.drivername}+pymysql")
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():  # SQLite would make one
        raise BadRequest(f"There is no SQLite database {url.database}.")
    try:
        return sa.create_engine(url, poolclass=sa.NullPool)
    except (sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigurationError(
            f"Reading this database needs a driver that is not installed ({error}). "
            'Install it with: pip install "prereview[import]"'
        ) from None
