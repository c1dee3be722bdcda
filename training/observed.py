"""The observable tables of a platform, simulated or real: all that learning code may open."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from service.domain.errors import ConfigurationError

TABLES = ("events", "claims", "labels")


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
