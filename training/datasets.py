"""Training rows: service.features replayed over every claim, with labels by arrival and disjoint parts in time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pydantic import ValidationError
from tqdm import tqdm

from service.domain.checks import CheckResult
from service.domain.claims import Claim
from service.domain.codec import from_data
from service.domain.errors import ConfigurationError
from service.domain.evidence import Evidence
from service.features import AGGREGATES, FEATURES, Caps, FeatureRow, row
from training.engines import Engine, EngineName, open_engine
from training.history import ASKED, history_table
from training.observed import Observed
from training.recipe import PART_NAMES, PartName, Parts

Rows = NDArray[np.float32]
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

BATCH = 50_000
"""Claims whose histories are computed at once: some 300 MB, and few enough passes over the events."""
_DECODED = 1000


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """One claim as the service had it in hand at ``as_of``."""

    claim_id: str
    as_of: datetime
    claim: Claim
    evidence: tuple[Evidence, ...]
    checks: tuple[CheckResult, ...]
    reused_orders: int
    reused_accounts: int


@dataclass(frozen=True)
class Dataset:
    """One entry per claim, in order of ``as_of``. ``rows``: float32 [n, features].

    ``wrong``: 1 the grant was or would have been wrong, 0 not, -1 no label had arrived by the end of the data.
    ``wrong_share``: of the amount, in [0, 1], NaN without a label; ``source``: how the label came about, or "".
    ``arrived``: when the label was known (NaT without one). ``amount``: claimed, minor units. ``draw_probability``:
    chance that this claim's outcome became known, labelled or not; 0: none. ``asked``: people were in fact asked, as it
    was before a person or drawn by the audit. ``score_seen``: whether the judge knew a score. ``route``: who decided:
    "person", or the class of approvals it fell in.
    """

    claim_ids: tuple[str, ...]
    order_numbers: tuple[str, ...]
    as_of: NDArray[np.datetime64]
    amount: Indices
    rows: Rows
    wrong: Indices
    wrong_share: Floats
    source: NDArray[np.str_]
    arrived: NDArray[np.datetime64]
    draw_probability: Floats
    asked: NDArray[np.bool_]
    score_seen: NDArray[np.bool_]
    route: NDArray[np.str_]
    start: datetime
    end: datetime

    def __len__(self) -> int:
        return len(self.claim_ids)

    def part(self, parts: Parts, name: PartName) -> Indices:
        """Indices of the claims accepted in one part of the time axis, labelled or not."""
        first, last = (np.datetime64(_naive(self.start + timedelta(days=day)), "us") for day in getattr(parts, name))
        return np.flatnonzero((self.as_of >= first) & (self.as_of < last))

    def labelled(self, indices: Indices, by: datetime) -> Indices:
        """Those of ``indices`` whose label had arrived by ``by``."""
        known = self.wrong[indices] >= 0
        return indices[known & (self.arrived[indices] <= np.datetime64(_naive(by), "us"))]

    def moment(self, day: float) -> datetime:
        return self.start + timedelta(days=day)


def _naive(moment: datetime) -> datetime:
    offset = moment.utcoffset()
    assert offset is not None, "moments are aware"
    return moment.replace(tzinfo=None) - offset


def claim_cases(observed: Observed, *, only: Sequence[int] | None = None) -> Iterator[ClaimCase]:
    """The claims of a platform as domain values, all or those at the given positions."""
    if only is None:
        for batch in pq.ParquetFile(observed.path("claims")).iter_batches(batch_size=_DECODED):
            yield from map(_case, batch.to_pylist())
        return
    table = pq.read_table(observed.path("claims")).take(pa.array(only, pa.int64()))
    for batch in table.to_batches(max_chunksize=_DECODED):
        yield from map(_case, batch.to_pylist())


def _case(entry: Mapping[str, Any]) -> ClaimCase:
    try:
        return ClaimCase(
            claim_id=entry["claim_id"],
            as_of=entry["as_of"],
            claim=from_data(Claim, orjson.loads(entry["record"])),
            evidence=tuple(from_data(Evidence, item) for item in orjson.loads(entry["evidence"])),
            checks=tuple(from_data(CheckResult, item) for item in orjson.loads(entry["checks"])),
            reused_orders=entry["reused_orders"],
            reused_accounts=entry["reused_accounts"],
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        told = f"{'.'.join(map(str, first['loc'])) or 'record'}: {first['msg']}"
        raise ConfigurationError(f"claim {entry['claim_id']} of the claims table does not fit; {told}") from error
    except orjson.JSONDecodeError as error:
        raise ConfigurationError(
            f"claim {entry['claim_id']} of the claims table holds JSON that does not end"
        ) from error


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Some claims in the order of the claims table. ``rows``: float32 [n, features], NaN where not known."""

    claim_ids: pa.Array
    as_of: pa.Array
    rows: Rows


def row_batches(
    observed: Observed, caps: Caps, engine: Engine, *, batch: int = BATCH, progress: bool = False
) -> Iterator[RowBatch]:
    """The feature rows of every claim, by the same code that serves, ``batch`` claims at a time: what is held in memory
    does not grow with the history."""
    observed.check()
    claims = pq.ParquetFile(observed.path("claims"))
    names = [aggregate.name for aggregate in AGGREGATES]
    with (
        tempfile.TemporaryDirectory(prefix="prereview-rows-") as scratch,
        tqdm(total=claims.metadata.num_rows, desc="feature rows", unit="claim", disable=not progress) as bar,
    ):
        for number, table in enumerate(claims.iter_batches(batch_size=batch)):
            asked = Path(scratch) / f"asked-{number}.parquet"
            pq.write_table(pa.Table.from_batches([table.select(ASKED)]), asked)
            past = history_table(engine, asked, observed.path("events"), AGGREGATES).select(names)
            yield RowBatch(table["claim_id"], table["as_of"], _rows(table, past, caps, bar))


def _rows(claims: pa.RecordBatch, past: pa.Table, caps: Caps, bar: tqdm[Any]) -> Rows:
    rows = np.empty((claims.num_rows, len(FEATURES)), dtype=np.float32)
    for start in range(0, claims.num_rows, _DECODED):
        entries = claims.slice(start, _DECODED).to_pylist()
        histories = past.slice(start, _DECODED).to_pylist()
        for number, (entry, history) in enumerate(zip(entries, histories, strict=True), start):
            rows[number] = case_row(_case(entry), history, caps).values
        bar.update(len(entries))
    return rows


def case_row(case: ClaimCase, history: Mapping[str, float | None], caps: Caps) -> FeatureRow:
    """One claim's row from what was known of it and of its past."""
    return row(
        case.claim,
        as_of=case.as_of,
        evidence=case.evidence,
        checks=case.checks,
        history=history,
        caps=caps,
        reused_orders=case.reused_orders,
        reused_accounts=case.reused_accounts,
    )


def feature_rows(
    observed: Observed,
    caps: Caps,
    *,
    engine: EngineName = EngineName.DUCKDB,
    threads: int = 2,
    batch: int = BATCH,
    progress: bool = False,
) -> Rows:
    """The feature row of every claim, float32 [n, features], by the same code that serves."""
    with open_engine(engine, threads=threads) as opened:
        made = [one.rows for one in row_batches(observed, caps, opened, batch=batch, progress=progress)]
    return np.concatenate(made) if made else np.empty((0, len(FEATURES)), dtype=np.float32)


def build_dataset(
    observed: Observed, caps: Caps, *, rows: Rows | None = None, threads: int = 2, progress: bool = False
) -> Dataset:
    """Rows, labels and amounts of every claim of a platform. ``rows``: those of a backfill, else they are computed."""
    told = pq.read_schema(observed.path("claims")).names
    wanted = ["claim_id", "order_number", "as_of", "amount", "draw_probability", "score_seen", "route", "drawn"]
    claims = pq.read_table(observed.path("claims"), columns=[name for name in wanted if name in told])
    ids = tuple(claims["claim_id"].to_pylist())
    labels = {entry["claim_id"]: entry for entry in pq.read_table(observed.path("labels")).to_pylist()}
    found = [labels.get(claim_id) for claim_id in ids]
    never = np.datetime64("NaT", "us")
    route = _column(claims, "route", [None] * len(ids), "person").astype(np.str_)
    arrived = [np.datetime64(_naive(entry["recorded_at"]), "us") if entry else never for entry in found]
    return Dataset(
        claim_ids=ids,
        order_numbers=tuple(claims["order_number"].to_pylist()),
        as_of=np.array([_naive(moment) for moment in claims["as_of"].to_pylist()], dtype="datetime64[us]"),
        amount=claims["amount"].to_numpy().astype(np.int64),
        rows=feature_rows(observed, caps, threads=threads, progress=progress) if rows is None else rows,
        wrong=np.array([entry["wrong"] if entry else -1 for entry in found], dtype=np.int64),
        wrong_share=np.array([float(entry.get("wrong_share", entry["wrong"])) if entry else np.nan for entry in found]),
        source=np.array([str(entry["source"]) if entry else "" for entry in found], dtype=np.str_),
        arrived=np.array(arrived, dtype="datetime64[us]"),
        draw_probability=_column(claims, "draw_probability", found, 0.0).astype(np.float64),
        asked=(route == "person") | _column(claims, "drawn", [None] * len(ids), False).astype(np.bool_),
        score_seen=_column(claims, "score_seen", found, False).astype(np.bool_),
        route=route,
        start=observed.start,
        end=observed.end,
    )


def _column(
    claims: pa.Table, name: str, labels: Sequence[Mapping[str, Any] | None], without: float | bool | str
) -> NDArray[Any]:
    """What each claim stores; tables that tell it of labelled claims alone say nothing of the others."""
    if name in claims.column_names:
        return np.array(claims[name].to_pylist())
    return np.array([label[name] if label else without for label in labels])


@dataclass(frozen=True, slots=True)
class Split:
    """Indices into a Dataset. ``certify`` holds every claim of its part, the others labelled claims only."""

    train: Indices
    tune: Indices
    calibrate: Indices
    order: Indices
    certify: Indices


def split(dataset: Dataset, parts: Parts) -> Split:
    """The parts in time. A label counts only if it had arrived when its set was closed, as it would have in life: train
    and tune close when calibrate begins, the rest when the data ends."""
    fitted_at = dataset.moment(parts.calibrate[0])
    chosen: dict[PartName, Indices] = {name: dataset.part(parts, name) for name in PART_NAMES}
    return Split(
        train=dataset.labelled(chosen["train"], fitted_at),
        tune=dataset.labelled(chosen["tune"], fitted_at),
        calibrate=dataset.labelled(chosen["calibrate"], dataset.end),
        order=dataset.labelled(chosen["order"], dataset.end),
        certify=chosen["certify"],
    )
