"""What a second model would have made of a claim that the champion decided."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowScore:
    """Champion and shadow on one assessment, under the same rule with mode, audit draw, breaker and budgets left out.

    ``approval_class``, ``champion_class``: in which each would be approved, None where a person decides.
    ``amount_minor``: of the would-be grant, else what was claimed. Probabilities are calibrated; None: not scored.
    """

    platform_id: str
    case_id: uuid.UUID
    assessment_id: uuid.UUID
    model: str
    probability: float
    approval_class: str | None
    champion: str
    champion_probability: float | None
    champion_class: str | None
    amount_minor: int
    currency: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedShadow:
    """A stored score with what the case turned out to be: ``loss_share`` in [0, 1], None where nobody has judged.
    ``stands_for``: how many such cases a judged one speaks for, 1 / chance of being drawn."""

    score: ShadowScore
    loss_share: float | None
    stands_for: float
