"""The engine, its transactions, and what happens when the database does not answer."""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeAlias

import orjson
import procrastinate.exceptions
import psycopg
import sqlalchemy as sa
from psycopg.conninfo import make_conninfo
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from service.domain.errors import BadRequest, ConfigurationError, Unavailable
from service.domain.trail import TrailSeals

_RETRY_AFTER = 2  # seconds
_SEALS = "prereview_seals"
_SESSION = {"timezone": "UTC", "statement_timeout": "15s", "lock_timeout": "8s", "jit": "off"}


# What callers hand on from reading() or transaction() to other methods, without knowing what it is made of.
Connection: TypeAlias = AsyncConnection


class Database:
    """A pool of connections. After a restart of the server the next use connects anew; nothing has to be done."""

    def __init__(self, url: str, *, pool_size: int = 10, seals: TrailSeals | None = None) -> None:
        """``seals``: what audit entries written through it are sealed with."""
        self.url = _checked(url)
        options = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
        self._engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            # An error goes into the log as it is, and parameters are people's claims.
            hide_parameters=True,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            connect_args={
                "prepare_threshold": 2,
                "connect_timeout": 5,
                "application_name": "prereview",
                "options": options,
            },
        )
        sa.event.listen(self._engine.sync_engine, "checkout", _refuse_dead)
        self._engine = self._engine.execution_options(**{_SEALS: seals})
        # The transaction a task works in as a whole, with that task: what it starts beside itself must not share it.
        self._whole: ContextVar[tuple[asyncio.Task[Any] | None, AsyncConnection] | None]
        self._whole = ContextVar("whole", default=None)
        # The same pool without BEGIN and COMMIT around single reading statements.
        self._reading_engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    def connections(self) -> tuple[int, int]:
        """How many of the pool's connections are in use, and how many there may be."""
        pool = self._engine.pool
        assert isinstance(pool, sa.pool.QueuePool)
        return pool.checkedout(), pool.size()

    @property
    def conninfo(self) -> str:
        """The address as libpq understands it, for procrastinate."""
        return conninfo(self.url)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """All or nothing: commits at the end of the block, rolls back on any error. READ COMMITTED.

        Unavailable when the database cannot answer; BadRequest for a value it cannot hold.
        """
        outer = self._outer()
        with _translated():
            if outer is not None:
                async with outer.begin_nested():
                    yield outer
                return
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def whole(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that everything this task does until the block ends is part of.

        Inside, ``transaction()`` is a savepoint of it and ``reading()`` sees its changes. For a use case that has to
        commit together with something its author need not know of. Tasks started inside stay outside.
        """
        async with self.transaction() as connection:
            token = self._whole.set((asyncio.current_task(), connection))
            try:
                yield connection
            finally:
                self._whole.reset(token)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """For statements that only read; each sees what is committed when it starts."""
        outer = self._outer()
        with _translated():
            if outer is not None:
                yield outer
                return
            async with self._reading_engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def reading_on(self, connection: AsyncConnection | None) -> AsyncIterator[AsyncConnection]:
        """The connection given, or one of the pool's for as long as the block lasts."""
        if connection is not None:
            with _translated():
                yield connection
        else:
            async with self.reading() as own:
                yield own

    def _outer(self) -> AsyncConnection | None:
        """The connection of the transaction this very task works in as a whole."""
        found = self._whole.get()
        return found[1] if found is not None and found[0] is asyncio.current_task() else None

    async def close(self) -> None:
        await self._engine.dispose()


def seals_of(connection: AsyncConnection) -> TrailSeals | None:
    """What entries written on this connection are sealed with."""
    assert connection.sync_connection is not None
    found: TrailSeals | None = connection.sync_connection.get_execution_options().get(_SEALS)
    return found


def _refuse_dead(connection: Any, _record: Any, _proxy: Any) -> None:
    """Have the pool replace a connection whose server has gone, so that no claim is refused for it.

    An idle connection has nothing to read unless its server said goodbye or died. Looking costs a microsecond, where
    asking the server would cost a round trip for every use.
    """
    driver = connection.driver_connection
    if not driver.closed:
        idle = select.poll()
        idle.register(driver.fileno(), select.POLLIN | select.POLLHUP)
        if not idle.poll(0):
            return
    raise sa.exc.DisconnectionError("the server closed the connection")


def conninfo(url: str) -> str:
    """A SQLAlchemy URL as libpq's connection string; rendering the URL would turn blanks into plus signs."""
    arguments = sa.make_url(url).get_dialect()().create_connect_args(sa.make_url(url))[1]
    return make_conninfo(**arguments)


async def driver_connection(connection: AsyncConnection, *, reading: bool = False) -> psycopg.AsyncConnection[Any]:
    """The psycopg connection below. Unless for ``reading``, only in a transaction: elsewhere its work would be lost."""
    if not reading and not connection.in_transaction():
        raise RuntimeError("the driver's connection is for use inside a transaction")
    raw: Any = (await connection.get_raw_connection()).driver_connection
    assert isinstance(raw, psycopg.AsyncConnection)
    return raw


def utc(moment: datetime) -> datetime:
    """A moment from the database as the rest of the code writes it."""
    return moment.astimezone(UTC)


def _checked(url: str) -> str:
    try:
        backend = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise ConfigurationError(
            "the database URL cannot be read; write postgresql://user:password@host/name"
        ) from error
    if backend.get_backend_name() != "postgresql":
        raise ConfigurationError("the database must be PostgreSQL: postgresql://user:password@host/name")
    return backend.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (
        sa.exc.DBAPIError,
        sa.exc.TimeoutError,
        psycopg.Error,
        procrastinate.exceptions.ConnectorException,
    ) as error:
        raise _as_ours(error) from error


def _as_ours(error: Exception) -> Exception:
    cause = _driver_error(error)
    if isinstance(error, sa.exc.TimeoutError):
        return Unavailable("every database connection is in use", retry_after=_RETRY_AFTER)
    # OperationalError: connection lost or refused, disk full, deadlock, time limits. 25006: a standby after failover.
    passing = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) or (
        isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated
    )
    if passing or isinstance(cause, psycopg.errors.ReadOnlySqlTransaction):
        return Unavailable("the database does not answer", retry_after=_RETRY_AFTER)
    if isinstance(cause, psycopg.DataError):
        return BadRequest("a value cannot be stored: a text holds a NUL character, or a number is out of range")
    return error


def _driver_error(error: BaseException | None) -> BaseException | None:
    """The driver's own error below those of SQLAlchemy and procrastinate."""
    while error is not None and not isinstance(error, psycopg.Error):
        error = error.orig if isinstance(error, sa.exc.DBAPIError) else error.__cause__
    return error
