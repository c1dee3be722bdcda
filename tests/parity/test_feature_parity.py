"""The online row and the training row are the same numbers: store.history on PostgreSQL against Ibis on DuckDB."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from service.domain.history import EventKind, HistoryEvent
from service.domain.money import Money
from service.features import AGGREGATES, FEATURE_NAMES, Caps, row
from service.policy import load_platform_policy
from service.store import Store
from training.datasets import ClaimCase, claim_cases, feature_rows
from training.observed import Observed
from training.pipeline import caps_of
from training.simulator.parameters import load_parameters
from training.simulator.world import simulate, write

SEED = 5
ORDERS, AT_LEAST = 75_000, 5_000
IN_FLIGHT = 4
WITHOUT = ("device_id", "payer_id", "ip")


def world(folder: Path, orders: int) -> Observed:
    """A simulated platform, of which every 40th claim names no device, every 41st no payer, every 42nd no address."""
    write(simulate(load_parameters().with_values({"span.orders": orders}), SEED), folder, SEED)
    claims = pq.read_table(folder / "claims.parquet").to_pylist()
    for number, claim in enumerate(claims):
        for step, name in enumerate(WITHOUT, start=40):
            if number % step == 0:
                claim["record"] = claim["record"].replace(f'"{name}":"{claim[name]}"', f'"{name}":null')
                claim[name] = None
    schema = pq.read_schema(folder / "claims.parquet")
    pq.write_table(pa.Table.from_pylist(claims, schema), folder / "claims.parquet")
    return Observed(folder)


def events(observed: Observed) -> Iterator[tuple[HistoryEvent, datetime]]:
    for batch in pq.read_table(observed.path("events")).to_batches(max_chunksize=5000):
        for entry in batch.to_pylist():
            recorded_at, amount, currency = (entry.pop(name) for name in ("recorded_at", "amount", "currency"))
            kind, case_id = EventKind(entry.pop("kind")), entry.pop("case_id")
            event = HistoryEvent(
                **entry,
                kind=kind,
                case_id=uuid.UUID(case_id) if case_id else None,
                amount=Money(amount, currency) if amount is not None else None,
            )
            yield event, recorded_at


async def online_rows(store: Store, cases: list[ClaimCase], caps: Caps) -> np.ndarray:
    """What the service would have computed for each claim at its as_of."""
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def online(case: ClaimCase) -> tuple[float, ...]:
        async with gate:
            history = await store.history(None, case.claim, case.as_of, AGGREGATES)
        made = row(
            case.claim,
            as_of=case.as_of,
            evidence=case.evidence,
            checks=case.checks,
            history=history,
            caps=caps,
            reused_orders=case.reused_orders,
            reused_accounts=case.reused_accounts,
        )
        return made.values

    return np.array(await asyncio.gather(*(online(case) for case in cases)), dtype=np.float32)


async def test_every_cell_of_every_row_is_the_same_online_and_in_training(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    observed = world(tmp_path / "world", ORDERS)
    caps = caps_of(load_platform_policy("demo"))
    cases = list(claim_cases(observed))
    assert len(cases) >= AT_LEAST

    assert await store.load_history("demo", events(observed)) == observed.facts["events"]
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ANALYZE")
    online = await online_rows(store, cases, caps)
    training = feature_rows(observed, caps)

    assert online.shape == training.shape == (len(cases), len(FEATURE_NAMES))
    differs = ~((online == training) | (np.isnan(online) & np.isnan(training)))
    worst = {FEATURE_NAMES[column]: int(differs[:, column].sum()) for column in np.flatnonzero(differs.any(axis=0))}
    assert worst == {}, f"cells that differ, by feature: {worst}"
    # A history full of zeros would agree as well; this one must have something to tell.
    assert np.isnan(training[0, FEATURE_NAMES.index("device_accounts_30d")])
    told = [FEATURE_NAMES.index(name) for name in ("account_refunds_requested_90d", "device_accounts_30d")]
    assert (training[:, told] > 0).sum(axis=0).min() > AT_LEAST * 0.05
