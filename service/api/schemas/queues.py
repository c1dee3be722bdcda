"""The reviewers' queues as told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from service.api.schemas.fields import Strict
from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.queues import Lane, QueuedCase, QueueLength


class ChaseIn(Strict):
    """Nothing needs to be said."""


class QueueOut(BaseModel):
    """One lane. ``due_at``: of the case that is due first."""

    lane: Lane
    cases: int
    oldest: datetime
    due_at: datetime | None
    chased: int


class QueuedOut(BaseModel):
    """``amount``: claimed, in minor units."""

    case_id: uuid.UUID
    number: str
    lane: Lane
    state: CaseState
    reason: ReasonCode
    amount: int
    currency: str
    accepted_at: datetime
    due_at: datetime | None
    chased_at: datetime | None
    incident_id: uuid.UUID | None


class QueuesOut(BaseModel):
    """``lanes`` that have cases, most urgent first; ``next``: the cases to take first."""

    lanes: list[QueueOut]
    next: list[QueuedOut]

    @classmethod
    def of(cls, lanes: Iterable[QueueLength], waiting: Iterable[QueuedCase]) -> Self:
        return cls(
            lanes=[
                QueueOut(lane=each.lane, cases=each.cases, oldest=each.oldest, due_at=each.due_at, chased=each.chased)
                for each in lanes
            ],
            next=[
                QueuedOut(
                    case_id=each.case_id,
                    number=each.number,
                    lane=each.lane,
                    state=each.state,
                    reason=each.reason,
                    amount=each.amount.minor,
                    currency=each.amount.currency,
                    accepted_at=each.accepted_at,
                    due_at=each.due_at,
                    chased_at=each.chased_at,
                    incident_id=each.incident_id,
                )
                for each in waiting
            ],
        )
