"""What is asked of a list of cases, and the short form they are listed in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.money import Money

# Where in a list one goes on: newest first, so what was accepted before.
CasePosition = tuple[datetime, uuid.UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """All that is given must hold; ``states`` empty: any. ``accepted_from`` is within, ``accepted_before`` is not."""

    states: frozenset[CaseState] = frozenset()
    lane: str | None = None
    order_number: str | None = None
    account_id: str | None = None
    reason: ReasonCode | None = None
    reference: str | None = None
    number: str | None = None
    accepted_from: datetime | None = None
    accepted_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """One line of a list: nothing of evidence, reasons or risk. ``reference``: the platform's own number."""

    id: uuid.UUID
    number: str
    version: int
    state: CaseState
    lane: str | None
    order_number: str
    account_id: str
    reference: str
    reason: ReasonCode
    claimed: Money
    accepted_at: datetime
    state_since: datetime
    decided_at: datetime | None

    @property
    def position(self) -> CasePosition:
        return (self.accepted_at, self.id)
