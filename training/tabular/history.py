"""As-of aggregates of a table, by the code that serves: each row asks what had been recorded before it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from service.domain.history import EventKind
from service.features import Aggregate, Entity
from training.engines import EngineName, open_engine
from training.history import history_table

_TEXT = [entity.value for entity in Entity]
_EVENTS = pa.schema(
    [("kind", pa.string()), ("outcome", pa.string()), ("amount", pa.int64())]
    + [(name, pa.timestamp("us", tz="UTC")) for name in ("occurred_at", "recorded_at")]
    + [(name, pa.string()) for name in _TEXT]
)
_CLAIMS = pa.schema(
    [("claim_id", pa.string()), ("as_of", pa.timestamp("us", tz="UTC"))] + [(name, pa.string()) for name in _TEXT]
)


def events(
    at: pd.Series[pd.Timestamp],
    kind: EventKind,
    entities: Mapping[Entity, pd.Series[str]],
    minor: pd.Series[int],
    recorded_after: pd.Timedelta,
) -> pd.DataFrame:
    """One event a row, known to us ``recorded_after`` it happened."""
    return pd.DataFrame(
        {
            "kind": kind.value,
            "outcome": None,
            "amount": minor,
            "occurred_at": at,
            "recorded_at": at + recorded_after,
            **{entity.value: entities.get(entity) for entity in Entity},
        }
    )


def as_of(
    at: pd.Series[pd.Timestamp],
    entities: Mapping[Entity, pd.Series[str]],
    past: Sequence[pd.DataFrame],
    aggregates: Sequence[Aggregate],
) -> pd.DataFrame:
    """The aggregates at each moment of ``at`` (aware), one column each, in its order; NaN without the entity."""
    asked = pd.DataFrame(
        {
            "claim_id": [str(number) for number in range(len(at))],
            "as_of": at,
            **{entity.value: entities.get(entity) for entity in Entity},
        }
    )
    with tempfile.TemporaryDirectory(prefix="prereview-tabular-") as scratch, open_engine(EngineName.DUCKDB) as engine:
        claims, seen = Path(scratch) / "claims.parquet", Path(scratch) / "events.parquet"
        pq.write_table(pa.Table.from_pandas(asked, _CLAIMS, preserve_index=False), claims)
        pq.write_table(pa.Table.from_pandas(pd.concat(past), _EVENTS, preserve_index=False), seen)
        table = history_table(engine, claims, seen, aggregates)
    made: pd.DataFrame = table.select([one.name for one in aggregates]).to_pandas()
    return made
