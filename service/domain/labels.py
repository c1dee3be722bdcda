"""What a case turned out to be, from whom, and how it came to be looked at."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.actors import Actor


class LabelSource(StrEnum):
    """REVIEW: the ordinary decision. AUDIT: one blind judgement of a case of the audit sample. ADJUDICATION: a senior
    reviewer between two that differ. RECORD: the system's own record. APPEAL, CHARGEBACK: what came afterwards."""

    REVIEW = "review"
    AUDIT = "audit"
    ADJUDICATION = "adjudication"
    RECORD = "record"
    APPEAL = "appeal"
    CHARGEBACK = "chargeback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """``loss_share`` in [0, 1]: the part of the (would-be) grant that was not due and is not recovered; 0 is right.

    ``score_seen``: the reviewer saw the risk before judging, so the label leans on it. ``draw_probability`` in (0, 1]:
    how likely this case was to be drawn, for weighting; None where it was not drawn by chance.
    """

    platform_id: str
    case_id: uuid.UUID
    source: LabelSource
    reviewer: Actor
    loss_share: float
    recorded_at: datetime
    score_seen: bool
    draw_probability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledCase:
    """A would-be approval that was drawn for audit, with every label it has. ``amount_minor``: of the would-be grant;
    ``certificate``: under which it would have been approved."""

    case_id: uuid.UUID
    number: str
    drawn_at: datetime
    amount_minor: int
    currency: str
    approval_class: str
    certificate: str | None
    labels: tuple[Label, ...]
