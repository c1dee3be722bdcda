"""The reviewers' queues: which lane a case waits in, and in what order."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.money import Money


class Lane(StrEnum):
    """In the order they are worked through; an incident's cases wait for one decision on all of them."""

    NEAR_BREACH = "near_breach"
    LARGE_AMOUNT = "large_amount"
    ELDERLY = "elderly"
    STANDARD = "standard"
    INCIDENT = "incident"


WAITING = (
    CaseState.IN_REVIEW,
    CaseState.COUNTERED,
    CaseState.APPEALED,
    CaseState.IN_SECOND_REVIEW,
    CaseState.ARBITRATION,
)
"""States in which a case waits for a person of ours."""

NEAR = timedelta(hours=4)
"""A case whose review is due within this, or late, or chased, comes before all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLength:
    """One lane. ``due_at``: of the case that is due first; None where none has a deadline."""

    lane: Lane
    cases: int
    oldest: datetime
    due_at: datetime | None
    chased: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedCase:
    case_id: uuid.UUID
    number: str
    lane: Lane
    state: CaseState
    reason: ReasonCode
    amount: Money
    accepted_at: datetime
    due_at: datetime | None
    chased_at: datetime | None
    incident_id: uuid.UUID | None
