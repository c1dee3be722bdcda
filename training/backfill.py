"""Every claim's feature row as a table on disk, computed by either engine, cell for cell the same."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH, FEATURE_NAMES, Caps
from training.datasets import BATCH, RowBatch, Rows, row_batches
from training.engines import EngineName, open_engine
from training.observed import Observed

_META = b"prereview"
_MOMENT = pa.timestamp("us", "UTC")


@dataclass(frozen=True, slots=True)
class Backfill:
    """``rows_hash``: SHA-256 over claim ids and cells in order, the same whatever the engine. ``peak_mib``: most memory
    held, resident, of all processes at work."""

    out: Path
    engine: EngineName
    claims: int
    events: int
    features: int
    rows_hash: str
    seconds: float
    peak_mib: float


def backfill(
    observed: Observed,
    caps: Caps,
    out: Path,
    *,
    engine: EngineName = EngineName.DUCKDB,
    threads: int = 2,
    memory_mib: int = 2048,
    batch: int = BATCH,
    progress: bool = False,
) -> Backfill:
    """Write ``out``: claim_id, as_of and one float32 column a feature, NULL where not known; whole or not at all.

    ConfigurationError if the engine is not installed or the tables are not what they should be.
    """
    started, hashes, count = time.perf_counter(), _RowsHash(), 0
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.partial")
    try:
        with (
            open_engine(engine, threads=threads, memory_mib=memory_mib) as opened,
            pq.ParquetWriter(partial, _schema(observed, caps), compression="zstd") as writer,
        ):
            for made in row_batches(observed, caps, opened, batch=batch, progress=progress):
                writer.write_table(_table(made, writer.schema))
                hashes.update(made)
                count += len(made.rows)
            peak = opened.peak_mib
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return Backfill(
        out=out,
        engine=engine,
        claims=count,
        events=pq.ParquetFile(observed.path("events")).metadata.num_rows,
        features=len(FEATURE_NAMES),
        rows_hash=hashes.hexdigest(),
        seconds=round(time.perf_counter() - started, 2),
        peak_mib=round(peak, 1),
    )


def read_rows(path: Path, observed: Observed, caps: Caps) -> Rows:
    """The rows that ``backfill`` wrote for these tables, float32 [n, features]; ConfigurationError if they were made of
    other tables, by other features or under other limits."""
    if not path.is_file():
        raise ConfigurationError(f"there are no rows at {path}; make them with: prereview-train backfill")
    table = pq.read_table(path)
    told = json.loads((table.schema.metadata or {}).get(_META, b"{}"))
    for name, value in _origin(observed, caps).items():
        if told.get(name) != value:
            raise ConfigurationError(
                f"{path} was made with a different {name}; make it anew with: prereview-train backfill"
            )
    columns = [table[name].to_numpy().astype(np.float32) for name in FEATURE_NAMES]
    return np.column_stack(columns)


def _origin(observed: Observed, caps: Caps) -> dict[str, Any]:
    return {"feature hash": FEATURE_HASH, "data hash": observed.data_hash, "set of limits": asdict(caps)}


def _schema(observed: Observed, caps: Caps) -> pa.Schema:
    fields = [("claim_id", pa.string()), ("as_of", _MOMENT), *((name, pa.float32()) for name in FEATURE_NAMES)]
    return pa.schema(fields, metadata={_META: json.dumps(_origin(observed, caps)).encode()})


def _table(made: RowBatch, schema: pa.Schema) -> pa.Table:
    cells = [pa.array(made.rows[:, number], from_pandas=True) for number in range(made.rows.shape[1])]
    return pa.table([made.claim_ids.cast(pa.string()), made.as_of.cast(_MOMENT), *cells], schema=schema)


class _RowsHash:
    """Ids and cells apart, so that the size of a batch makes no difference."""

    def __init__(self) -> None:
        self._ids, self._cells = hashlib.sha256(), hashlib.sha256()

    def update(self, made: RowBatch) -> None:
        self._ids.update("".join(f"{claim_id}\n" for claim_id in made.claim_ids.to_pylist()).encode())
        self._cells.update(np.ascontiguousarray(made.rows, dtype="<f4").tobytes())

    def hexdigest(self) -> str:
        return hashlib.sha256(self._ids.digest() + self._cells.digest()).hexdigest()
