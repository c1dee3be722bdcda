"""Labels of the second kind: judged by two blind reviewers on claims the audit drew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """``wrong_share``: the share of the granted amount that was not truly due, in [0, 1]."""

    claim_id: str
    wrong_share: float
    recorded_at: datetime


class Adjudicator(Protocol):
    """Whoever judges drawn claims: people on a real platform, the simulator's audit desk here."""

    def judge(self, claim_ids: Sequence[str], *, by: datetime) -> list[Adjudicated]:
        """Judgements that have arrived by ``by``; what is still open is left out."""
        ...
