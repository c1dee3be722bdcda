"""The audit desk: two blind reviewers judge the claims they are handed, and nothing else is revealed.

Learning code never opens the truth; it draws claims and gets labels back, as it would on a real platform.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from training.labels import Adjudicated
from training.simulator.parameters import Parameters
from training.simulator.streams import Streams
from training.simulator.world import TRUTH


class SimulatedAdjudicators:
    """Judges claims of one simulated world. Deterministic: the same claim gets the same judgement."""

    def __init__(self, folder: Path, parameters: Parameters, seed: int) -> None:
        truth = pq.read_table(folder / TRUTH / "claims.parquet", columns=["claim_id", "undue_share"])
        claims = pq.read_table(folder / "claims.parquet", columns=["as_of"])
        random = Streams(seed)("adjudication")
        mistaken = random.random(truth.num_rows) < parameters.number("reviewing.adjudication_error")
        days = random.uniform(*parameters.pair("reviewing.adjudication_days"), truth.num_rows)
        self._judgements: dict[str, Adjudicated] = {}
        rows = zip(
            truth["claim_id"].to_pylist(), truth["undue_share"].to_pylist(), claims["as_of"].to_pylist(), strict=True
        )
        for number, (claim_id, wrong, as_of) in enumerate(rows):
            share = float(wrong < 0.5) if mistaken[number] else wrong
            self._judgements[claim_id] = Adjudicated(claim_id, share, as_of + timedelta(days=float(days[number])))

    def judge(self, claim_ids: Sequence[str], *, by: datetime) -> list[Adjudicated]:
        """Judgements that have arrived by ``by``; a claim without one is left out (the caller counts it as wrong)."""
        judged = (self._judgements[claim_id] for claim_id in claim_ids)
        return [judgement for judgement in judged if judgement.recorded_at <= by]
