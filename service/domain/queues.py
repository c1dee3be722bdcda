"""The reviewers' queues: which lane a case waits in, in what order, and what may be asked of them."""

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


ASSIGNED = frozenset(Lane) - {Lane.NEAR_BREACH}
"""Lanes a case is in by what it is; near its limit it is by what time it is."""

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

COUNTED = 1_000
"""So far a lane is counted at a glance; beyond that it is "1,000+", whatever its length."""

QueuePosition = tuple[datetime, datetime, uuid.UUID]
"""Where in a list one goes on: after (urgent since, accepted, case)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLength:
    """One lane. ``due_at``: of the case that is due first; None where none has a deadline."""

    lane: Lane
    cases: int
    oldest: datetime
    due_at: datetime | None
    chased: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneGlance:
    """One lane as far as it is counted: the ``COUNTED`` most urgent; ``more``: there are others behind them.

    ``oldest``: acceptance of the oldest among them; ``due_at``: of the most urgent. ``late``: past their promise, or
    chased, or woken up. Both None where the lane is empty.
    """

    lane: Lane
    cases: int = 0
    more: bool = False
    late: int = 0
    oldest: datetime | None = None
    due_at: datetime | None = None


class Held(StrEnum):
    """Whether cases on hold are listed: those that can be taken, those on hold, or both."""

    LEFT_OUT = "left_out"
    ONLY = "only"
    TOO = "too"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """All that is given must hold. Amounts in minor units of ``currency``, both ends within. ``mine``: the login whose
    cases are asked for; ``free``: nobody has them."""

    lane: Lane | None = None
    state: CaseState | None = None
    reason: ReasonCode | None = None
    seller_id: str | None = None
    product_id: str | None = None
    incident_id: uuid.UUID | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    currency: str | None = None
    accepted_before: datetime | None = None
    held: Held = Held.LEFT_OUT
    mine: str | None = None
    free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedCase:
    """``holder``: who has it now, ``handed_by`` where it was given to them; ``held_until``: also where it has woken up
    since. ``urgent_at``: what it is ordered by."""

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
    urgent_at: datetime
    version: int = 1
    product: str = ""
    seller_id: str = ""
    holder: str | None = None
    handed_by: str | None = None
    held_until: datetime | None = None
    held_by: str | None = None
    held_reason: str | None = None
    being_decided: bool = False

    @property
    def position(self) -> QueuePosition:
        return (self.urgent_at, self.accepted_at, self.case_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """``after``: where to go on, None where that was all. ``looked_through``: the page is short because so many cases
    were looked through, and there may be more."""

    cases: tuple[QueuedCase, ...]
    after: QueuePosition | None = None
    looked_through: bool = False
