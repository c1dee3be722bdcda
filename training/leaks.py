"""Whether rows know what they could not have known: made again with the future cut off, cell by cell.

A row at ``as_of`` may rest on events recorded before that moment and on nothing else. So each sampled claim gets a
history of its own that ends at its ``as_of``, its row is made again, and a cell that changes has seen the future. What
cannot be made again (a column of somebody's own) is held against the labels: one column alone that tells right from
wrong all but perfectly is more likely made of the outcome than of the claim.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from service.domain.errors import ConfigurationError
from service.features import AGGREGATES, FEATURE_NAMES, Caps, Entity
from training.datasets import Floats, Indices, Rows, case_row, claim_cases
from training.engines import EngineName, open_engine, without_progress_bar
from training.history import ASKED, history_table
from training.observed import Observed

SAMPLE = 300
SUSPICIOUS = 0.95
"""AUC of one column alone. The best single feature of the simulated platform stays below 0.75."""

_KEYS = ("claim_id", "as_of")
_FUTURE_BY_NATURE = ("promised_by", "valid_until", "expires_at")
_FEWEST = 20


@dataclass(frozen=True, slots=True)
class Changed:
    """A column whose cells changed when the future was cut off, in ``claims`` of those sampled."""

    column: str
    claims: int
    example: str
    given: float
    remade: float


@dataclass(frozen=True, slots=True)
class Suspect:
    """A column that alone ranks wrong claims above right ones, or below, with this AUC. ``known``: one of our
    features."""

    column: str
    auc: float
    known: bool


@dataclass(frozen=True, slots=True)
class LeakReport:
    """``own_outcomes``: claims of whose own case something was recorded before their ``as_of``; ``early_labels``:
    labels that arrived before the claim; ``later_facts``: by field of the claim's record, in how many of the sampled
    claims it holds a moment after ``as_of``."""

    sampled: int
    changed: tuple[Changed, ...]
    suspects: tuple[Suspect, ...]
    own_outcomes: int
    early_labels: int
    later_facts: dict[str, int]

    @property
    def clean(self) -> bool:
        return not (self.changed or self.suspects or self.own_outcomes or self.early_labels or self.later_facts)


def check_leaks(
    observed: Observed,
    caps: Caps,
    rows: pa.Table,
    *,
    sample: int = SAMPLE,
    suspicious: float = SUSPICIOUS,
    seed: int = 0,
) -> LeakReport:
    """``rows``: what ``training.backfill`` writes, and any further columns of numbers: a row per claim, in the claims'
    order. ConfigurationError if it is not of these claims."""
    ids = pq.read_table(observed.path("claims"), columns=["claim_id"])["claim_id"]
    if rows["claim_id"].combine_chunks() != ids.combine_chunks().cast(rows["claim_id"].type):
        raise ConfigurationError("the rows are not of these claims; make them with: prereview-train backfill")
    chosen = np.sort(np.random.default_rng(seed).permutation(len(ids))[:sample]).astype(np.int64)
    return LeakReport(
        sampled=len(chosen),
        changed=tuple(_changed(rows.take(chosen), remade_rows(observed, caps, chosen))),
        suspects=tuple(_suspects(observed, rows, suspicious)),
        own_outcomes=_own_outcomes(observed),
        early_labels=_early_labels(observed),
        later_facts=_later_facts(observed, chosen),
    )


def remade_rows(observed: Observed, caps: Caps, chosen: Indices) -> Rows:
    """The rows of some claims, float32 [n, features], each from events recorded before its own ``as_of`` alone."""
    names = [aggregate.name for aggregate in AGGREGATES]
    with tempfile.TemporaryDirectory(prefix="prereview-leaks-") as scratch, open_engine(EngineName.DUCKDB) as engine:
        claims, events = _cut_off(observed, chosen, Path(scratch))
        past = history_table(engine, claims, events, AGGREGATES).select(names).to_pylist()
    cases = claim_cases(observed, only=chosen.tolist())
    rows = [case_row(case, history, caps).values for case, history in zip(cases, past, strict=True)]
    return np.array(rows, dtype=np.float32).reshape(len(chosen), len(FEATURE_NAMES))


def _cut_off(observed: Observed, chosen: Indices, folder: Path) -> tuple[Path, Path]:
    """A world for each claim, all in one pair of tables: the events of its account, device and so on that were recorded
    before its ``as_of``, every id marked with the claim so that no world sees another's."""
    claims, events = folder / "claims.parquet", folder / "events.parquet"
    asked = pq.read_table(observed.path("claims"), columns=list(ASKED)).take(pa.array(chosen))
    entities = [entity.value for entity in Entity]
    marked = ", ".join(f"claim_id || '|' || {name} AS {name}" for name in entities)
    kept = ", ".join(f"e.{name}" for name in (*entities, "event_id", "kind", "outcome", "amount"))
    moments = "e.occurred_at, e.recorded_at"
    parts = [
        f"SELECT a.claim_id, {kept}, {moments} FROM asked a JOIN events e ON e.{name} = a.{name} "  # noqa: S608
        "WHERE e.recorded_at < a.as_of"
        for name in entities
    ]
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET threads = 2")
        without_progress_bar(connection)
        connection.register("asked", asked)
        connection.read_parquet(str(observed.path("events"))).create_view("events")
        for query, path in (
            (f"SELECT * REPLACE ({marked}) FROM asked", claims),  # noqa: S608
            (f"SELECT * REPLACE ({marked}) FROM ({' UNION '.join(parts)})", events),  # noqa: S608
        ):
            connection.sql(query).write_parquet(str(path))
    return claims, events


def _changed(given: pa.Table, remade: Rows) -> Iterator[Changed]:
    for number, name in enumerate(FEATURE_NAMES):
        if name not in given.column_names:
            continue
        cells = given[name].to_numpy().astype(np.float32)
        differs = np.flatnonzero(~((cells == remade[:, number]) | (np.isnan(cells) & np.isnan(remade[:, number]))))
        if len(differs):
            first = int(differs[0])
            example = str(given["claim_id"][first].as_py())
            yield Changed(name, len(differs), example, float(cells[first]), float(remade[first, number]))


def _suspects(observed: Observed, rows: pa.Table, suspicious: float) -> Iterator[Suspect]:
    labels = pq.read_table(observed.path("labels"), columns=["claim_id", "wrong"])
    places = pc.index_in(labels["claim_id"], value_set=rows["claim_id"].combine_chunks()).to_numpy()
    wrong = labels["wrong"].to_numpy()
    if min((wrong == 1).sum(), (wrong == 0).sum()) < _FEWEST:
        return
    for name in rows.column_names:
        if name in _KEYS or not _numeric(rows.schema.field(name).type):
            continue
        cells = rows[name].cast(pa.float64()).to_numpy()[places]
        for values in (cells, np.isnan(cells).astype(np.float64)):
            auc = _auc(values, wrong)
            if max(auc, 1.0 - auc) >= suspicious:
                yield Suspect(name, round(auc, 4), name in FEATURE_NAMES)
                break


def _numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind))


def _auc(values: Floats, wrong: NDArray[Any]) -> float:
    known = ~np.isnan(values)
    if min((wrong[known] == 1).sum(), (wrong[known] == 0).sum()) < _FEWEST:
        return 0.5
    return float(roc_auc_score(wrong[known], values[known]))


def _own_outcomes(observed: Observed) -> int:
    """Claims for which something was recorded of their own case before it was theirs to know."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET threads = 2")
        without_progress_bar(connection)
        for name in ("claims", "events"):
            connection.read_parquet(str(observed.path(name))).create_view(name)
        found = connection.sql(
            "SELECT count(DISTINCT c.claim_id) FROM claims c JOIN events e ON e.case_id = c.claim_id "
            "WHERE e.recorded_at < c.as_of"
        ).fetchall()
    return int(found[0][0])


def _early_labels(observed: Observed) -> int:
    claims = pq.read_table(observed.path("claims"), columns=["claim_id", "as_of"])
    labels = pq.read_table(observed.path("labels"), columns=["claim_id", "recorded_at"])
    joined = labels.join(claims, "claim_id", join_type="inner")
    return int(pc.sum(pc.less(joined["recorded_at"], joined["as_of"])).as_py() or 0)


def _later_facts(observed: Observed, chosen: Indices) -> dict[str, int]:
    table = pq.read_table(observed.path("claims"), columns=["as_of", "record"]).take(pa.array(chosen))
    found: Counter[str] = Counter()
    for as_of, record in zip(table["as_of"].to_pylist(), table["record"].to_pylist(), strict=True):
        found.update(field for field, moment in _moments(orjson.loads(record)) if moment > as_of)
    return dict(found)


def _moments(data: Any, field: str = "") -> Iterator[tuple[str, datetime]]:
    """Every moment with a zone in a JSON document, with the field it stands in."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            if name not in _FUTURE_BY_NATURE:
                yield from _moments(value, f"{field}.{name}" if field else name)
    elif isinstance(data, list):
        for value in data:
            yield from _moments(value, field)
    elif isinstance(data, str) and len(data) >= len("2026-01-01T00:00Z") and data[10:11] == "T":
        try:
            moment = datetime.fromisoformat(data)
        except ValueError:
            return
        if moment.tzinfo is not None:
            yield field, moment
