"""The observable tables of a platform, simulated or real: all that learning code may open."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from service.domain.errors import ConfigurationError

TABLES = ("events", "claims", "labels")
_ENTITIES = ("account_id", "device_id", "payer_id", "ip", "seller_id", "product_id")
NEEDED = {
    "events": ("kind", "occurred_at", "recorded_at", *_ENTITIES, "amount", "outcome"),
    "claims": (
        *("claim_id", "as_of", *_ENTITIES, "order_number", "amount"),
        *("record", "evidence", "checks", "reused_orders", "reused_accounts"),
    ),
    "labels": ("claim_id", "wrong", "recorded_at", "source"),
}


@dataclass(frozen=True)
class Observed:
    """A folder with events.parquet, claims.parquet, labels.parquet and world.json.

    events: one HistoryEvent a row (fields as columns, ``amount`` in minor units) and ``recorded_at``.
    claims: ``claim_id``, ``as_of``, entity ids, ``amount``, and as JSON of the domain codec ``record`` (Claim),
    ``evidence``, ``checks``; ``reused_orders``, ``reused_accounts``. Of the way it was decided: ``route`` ("person" or
    the class that approves), ``draw_probability`` (that its outcome becomes known: 1 before a person, the audit's
    chance of a would-be approval, 0 where nobody will look), ``score_seen`` (whether who judged was shown a score).
    Where these three are missing every claim went to a person.
    labels: ``claim_id``, ``wrong`` 0|1, ``wrong_share`` of the amount in [0, 1], ``recorded_at`` (when it was final),
    ``source`` (reviewer, appeal, settlement, chargeback, audit, rejection_audit) and who judged. One a claim at most.
    """

    folder: Path

    def __post_init__(self) -> None:
        missing = [name for name in TABLES if not self.path(name).is_file()] + (
            [] if (self.folder / "world.json").is_file() else ["world.json"]
        )
        if missing:
            raise ConfigurationError(
                f"{self.folder} lacks {', '.join(missing)}; make the tables with: prereview-train simulate"
            )

    def check(self) -> None:
        """ConfigurationError naming what a table lacks, moments without a zone, or a claim that is there twice."""
        for table, columns in NEEDED.items():
            schema = pq.read_schema(self.path(table))
            lacking = [name for name in columns if name not in schema.names]
            if lacking:
                raise ConfigurationError(f"{self.path(table)} lacks the column {', '.join(lacking)}")
            for name in ("as_of", "occurred_at", "recorded_at"):
                kind = schema.field(name).type if name in schema.names else None
                if kind is not None and not (pa.types.is_timestamp(kind) and kind.tz):
                    raise ConfigurationError(f"{name} in {self.path(table)} is {kind}; it must be a moment with a zone")
        for table in ("claims", "labels"):
            counts = pq.read_table(self.path(table), columns=["claim_id"])["claim_id"].value_counts()
            twice = counts.filter(pc.greater(counts.field("counts"), 1))
            if len(twice):
                raise ConfigurationError(f"{self.path(table)} has claim {twice[0]['values']} more than once")

    def path(self, table: str) -> Path:
        if table not in TABLES:
            raise ValueError(f"{table!r} is not one of the observable tables {', '.join(TABLES)}")
        return self.folder / f"{table}.parquet"

    @cached_property
    def facts(self) -> dict[str, Any]:
        """world.json: origin, platform, start, end, sizes, and what the tables were made from."""
        facts: dict[str, Any] = json.loads((self.folder / "world.json").read_text("utf-8"))
        return facts

    @property
    def platform(self) -> str:
        return str(self.facts["platform"])

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.facts["start"])

    @property
    def end(self) -> datetime:
        return datetime.fromisoformat(self.facts["end"])

    @property
    def label_delay(self) -> timedelta:
        """How long after a decision a label may still change."""
        return timedelta(days=float(self.facts["label_delay_days"]))

    @cached_property
    def data_hash(self) -> str:
        """SHA-256 over the bytes of the observable tables."""
        digest = hashlib.sha256()
        for name in TABLES:
            with self.path(name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()
