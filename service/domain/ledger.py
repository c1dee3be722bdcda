"""What sellers and suppliers owe for refunds, and how often whose goods fail."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One grant. ``recover``: what ``recover_from`` owes for it; ``paid`` None until the platform confirmed payment;
    ``ended_as``: lapsed or reversed, so that nothing is owed."""

    case_id: uuid.UUID
    case_number: str
    order_number: str
    seller_id: str
    product_id: str
    supplier_id: str | None
    reason: str
    granted: Money
    granted_at: datetime
    paid: Money | None
    paid_at: datetime | None
    liable: str | None
    recover_from: str | None
    recover: Money | None
    clause: str | None
    ended_as: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRate:
    """Grants at the seller's or supplier's door against orders, over one stretch of time. ``orders`` 0: none told."""

    seller_id: str
    product_id: str | None
    orders: int
    granted: int
    amount: Money

    @property
    def rate(self) -> float | None:
        return self.granted / self.orders if self.orders else None
