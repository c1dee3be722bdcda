"""What a simulated world's tables hold, gathered once for the pictures of ``report``. The truth is opened here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from training.simulator.streams import Floats

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class WorldTables:
    """``orders``, ``fulfilments``, ``decisions``: one row per event, moments in the platform's own time.

    ``claims``: one row per claim with reason, category, truth (``due``, ``cause``, ``account_kind``) and label.
    ``pages``, ``checks``: one row per page sent and per check made. ``sellers``: the truth about them.
    """

    facts: dict[str, Any]
    orders: pd.DataFrame
    fulfilments: pd.DataFrame
    decisions: pd.DataFrame
    claims: pd.DataFrame
    pages: pd.DataFrame
    checks: pd.DataFrame
    sellers: pd.DataFrame

    @property
    def days(self) -> int:
        return round((self.end - self.start) / _DAY)

    @property
    def start(self) -> np.datetime64:
        return _local(self.facts["start"])

    @property
    def end(self) -> np.datetime64:
        return _local(self.facts["end"])

    def day(self, moments: pd.Series[Any]) -> Floats:
        """Days since the start of the world, as real numbers."""
        return np.asarray((moments.to_numpy() - self.start) / _DAY, dtype=np.float64)

    def per_day(self, moments: pd.Series[Any]) -> Floats:
        """How many fall on each day of the world."""
        counts, _ = np.histogram(self.day(moments), bins=np.arange(self.days + 1))
        return counts.astype(np.float64)


def _local(text: str) -> np.datetime64:
    return np.datetime64(datetime.fromisoformat(text).replace(tzinfo=None), "us")


def load_tables(folder: Path, facts: dict[str, Any]) -> WorldTables:
    """Read a world's folder, truth and all. FileNotFoundError where a table is missing."""
    offset = datetime.fromisoformat(facts["start"]).utcoffset()
    assert offset is not None, "a world's moments are aware"
    zone = np.timedelta64(int(offset.total_seconds()), "s")
    events = ds.dataset(folder / "events.parquet")
    claims, pages, checks = _claims(folder, zone)
    return WorldTables(
        facts=facts,
        orders=_events(events, ["order"], ["account_id", "seller_id", "order_number", "amount"], zone),
        fulfilments=_events(events, ["fulfilment"], ["order_number", "outcome"], zone),
        decisions=_events(events, ["refund_granted", "refund_rejected"], ["case_id", "kind", "outcome"], zone),
        claims=claims,
        pages=pages,
        checks=checks,
        sellers=pq.read_table(folder / "truth" / "sellers.parquet").to_pandas(),
    )


def _events(events: ds.Dataset, kinds: list[str], columns: list[str], zone: np.timedelta64) -> pd.DataFrame:
    wanted = ds.field("kind").cast("string").isin(kinds)
    found = events.to_table(columns=[*columns, "occurred_at", "recorded_at"], filter=wanted).to_pandas()
    return _in_zone(found, ("occurred_at", "recorded_at"), zone)


def _in_zone(frame: pd.DataFrame, columns: tuple[str, ...], zone: np.timedelta64) -> pd.DataFrame:
    for name in columns:
        frame[name] = frame[name].dt.tz_convert("UTC").dt.tz_localize(None) + pd.Timedelta(zone)
    return frame


def _claims(folder: Path, zone: np.timedelta64) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    table = pq.read_table(folder / "claims.parquet")
    frame = table.drop_columns(["record", "evidence", "checks"]).to_pandas()
    records = [orjson.loads(text) for text in table["record"].to_pylist()]
    frame["reason"] = [record["reason"] for record in records]
    frame["category"] = [record["order"]["product"]["category"] or "none" for record in records]
    frame["paid_at"] = pd.to_datetime([record["order"]["paid_at"] for record in records], utc=True, format="ISO8601")
    pages = _listed(table["evidence"], "name", lambda item: str(item["name"]).partition(".")[0])
    checks = _listed(table["checks"], "code", lambda item: item["code"])
    checks["result"] = [item["result"] for text in table["checks"].to_pylist() for item in orjson.loads(text)]
    truth = pq.read_table(folder / "truth" / "claims.parquet").to_pandas()
    labels = pq.read_table(folder / "labels.parquet").to_pandas().drop_duplicates("claim_id", keep="last")
    frame = frame.merge(truth, on="claim_id", validate="one_to_one").merge(labels, on="claim_id", how="left")
    frame["undue"] = frame["due"] < 0.5
    for rows in (pages, checks):
        rows["undue"] = frame["undue"].to_numpy()[rows["claim"]]
    return _in_zone(frame, ("as_of", "paid_at", "recorded_at"), zone), pages, checks


def _listed(column: Any, name: str, of: Any) -> pd.DataFrame:
    """One row per item of a column of JSON lists, with the number of its claim."""
    lists = [orjson.loads(text) for text in pc.cast(column, "string").to_pylist()]
    numbers = np.repeat(np.arange(len(lists)), [len(items) for items in lists])
    return pd.DataFrame({"claim": numbers, name: [of(item) for items in lists for item in items]})
