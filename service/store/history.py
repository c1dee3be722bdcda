"""What is known of accounts, devices, sellers and the like: events in, aggregates as of a moment out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.claims import Claim
from service.domain.history import OWN_EVENTS, EventKind, HistoryEvent
from service.features.aggregates import Aggregate, Entity, Measure
from service.store.database import driver_connection
from service.store.tables import ENTITIES, history_events

# Column and PostgreSQL type of everything an event carries besides its platform and the moment it was recorded.
COLUMNS = {
    "event_id": "text", "kind": "text", "occurred_at": "timestamptz", **dict.fromkeys(ENTITIES, "text"),
    "order_number": "text", "case_id": "uuid", "amount_minor": "bigint", "currency": "text", "outcome": "text",
    "data": "jsonb",
}  # fmt: skip
_NAMES = ", ".join(COLUMNS)
# Arrays, so that one prepared statement serves batches of any size. No column and no type comes from outside.
_INSERT = sa.text(
    f"INSERT INTO history_events (platform_id, recorded_at, {_NAMES}) "  # noqa: S608
    f"SELECT :platform_id, CAST(:recorded_at AS timestamptz), {_NAMES.replace('data', 'CAST(data AS jsonb)')} "
    "FROM unnest("
    + ", ".join(f"CAST(:{name} AS {'text' if type_ == 'jsonb' else type_}[])" for name, type_ in COLUMNS.items())
    + f") AS fresh ({_NAMES}) ON CONFLICT DO NOTHING"
)
_COPY = f"COPY history_events (platform_id, recorded_at, {_NAMES}) FROM STDIN"
_BATCH = 5_000
_DIALECT = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


async def record_events(
    tx: AsyncConnection, platform_id: str, events: Sequence[HistoryEvent], recorded_at: datetime
) -> tuple[int, int]:
    """Store events learned at ``recorded_at``; returns (accepted, duplicates).

    A duplicate is an event id this platform has sent before, or a second refund event of one kind for one case;
    neither changes anything.
    """
    accepted = 0
    # Sorted, so that two batches with events in common wait for each other instead of locking each other out.
    ordered = sorted(events, key=lambda event: event.event_id)
    for start in range(0, len(ordered), _BATCH):
        rows = [event_values(event) for event in ordered[start : start + _BATCH]]
        columns: dict[str, Any] = {name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)}
        result = await tx.execute(_INSERT, {"platform_id": platform_id, "recorded_at": recorded_at, **columns})
        accepted += result.rowcount
    return accepted, len(events) - accepted


async def load_history(tx: AsyncConnection, platform_id: str, events: Iterable[tuple[HistoryEvent, datetime]]) -> int:
    """COPY events, each with the moment it was recorded: for a first filling. A duplicate fails the transaction."""
    # A year of a platform takes longer than any statement of a request may.
    await tx.execute(sa.text("SET LOCAL statement_timeout = 0"))
    connection = await driver_connection(tx)
    count = 0
    async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(["text", "timestamptz", *COLUMNS.values()])
        for event, recorded_at in events:
            values = event_values(event)
            await copy.write_row((platform_id, recorded_at, *values))
            count += 1
    return count


def event_values(event: HistoryEvent) -> tuple[Any, ...]:
    """In the order of COLUMNS."""
    return (
        event.event_id,
        event.kind.value,
        event.occurred_at,
        *(getattr(event, entity) for entity in ENTITIES),
        event.order_number,
        event.case_id,
        event.amount.minor if event.amount else None,
        event.amount.currency if event.amount else None,
        event.outcome,
        orjson.dumps(event.data).decode() if event.data else None,
    )


def event_row(platform_id: str, event: HistoryEvent, recorded_at: datetime) -> dict[str, Any]:
    """As ``record_events``, for whoever writes it together with something else."""
    values = dict(zip(COLUMNS, event_values(event), strict=True))
    return values | {"platform_id": platform_id, "recorded_at": recorded_at, "data": event.data or None}


ROW_COLUMNS = ("platform_id", "recorded_at", *COLUMNS)


def case_event(
    kind: EventKind, case_id: uuid.UUID, claim: Claim, *, occurred_at: datetime, **facts: Any
) -> HistoryEvent:
    """The event by which a case of ours enters the history; its id is the same whenever it is made."""
    return HistoryEvent(
        event_id=f"{OWN_EVENTS}{case_id}:{kind.value}",
        kind=kind,
        occurred_at=occurred_at,
        case_id=case_id,
        account_id=claim.account.id,
        device_id=claim.account.device_id,
        payer_id=claim.account.payer_id,
        ip=claim.account.ip,
        seller_id=claim.order.seller_id,
        product_id=claim.order.product.id,
        order_number=claim.order.order_number,
        **facts,
    )


async def aggregate(
    connection: AsyncConnection,
    claim: Claim,
    as_of: datetime,
    aggregates: tuple[Aggregate, ...],
    *,
    without_case: uuid.UUID | None = None,
) -> dict[str, float | None]:
    """Every aggregate's number for the claim's entities as known at ``as_of``; None where it has no such entity.

    One statement whatever the number of aggregates; an entity the claim lacks costs nothing. ``without_case``: leaves
    out that case's own events, which are no past of its own: needed only where ``as_of`` lies after it was accepted.
    """
    if not aggregates:
        return {}
    statement, names = compiled(aggregates, without_case is not None)
    ids = entity_ids(claim)
    values = parameters(claim, as_of, aggregates) | {"without_case": without_case}
    # The driver's cursor for $1-style statements: it sends the text as it is, where parsing it would cost as much as
    # running it.
    async with psycopg.AsyncRawCursor(await driver_connection(connection, reading=True)) as cursor:
        await cursor.execute(statement, [values[name] for name in names], prepare=True)
        numbers: dict[str, list[float]] = dict(await cursor.fetchall())
    found: dict[str, float | None] = {}
    for entity, declared in _by_entity(aggregates).items():
        for at, one in enumerate(declared):
            found[one.name] = float(numbers[entity.value][at]) if ids[entity.value] is not None else None
    return found


def entity_ids(claim: Claim) -> dict[str, str | None]:
    """Entity column → the claim's id of that kind."""
    return {
        Entity.ACCOUNT.value: claim.account.id,
        Entity.DEVICE.value: claim.account.device_id,
        Entity.PAYER.value: claim.account.payer_id,
        Entity.IP.value: claim.account.ip,
        Entity.SELLER.value: claim.order.seller_id,
        Entity.PRODUCT.value: claim.order.product.id,
    }


def parameters(claim: Claim, as_of: datetime, aggregates: tuple[Aggregate, ...]) -> dict[str, Any]:
    """Name → value of everything the compiled statement asks for."""
    since = {f"since_{one.window_days}": as_of - timedelta(days=one.window_days) for one in aggregates}
    return {"platform_id": claim.platform_id, "as_of": as_of, **since, **entity_ids(claim)}


@lru_cache(maxsize=16)
def compiled(aggregates: tuple[Aggregate, ...], without_case: bool = False) -> tuple[bytes, tuple[str, ...]]:
    """The UNION ALL statement, one row (entity, numbers in declared order) an entity, and its parameters' names.

    Compiled once: SQLAlchemy's cache key of some forty filtered aggregates would cost more than the query.
    """
    parts = [_select(entity, declared) for entity, declared in _by_entity(aggregates).items()]
    if without_case:  # outside the covering index, so only where it is asked for
        own = sa.bindparam("without_case", type_=sa.Uuid)
        parts = [part.where(history_events.c.case_id.is_distinct_from(own)) for part in parts]
    statement = sa.union_all(*parts).compile(dialect=_DIALECT)
    return str(statement).encode(), tuple(dict.fromkeys(statement.positiontup or ()))


def _by_entity(aggregates: tuple[Aggregate, ...]) -> Mapping[Entity, tuple[Aggregate, ...]]:
    entities = dict.fromkeys(one.entity for one in aggregates)
    return {entity: tuple(one for one in aggregates if one.entity is entity) for entity in entities}


def _select(entity: Entity, declared: tuple[Aggregate, ...]) -> sa.Select[Any]:
    column = history_events.c
    widest = max(one.window_days for one in declared)
    numbers = array([_number(one) for one in declared], type_=sa.Double)
    return sa.select(sa.literal_column(_quoted(entity.value)).label("entity"), numbers.label("numbers")).where(
        column.platform_id == _param("platform_id"),
        column[entity.value] == _param(entity.value),
        column.occurred_at > _moment(f"since_{widest}"),
        column.occurred_at <= _moment("as_of"),
        column.recorded_at < _moment("as_of"),
    )


def _number(one: Aggregate) -> sa.ColumnElement[Any]:
    column = history_events.c
    measures: dict[Measure, sa.FunctionElement[Any]] = {
        Measure.COUNT: sa.func.count(),
        Measure.AMOUNT: sa.func.sum(column.amount_minor),
        Measure.DISTINCT_ACCOUNTS: sa.func.count(column.account_id.distinct()),
    }
    conditions = [_among(column.kind, one.kinds), column.occurred_at > _moment(f"since_{one.window_days}")]
    if one.outcomes:
        conditions.append(_among(column.outcome, one.outcomes))
    return sa.cast(sa.func.coalesce(measures[one.measure].filter(*conditions), sa.literal_column("0")), sa.Double)


def _param(name: str) -> sa.BindParameter[str]:
    return sa.bindparam(name, type_=sa.Text)


def _moment(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=sa.DateTime(timezone=True))


def _among(column: sa.ColumnElement[Any], words: Sequence[str]) -> sa.ColumnElement[bool]:
    return column.in_([sa.literal_column(_quoted(str(word))) for word in words])


def _quoted(word: str) -> str:
    """A word of our own declarations as an SQL literal; parameters by the dozen would cost more than they tell."""
    return "'" + word.replace("'", "''") + "'"
