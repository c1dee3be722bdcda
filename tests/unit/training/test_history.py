"""Aggregates on DuckDB against a plain loop over the events, and their edges one by one."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.domain.history import EventKind
from service.features import AGGREGATES, Aggregate, Entity, Measure
from training.history import history_expression

AS_OF = datetime(2026, 5, 1, 12, tzinfo=UTC)
ENTITIES = [entity.value for entity in Entity]
EVENTS = pa.schema(
    [
        ("kind", pa.string()),
        ("occurred_at", pa.timestamp("us", "UTC")),
        ("recorded_at", pa.timestamp("us", "UTC")),
        *((name, pa.string()) for name in ENTITIES),
        ("amount", pa.int64()),
        ("outcome", pa.string()),
    ]
)
CLAIMS = pa.schema(
    [("claim_id", pa.string()), ("as_of", pa.timestamp("us", "UTC")), *((name, pa.string()) for name in ENTITIES)]
)


def compute(claims: list[dict[str, Any]], events: list[dict[str, Any]], aggregates: Any) -> list[dict[str, Any]]:
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET TimeZone = 'Asia/Shanghai'")
    with tempfile.TemporaryDirectory() as folder:
        tables = []
        for name, rows, schema in (("claims", claims, CLAIMS), ("events", events, EVENTS)):
            path = Path(folder) / f"{name}.parquet"
            pq.write_table(pa.Table.from_pylist(rows, schema), path)
            tables.append(connection.read_parquet(path, table_name=name))
        found = history_expression(*tables, aggregates).to_pyarrow().to_pylist()
    order = {claim["claim_id"]: number for number, claim in enumerate(claims)}
    return sorted(found, key=lambda entry: order[entry["claim_id"]])


def one(entity: Entity = Entity.ACCOUNT, **changes: Any) -> Aggregate:
    fields: dict[str, Any] = {
        "name": "it",
        "entity": entity,
        "kinds": (EventKind.ORDER,),
        "measure": Measure.COUNT,
        "window_days": 7,
    }
    return Aggregate(**(fields | changes))


def event(**changes: Any) -> dict[str, Any]:
    fields = {
        "kind": "order",
        "occurred_at": AS_OF - timedelta(days=1),
        "recorded_at": AS_OF - timedelta(hours=1),
        "account_id": "a",
        "amount": 100,
    }
    return fields | changes


CLAIM = {"claim_id": "c", "as_of": AS_OF, "account_id": "a"}
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, 1),
        ({"recorded_at": AS_OF}, 0),
        ({"recorded_at": AS_OF - TICK}, 1),
        ({"recorded_at": AS_OF + timedelta(days=1)}, 0),
        ({"occurred_at": AS_OF}, 1),
        ({"occurred_at": AS_OF + TICK}, 0),
        ({"occurred_at": AS_OF - timedelta(days=7)}, 0),
        ({"occurred_at": AS_OF - timedelta(days=7) + TICK}, 1),
        ({"kind": "payment"}, 0),
        ({"account_id": "b"}, 0),
        ({"account_id": None}, 0),
    ],
)
def test_which_events_a_claim_sees(changes: dict[str, Any], seen: int) -> None:
    assert compute([CLAIM], [event(**changes)], [one()])[0]["it"] == seen


def test_measures_and_outcomes() -> None:
    events = [
        event(device_id="d", outcome="failed"),
        event(device_id="d", outcome="delivered", amount=None),
        event(device_id="d", account_id="b", outcome=None),
        event(device_id="d", account_id=None),
    ]
    aggregates = [
        one(Entity.DEVICE, name="count"),
        one(Entity.DEVICE, name="amount", measure=Measure.AMOUNT),
        one(Entity.DEVICE, name="accounts", measure=Measure.DISTINCT_ACCOUNTS),
        one(Entity.DEVICE, name="failed", outcomes=("failed",)),
    ]
    found = compute([{**CLAIM, "device_id": "d"}], events, aggregates)[0]
    assert (found["count"], found["amount"], found["accounts"], found["failed"]) == (4, 300, 2, 1)


def test_no_entity_is_unknown_and_no_event_is_zero() -> None:
    aggregates = [one(name="account"), one(Entity.DEVICE, name="device")]
    found = compute([{**CLAIM, "account_id": "new"}], [event()], aggregates)[0]
    assert found["account"] == 0
    assert found["device"] is None


def brute(claim: dict[str, Any], events: list[dict[str, Any]], aggregate: Aggregate) -> float | None:
    key = aggregate.entity.value
    if claim[key] is None:
        return None
    start = claim["as_of"] - timedelta(days=aggregate.window_days)
    seen = [
        entry
        for entry in events
        if entry[key] == claim[key]
        and entry["kind"] in {kind.value for kind in aggregate.kinds}
        and (not aggregate.outcomes or entry["outcome"] in aggregate.outcomes)
        and entry["recorded_at"] < claim["as_of"]
        and start < entry["occurred_at"] <= claim["as_of"]
    ]
    if aggregate.measure is Measure.AMOUNT:
        return float(sum(entry["amount"] or 0 for entry in seen))
    if aggregate.measure is Measure.DISTINCT_ACCOUNTS:
        return float(len({entry["account_id"] for entry in seen} - {None}))
    return float(len(seen))


def test_all_declared_aggregates_equal_a_plain_loop() -> None:
    dice = random.Random(1)

    def some(letter: str) -> str | None:
        return None if dice.random() < 0.15 else f"{letter}{dice.randrange(4)}"

    def moment() -> datetime:
        # Coarse steps, so that exact ties on every edge occur.
        return AS_OF - timedelta(hours=12 * dice.randrange(220))

    events = [
        {
            "kind": dice.choice([kind.value for kind in EventKind]),
            "occurred_at": (occurred := moment()),
            "recorded_at": occurred + timedelta(hours=12 * dice.choice([-1, 0, 0, 0, 1, 30])),
            **{name: some(name[0]) for name in ENTITIES},
            "amount": dice.choice([None, 100, 250]),
            "outcome": dice.choice([None, "failed", "delivered"]),
        }
        for _ in range(1500)
    ]
    claims = [
        {"claim_id": f"c{number}", "as_of": moment(), **{name: some(name[0]) for name in ENTITIES}}
        for number in range(60)
    ]
    found = compute(claims, events, AGGREGATES)
    for claim, entry in zip(claims, found, strict=True):
        assert {aggregate.name: brute(claim, events, aggregate) for aggregate in AGGREGATES} == {
            name: value for name, value in entry.items() if name != "claim_id"
        }
