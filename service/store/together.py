"""Several writes in one statement, for the path every claim takes.

Rows go in as one JSON text, table by table, so that a statement has one parameter however many rows there are: it is
prepared once a connection, and a round trip and the driver's work are paid for once instead of a dozen times. What a
single statement writes is checked (keys, foreign keys) when all of it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import driver_connection

Row = Mapping[str, Any]
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

GIVEN = "given AS MATERIALIZED (SELECT CAST($1 AS jsonb) AS data)"


def rows_of(table: sa.Table, columns: Sequence[str]) -> str:
    """What ``given`` has for a table, as something to select from; it is called ``row``."""
    typed = ", ".join(f'"{name}" {table.c[name].type.compile(dialect=_DIALECT)}' for name in columns)
    return f"jsonb_to_recordset(given.data -> '{table.name}') AS row ({typed})"


def insert_of(
    table: sa.Table,
    columns: Sequence[str],
    *,
    only_if: str = "",
    beside: Mapping[str, str] | None = None,
    instead: str = "",
) -> str:
    """INSERT of the rows ``given`` has for a table. No column or table name comes from outside.

    ``only_if``: the name of an earlier part that must have a row. ``beside``: columns that come from elsewhere in the
    statement. ``instead``: the ON CONFLICT clause and what follows it.
    """
    beside = beside or {}
    into = ", ".join(f'"{name}"' for name in (*columns, *beside))
    values = ", ".join((*(f'row."{name}"' for name in columns), *beside.values()))
    sources = ", ".join(part for part in (only_if, "given", rows_of(table, columns)) if part)
    return f"INSERT INTO {table.name} ({into}) SELECT {values} FROM {sources} {instead}".rstrip()  # noqa: S608


def statement(parts: Mapping[str, str], answer: str) -> bytes:
    """``parts`` in order, each under its name, and what the whole answers."""
    with_ = ", ".join((GIVEN, *(f"{name} AS ({text})" for name, text in parts.items())))
    return f"WITH {with_} {answer}".encode()


async def run(tx: AsyncConnection, statement: bytes, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one with its rows: table → rows. UUIDs and aware times are written as JSON has them."""
    return await fetch(tx, statement, (orjson.dumps(given, default=_bytes).decode(),))


def _bytes(value: Any) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value).__name__} has no place in a row")
    return "\\x" + value.hex()


async def fetch(tx: AsyncConnection, statement: bytes, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """A prepared statement with $1-style parameters, straight to the driver: its rows."""
    async with psycopg.AsyncRawCursor(await driver_connection(tx)) as cursor:
        await cursor.execute(statement, parameters, prepare=True)
        return await cursor.fetchall()
